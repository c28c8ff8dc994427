# The three buckets: what is the same for all, then what is the lake's own. Who may use them: access.tf.

resource "aws_s3_bucket" "main" {
  for_each = local.buckets

  bucket              = each.value
  object_lock_enabled = each.key == "lake"
}

resource "aws_s3_bucket_public_access_block" "main" {
  for_each = local.buckets

  bucket                  = aws_s3_bucket.main[each.key].bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "main" {
  for_each = local.buckets

  bucket = aws_s3_bucket.main[each.key].bucket

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "main" {
  for_each = local.buckets

  bucket = aws_s3_bucket.main[each.key].bucket

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "main" {
  for_each = local.buckets

  bucket = aws_s3_bucket.main[each.key].bucket

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "main" {
  for_each = local.buckets

  bucket     = aws_s3_bucket.main[each.key].bucket
  depends_on = [aws_s3_bucket_versioning.main]

  rule {
    id     = "remnants"
    status = "Enabled"
    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }

    noncurrent_version_expiration {
      noncurrent_days = var.lock_days
    }

    expiration {
      expired_object_delete_marker = true
    }
  }

  dynamic "rule" {
    for_each = each.key == "operations" ? ["run-logs"] : []

    content {
      id     = rule.value
      status = "Enabled"

      filter {
        prefix = "run-logs/"
      }

      expiration {
        days = 90
      }
    }
  }
}

# Governance, never compliance: the runner's wish to be forgotten must stay possible, for the eraser alone.
resource "aws_s3_bucket_object_lock_configuration" "lake" {
  bucket     = aws_s3_bucket.main["lake"].bucket
  depends_on = [aws_s3_bucket_versioning.main]

  rule {
    default_retention {
      mode = "GOVERNANCE"
      days = var.lock_days
    }
  }
}

locals {
  only_tls = { for key, arn in local.bucket_arns : key => [
    {
      Sid       = "OnlyTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [arn, "${arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    },
    {
      Sid       = "OnlyTls12"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [arn, "${arn}/*"]
      Condition = { NumericLessThan = { "s3:TlsVersion" = "1.2" } }
    },
  ] }

  write_once_arns = [for prefix in local.write_once_prefixes : "${local.bucket_arns.lake}/${prefix}/*"]

  # Held by the bucket itself, so that no role, however wide, overwrites or destroys by mistake.
  lake_statements = [
    {
      # The parts of a multipart upload carry no If-None-Match; the request that makes the object does.
      Sid       = "BronzeIsWrittenOnce"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:PutObject"
      Resource  = local.write_once_arns
      Condition = {
        Null = { "s3:if-none-match" = "true" }
        Bool = { "s3:ObjectCreationOperation" = "true" }
      }
    },
    {
      Sid       = "OnlyTheEraserDeletesBronze"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:DeleteObject"
      Resource  = local.write_once_arns
      Condition = { ArnNotEquals = { "aws:PrincipalArn" = local.role_arns.eraser } }
    },
    {
      Sid       = "OnlyTheEraserDestroysVersions"
      Effect    = "Deny"
      Principal = "*"
      Action    = ["s3:BypassGovernanceRetention", "s3:DeleteObjectVersion"]
      Resource  = ["${local.bucket_arns.lake}/*"]
      Condition = { ArnNotEquals = { "aws:PrincipalArn" = local.role_arns.eraser } }
    },
  ]
}

resource "aws_s3_bucket_policy" "main" {
  for_each = local.buckets

  bucket     = aws_s3_bucket.main[each.key].bucket
  depends_on = [aws_s3_bucket_public_access_block.main]

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.only_tls[each.key], [for statement in local.lake_statements : statement if each.key == "lake"])
  })
}
