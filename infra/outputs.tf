# What a person or another stack needs to know.

output "buckets" {
  description = "Names of the buckets by use: landing (upload to activities/ and own/), lake, operations."
  value       = local.buckets
}

output "landing_uri" {
  description = "Where activity files are uploaded to."
  value       = local.environment.COROS_LANDING_URI
}

output "arrivals_queue_url" {
  description = "The queue that tells the sensor of new files."
  value       = aws_sqs_queue.arrivals.url
}

output "arrivals_dead_letter_queue_url" {
  description = "Where arrivals end that could not be read."
  value       = aws_sqs_queue.arrivals_dead.url
}

output "warehouse_host" {
  description = "Host name of PostgreSQL, the name in its certificate."
  value       = aws_db_instance.warehouse.address
}

output "warehouse_resource_id" {
  description = "The id that rds-db:connect policies of other stacks name."
  value       = aws_db_instance.warehouse.resource_id
}

output "administrator_secret_arn" {
  description = "Where AWS keeps the database administrator's password."
  value       = one(aws_db_instance.warehouse.master_user_secret[*].secret_arn)
}

output "bi_secret_arn" {
  description = "Where the password of coros_bi is kept."
  value       = aws_secretsmanager_secret.bi_password.arn
}

output "machine_id" {
  description = "The instance, for SSM."
  value       = aws_instance.machine.id
}

output "role_arns" {
  description = "The roles by use: etl, reader, eraser."
  value       = local.role_arns
}

output "network" {
  description = "VPC, subnets and security groups, for stacks that join."
  value = {
    vpc_id                     = aws_vpc.main.id
    public_subnet_id           = aws_subnet.public.id
    private_subnet_ids         = aws_subnet.private[*].id
    machine_security_group_id  = aws_security_group.machine.id
    database_security_group_id = aws_security_group.database.id
  }
}

output "alarm_topic_arn" {
  description = "The SNS topic of the alarms."
  value       = aws_sns_topic.alarms.arn
}

output "run_image_repository" {
  description = "Where the image of runs is pushed to; null without ecs_enabled."
  value       = var.ecs_enabled ? aws_ecr_repository.image["run"].repository_url : null
}

output "open_the_ui" {
  description = "The command that brings the Dagster UI to http://127.0.0.1:3000."
  value       = "aws ssm start-session --region ${var.region} --target ${aws_instance.machine.id} --document-name AWS-StartPortForwardingSession --parameters portNumber=3000,localPortNumber=3000"
}

output "reach_the_warehouse" {
  description = "The command that brings PostgreSQL to 127.0.0.1:5432."
  value       = "aws ssm start-session --region ${var.region} --target ${aws_instance.machine.id} --document-name AWS-StartPortForwardingSessionToRemoteHost --parameters host=${aws_db_instance.warehouse.address},portNumber=5432,localPortNumber=5432"
}
