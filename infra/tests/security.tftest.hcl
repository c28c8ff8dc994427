# What is known only after an apply, here a mocked one: mostly who may log in to the database, and as whom.

mock_provider "aws" {
  mock_resource "aws_db_instance" {
    defaults = {
      address            = "warehouse.example"
      resource_id        = "db-MOCKED"
      master_user_secret = []
    }
  }
}

variables {
  ecs_enabled = true
}

run "apply" {
  command = apply

  assert {
    condition = { for role, policy in aws_iam_role_policy.database_login : role => jsondecode(policy.policy).Statement } == {
      for role, users in { etl = ["coros_loader", "coros_dagster"], reader = ["coros_analyst"], eraser = ["coros_loader"] } : role => [{
        Sid      = "LogInAsItsOwnUsers"
        Effect   = "Allow"
        Action   = "rds-db:connect"
        Resource = [for user in users : "arn:aws:rds-db:eu-central-1:123456789012:dbuser:db-MOCKED/${user}"]
      }]
    }
    error_message = "Each role logs in to this one database as its own users and no others."
  }

  assert {
    condition     = aws_iam_role_policy.task_database_login["run"].policy == aws_iam_role_policy.database_login["etl"].policy
    error_message = "A run on Fargate logs in as a run on the machine does."
  }

  assert {
    condition     = !strcontains(join(" ", [for policy in aws_iam_role_policy.task : policy.policy]), "iam:PassRole")
    error_message = "A run starts no runs."
  }

  assert {
    condition     = strcontains(local.environment.COROS_WAREHOUSE_URL, "postgresql://coros_loader@warehouse.example:5432/coros") && local.environment.COROS_WAREHOUSE_IAM_REGION == var.region && local.environment.PGSSLMODE == "verify-full"
    error_message = "The program's URL holds no password but a token is made, and the server must prove its name."
  }

  assert {
    condition     = length(local.user_data) <= 16384
    error_message = "EC2 takes 16 KB of user data."
  }

  assert {
    condition     = yamldecode(trimprefix(local.user_data, "#cloud-config\n")).write_files[0].permissions != null
    error_message = "cloud-init is given YAML."
  }

  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.database_from_machine.security_group_id == aws_security_group.database.id
      && aws_vpc_security_group_ingress_rule.database_from_machine.referenced_security_group_id == aws_security_group.machine.id
      && aws_instance.machine.vpc_security_group_ids == toset([aws_security_group.machine.id])
      && aws_db_instance.warehouse.vpc_security_group_ids == toset([aws_security_group.database.id])
    )
    error_message = "The machine, and nothing else, reaches the warehouse."
  }
}
