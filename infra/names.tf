# Names and ARNs, made from the variables alone: so every policy is known, and can be reviewed, at plan time.

locals {
  buckets = {
    landing    = "${var.name}-${var.account_id}-landing"    # what the runner uploads
    lake       = "${var.name}-${var.account_id}-lake"       # bronze, silver, report
    operations = "${var.name}-${var.account_id}-operations" # releases and the logs of runs
  }
  bucket_arns = { for key, name in local.buckets : key => "arn:aws:s3:::${name}" }

  # Keys of the lake that are written once: the files as they came. The rest of the lake is made from them.
  write_once_prefixes = ["bronze/files", "bronze/roster", "bronze/wellness", "bronze/athlete", "bronze/coros_replies"]
  # Keys of bronze that the program takes away again: work in progress, marks, and entries read anew.
  working_prefixes = ["bronze/parsed", "bronze/preferred", "bronze/catalogue"]

  arrivals_queue     = "${var.name}-arrivals"
  arrivals_queue_arn = "arn:aws:sqs:${var.region}:${var.account_id}:${local.arrivals_queue}"

  database           = "${var.name}-warehouse"
  database_port      = 5432
  database_log_group = "/aws/rds/instance/${local.database}"

  metrics_namespace = "coros-assets/${var.name}"

  role_names = { for role in ["etl", "reader", "eraser"] : role => "${var.name}-${role}" }
  role_arns  = { for role, name in local.role_names : role => "arn:aws:iam::${var.account_id}:role/${name}" }
}
