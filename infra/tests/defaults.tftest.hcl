# What one gets who sets nothing but the required variables.

mock_provider "aws" {}

run "the_smallest_stack" {
  command = plan

  assert {
    condition     = aws_instance.machine.instance_type == "t3a.small" && aws_db_instance.warehouse.instance_class == "db.t4g.micro"
    error_message = "The cost table in README.md is that of other sizes."
  }

  assert {
    condition     = aws_instance.machine.root_block_device[0].volume_size == 16 && aws_db_instance.warehouse.allocated_storage == 20
    error_message = "The cost table in README.md is that of other disks."
  }

  assert {
    condition     = !aws_db_instance.warehouse.multi_az
    error_message = "A second database instance doubles the dearest row of the cost table."
  }

  assert {
    condition     = length(aws_ecs_cluster.runs) + length(aws_ecs_task_definition.run) + length(aws_ecr_repository.image) + length(aws_iam_role.task) + length(aws_iam_role_policy.start_runs) == 0
    error_message = "Fargate is off unless ecs_enabled."
  }

  assert {
    condition     = !strcontains(local.machine_files["/etc/coros-assets/dagster.yaml"].content, "run_launcher")
    error_message = "Runs start on the machine unless ecs_enabled."
  }

  assert {
    condition     = aws_db_instance.warehouse.backup_retention_period == 14 && aws_db_instance.warehouse.deletion_protection && !aws_db_instance.warehouse.skip_final_snapshot
    error_message = "The runbook promises 14 days of recovery and a last snapshot."
  }

  assert {
    condition     = output.run_image_repository == null
    error_message = "There is no repository to push to."
  }
}
