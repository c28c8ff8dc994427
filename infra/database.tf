# The warehouse: RDS PostgreSQL, reached from the machine alone, over TLS, by IAM tokens. Its roles: sql/.

resource "aws_db_subnet_group" "warehouse" {
  name       = local.database
  subnet_ids = aws_subnet.private[*].id
}

resource "aws_db_parameter_group" "warehouse" {
  name_prefix = "${local.database}-"
  family      = "postgres${var.postgres_version}"
  description = "TLS or nothing; SCRAM or nothing; slow statements are logged"

  dynamic "parameter" {
    for_each = {
      "rds.force_ssl"                     = "1"
      "rds.accepted_password_auth_method" = "scram"
      "password_encryption"               = "scram-sha-256"
      "log_min_duration_statement"        = "5000" # milliseconds
    }

    content {
      name  = parameter.key
      value = parameter.value
    }
  }

  lifecycle {
    create_before_destroy = true # a group in use cannot go; a new major version makes a new one first
  }
}

# Made here so that the logs do not stay for ever, as they would if RDS made the groups.
resource "aws_cloudwatch_log_group" "database" {
  for_each = toset(["postgresql", "upgrade"])

  name              = "${local.database_log_group}/${each.key}"
  retention_in_days = 90
}

resource "aws_db_instance" "warehouse" {
  identifier     = local.database
  engine         = "postgres"
  engine_version = var.postgres_version
  instance_class = var.database_instance_class
  db_name        = "coros"

  # AWS makes the administrator's password, keeps it in Secrets Manager and rotates it: it is never in the state.
  username                            = "coros_admin"
  manage_master_user_password         = true
  iam_database_authentication_enabled = true

  storage_type          = "gp3"
  storage_encrypted     = true
  allocated_storage     = var.database_storage_gb.initial
  max_allocated_storage = var.database_storage_gb.maximum

  db_subnet_group_name   = aws_db_subnet_group.warehouse.name
  vpc_security_group_ids = [aws_security_group.database.id]
  port                   = local.database_port
  publicly_accessible    = false
  multi_az               = false # a standby would double the dearest row of the bill; a restore takes half an hour
  ca_cert_identifier     = "rds-ca-rsa2048-g1"
  parameter_group_name   = aws_db_parameter_group.warehouse.name

  backup_retention_period   = var.backup_days
  backup_window             = "02:00-02:30"
  maintenance_window        = "sun:03:00-sun:03:30"
  copy_tags_to_snapshot     = true
  delete_automated_backups  = false
  deletion_protection       = var.deletion_protection
  skip_final_snapshot       = false
  final_snapshot_identifier = "${local.database}-final"

  auto_minor_version_upgrade      = true
  allow_major_version_upgrade     = false
  enabled_cloudwatch_logs_exports = [for group in aws_cloudwatch_log_group.database : basename(group.name)]
}

# The password that BI tools log in with. Only its place is here: sql/README.md says how it is made and changed.
resource "aws_secretsmanager_secret" "bi_password" {
  name                    = "${var.name}/bi-password"
  description             = "Password of the database role coros_bi; written by a person, never by Terraform"
  recovery_window_in_days = 30
}
