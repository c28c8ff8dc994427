# From an upload to a message: S3 tells the queue, the sensor looks at landing because of it, and deletes the message
# once all that landed is loaded. What was taken five times and never deleted ends in the dead-letter queue.

resource "aws_sqs_queue" "arrivals" {
  name                       = local.arrivals_queue
  sqs_managed_sse_enabled    = true
  message_retention_seconds  = 4 * 24 * 3600 # a machine that stands still for a long weekend misses nothing
  visibility_timeout_seconds = 300
  receive_wait_time_seconds  = 0

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.arrivals_dead.arn
    maxReceiveCount     = 5
  })
}

resource "aws_sqs_queue" "arrivals_dead" {
  name                      = "${local.arrivals_queue}-dead"
  sqs_managed_sse_enabled   = true
  message_retention_seconds = 14 * 24 * 3600
}

resource "aws_sqs_queue_redrive_allow_policy" "arrivals_dead" {
  queue_url = aws_sqs_queue.arrivals_dead.id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [local.arrivals_queue_arn]
  })
}

resource "aws_sqs_queue_policy" "arrivals" {
  queue_url = aws_sqs_queue.arrivals.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OnlyTheLandingBucketSends"
        Effect    = "Allow"
        Principal = { Service = "s3.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = local.arrivals_queue_arn
        Condition = {
          ArnEquals    = { "aws:SourceArn" = local.bucket_arns.landing }
          StringEquals = { "aws:SourceAccount" = var.account_id }
        }
      },
      {
        Sid       = "OnlyTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = local.arrivals_queue_arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_s3_bucket_notification" "arrivals" {
  bucket     = aws_s3_bucket.main["landing"].bucket
  depends_on = [aws_sqs_queue_policy.arrivals]

  queue {
    id            = "arrivals"
    queue_arn     = local.arrivals_queue_arn
    events        = ["s3:ObjectCreated:*"]
    filter_prefix = "activities/"
  }
}
