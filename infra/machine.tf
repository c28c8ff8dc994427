# The machine: Dagster's three processes on one small instance that nobody can reach but by SSM.

locals {
  # The one environment of every process, also of runs on Fargate. libpq reads the PG* names by itself.
  environment = {
    AWS_DEFAULT_REGION         = var.region
    AWS_REGION                 = var.region
    AWS_CHECKSUM_ALGORITHM     = "SHA256" # a bucket with Object Lock takes no object without a checksum
    COROS_HOME                 = "/var/lib/coros-assets/home"
    COROS_HOME_TIMEZONE        = var.home_timezone
    COROS_LANDING_URI          = "s3://${local.buckets.landing}/activities"
    COROS_LAKE_URI             = "s3://${local.buckets.lake}"
    COROS_WAREHOUSE_URL        = "postgresql://coros_loader@${aws_db_instance.warehouse.address}:${local.database_port}/coros"
    COROS_WAREHOUSE_IAM_REGION = var.region # the password is a token, made at each connection
    COROS_ARRIVALS_QUEUE_URL   = aws_sqs_queue.arrivals.url
    COROS_OWN_FILES_URI        = "s3://${local.buckets.landing}/own"
    COROS_RELEASES_URI         = "s3://${local.buckets.operations}/releases"
    COROS_RUN_LOGS_BUCKET      = local.buckets.operations
    DAGSTER_DATABASE_HOST      = aws_db_instance.warehouse.address
    DAGSTER_DATABASE_PORT      = tostring(local.database_port)
    DAGSTER_DATABASE_USER      = "coros_dagster"
    DAGSTER_DATABASE_NAME      = "dagster"
    DAGSTER_CODE_SERVER_PORT   = "4000"
    DAGSTER_WEB_SERVER_PORT    = "3000"
    DAGSTER_DISABLE_TELEMETRY  = "1"
    DAGSTER_HOME               = "/var/lib/coros-assets/dagster"
    PGSSLMODE                  = "verify-full"
    PGSSLROOTCERT              = "/etc/coros-assets/rds-ca.pem"
  }

  units = fileset("${path.module}/files", "*.{service,timer}")

  machine_files = merge(
    { for unit in local.units : "/etc/systemd/system/${unit}" => { content = file("${path.module}/files/${unit}"), permissions = "0644" } },
    {
      "/etc/coros-assets/environment" = {
        content     = join("", [for key, value in local.environment : "${key}=\"${value}\"\n"])
        permissions = "0644"
      }
      "/etc/coros-assets/dagster.yaml"          = { content = "${file("${path.module}/files/dagster.yaml")}${local.ecs_run_launcher}", permissions = "0644" }
      "/etc/coros-assets/workspace.yaml"        = { content = file("${path.module}/files/workspace.yaml"), permissions = "0644" }
      "/etc/coros-assets/cloudwatch-agent.json" = { content = replace(file("${path.module}/files/cloudwatch-agent.json"), "coros-assets/NAME", local.metrics_namespace), permissions = "0644" }
      "/usr/local/bin/coros-install-release"    = { content = file("${path.module}/files/install-release"), permissions = "0755" }
    },
  )

  cloud_init = {
    packages = ["amazon-cloudwatch-agent", "python3.11"]
    write_files = [
      for path, file in local.machine_files : merge({ path = path }, file)
    ]
    runcmd = [
      ["sh", "-c", "fallocate -l 2G /swap && chmod 600 /swap && mkswap /swap && swapon /swap && echo '/swap none swap sw 0 0' >>/etc/fstab"],
      ["useradd", "--system", "--home-dir", "/var/lib/coros-assets", "--shell", "/sbin/nologin", "coros"],
      ["curl", "--fail", "--silent", "--show-error", "--retry", "5", "--output", "/etc/coros-assets/rds-ca.pem", "https://truststore.pki.rds.amazonaws.com/${var.region}/${var.region}-bundle.pem"],
      ["/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl", "-a", "fetch-config", "-m", "ec2", "-s", "-c", "file:/etc/coros-assets/cloudwatch-agent.json"],
      ["systemctl", "enable", "--now", "coros-own-files.timer"],
      ["/usr/local/bin/coros-install-release", var.release], # fails until a first release is uploaded
    ]
  }
  user_data = "#cloud-config\n${yamlencode(local.cloud_init)}"
}

# Names the image only: EC2 looks up the newest Amazon Linux 2023 when it starts the machine.
resource "aws_launch_template" "image" {
  name     = "${var.name}-image"
  image_id = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
}

resource "aws_instance" "machine" {
  instance_type               = var.instance_type
  iam_instance_profile        = aws_iam_instance_profile.machine.name
  subnet_id                   = aws_subnet.public.id
  vpc_security_group_ids      = [aws_security_group.machine.id]
  associate_public_ip_address = true # to reach out with; no rule lets anything in
  monitoring                  = false
  ebs_optimized               = true
  user_data                   = local.user_data
  user_data_replace_on_change = true # the machine keeps nothing: what is new comes with a new one

  launch_template {
    id      = aws_launch_template.image.id
    version = "$Latest"
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  root_block_device {
    volume_type = "gp3"
    volume_size = var.disk_gb
    encrypted   = true
  }

  credit_specification {
    cpu_credits = "standard" # slower when the credits are spent, never dearer
  }

  tags = { Name = "${var.name}-machine" }

  lifecycle {
    precondition {
      condition     = length(local.user_data) <= 16384
      error_message = "EC2 takes 16 KB of user data; take something out of files/."
    }
  }

  # The release is fetched at the first start: whatever that needs comes first.
  depends_on = [aws_iam_role_policy.main, aws_route.internet, aws_vpc_security_group_egress_rule.machine_https]
}
