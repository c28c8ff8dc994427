# Three roles, and what each may do: the ETL (the machine and its runs), the reader (a person or BI), the eraser.

locals {
  policies = {
    etl = {
      storage = [
        {
          Sid      = "ListWhatItReads"
          Effect   = "Allow"
          Action   = ["s3:GetBucketLocation", "s3:ListBucket"]
          Resource = values(local.bucket_arns)
        },
        {
          Sid      = "ReadLandingLakeAndReleases"
          Effect   = "Allow"
          Action   = "s3:GetObject"
          Resource = ["${local.bucket_arns.landing}/*", "${local.bucket_arns.lake}/*", "${local.bucket_arns.operations}/*"]
        },
        {
          Sid      = "WriteLakeAndRunLogs"
          Effect   = "Allow"
          Action   = ["s3:AbortMultipartUpload", "s3:PutObject"]
          Resource = ["${local.bucket_arns.lake}/*", "${local.bucket_arns.operations}/run-logs/*"]
        },
        {
          Sid      = "ClearItsOwnWork" # a delete marker: the version stays, and so does its lock
          Effect   = "Allow"
          Action   = "s3:DeleteObject"
          Resource = [for prefix in concat(local.working_prefixes, ["silver"]) : "${local.bucket_arns.lake}/${prefix}/*"]
        },
      ]
      arrivals = [
        {
          Sid      = "TakeArrivals"
          Effect   = "Allow"
          Action   = ["sqs:DeleteMessage", "sqs:ReceiveMessage"]
          Resource = local.arrivals_queue_arn
        },
      ]
      metrics = [
        {
          Sid       = "ReportFreeSpace" # CloudWatch knows no resources here; the namespace stands in for one
          Effect    = "Allow"
          Action    = "cloudwatch:PutMetricData"
          Resource  = "*"
          Condition = { StringEquals = { "cloudwatch:namespace" = local.metrics_namespace } }
        },
      ]
    }
    reader = {
      storage = [
        {
          Sid      = "ReadReports" # silver and bronze hold where somebody lives; gold and the report do not
          Effect   = "Allow"
          Action   = "s3:GetObject"
          Resource = "${local.bucket_arns.lake}/report/*"
        },
      ]
    }
    eraser = {
      storage = [
        {
          Sid      = "FindEveryVersion"
          Effect   = "Allow"
          Action   = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketVersions"]
          Resource = [local.bucket_arns.landing, local.bucket_arns.lake]
        },
        {
          Sid      = "ReadAndNoteInTheLake" # which files an activity has, that it is not to come back, what is left
          Effect   = "Allow"
          Action   = ["s3:GetObject", "s3:GetObjectRetention", "s3:GetObjectVersion", "s3:PutObject"]
          Resource = "${local.bucket_arns.lake}/*"
        },
        {
          Sid      = "DestroyEveryVersion"
          Effect   = "Allow"
          Action   = ["s3:BypassGovernanceRetention", "s3:DeleteObject", "s3:DeleteObjectVersion"]
          Resource = "${local.bucket_arns.lake}/*"
        },
        {
          Sid      = "DestroyEveryVersionLanded" # an archive is written anew without what is to go
          Effect   = "Allow"
          Action   = ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:GetObject", "s3:PutObject"]
          Resource = "${local.bucket_arns.landing}/*"
        },
      ]
    }
  }

  # Which database users each may log in as (sql/roles.sql makes them). Nobody here may be their owner or administrator.
  database_users = {
    etl    = ["coros_loader", "coros_dagster"]
    reader = ["coros_analyst"]
    eraser = ["coros_loader"]
  }

  people = ["reader", "eraser"]
  inline_policies = merge([
    for role, policies in local.policies : { for name, statements in policies : "${role}-${name}" => { role = role, statements = statements } }
  ]...)
}

resource "aws_iam_role" "etl" {
  name        = local.role_names.etl
  description = "The machine: reads landing, writes the lake, loads the warehouse"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role" "person" {
  for_each = toset(local.people)

  name                 = local.role_names[each.key]
  description          = { reader = "Reads gold and the report", eraser = "Destroys what a runner wants forgotten, locks included" }[each.key]
  max_session_duration = 3600

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = var.operators }
      Action    = "sts:AssumeRole"
      Condition = { reader = {}, eraser = { Bool = { "aws:MultiFactorAuthPresent" = "true" } } }[each.key]
    }]
  })
}

resource "aws_iam_role_policy" "main" {
  for_each = local.inline_policies

  name   = each.key
  role   = local.role_names[each.value.role]
  policy = jsonencode({ Version = "2012-10-17", Statement = each.value.statements })

  depends_on = [aws_iam_role.etl, aws_iam_role.person]
}

# Apart from the others because RDS makes the id in it: this one is known after the first apply only.
resource "aws_iam_role_policy" "database_login" {
  for_each = local.database_users

  name = "${each.key}-database-login"
  role = local.role_names[each.key]

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid    = "LogInAsItsOwnUsers"
      Effect = "Allow"
      Action = "rds-db:connect"
      Resource = [
        for user in each.value : "arn:aws:rds-db:${var.region}:${var.account_id}:dbuser:${aws_db_instance.warehouse.resource_id}/${user}"
      ]
    }]
  })

  depends_on = [aws_iam_role.etl, aws_iam_role.person]
}

resource "aws_iam_role_policy_attachment" "session_manager" {
  role       = aws_iam_role.etl.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_instance_profile" "machine" {
  name = local.role_names.etl
  role = aws_iam_role.etl.name
}
