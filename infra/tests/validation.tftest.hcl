# Every validation refuses what it is there to refuse: in each run, each of the variables that are set must fail.

mock_provider "aws" {}

run "a_move_and_a_short_name_are_taken" {
  command = plan

  variables {
    home_timezone = "Europe/Vienna; 2023-09-01 America/Argentina/Buenos_Aires"
    name          = "run"
  }
}

run "not_of_the_form" {
  command = plan

  variables {
    account_id              = "12345678901x"
    region                  = "Frankfurt"
    name                    = "Coros"
    alarm_email             = "runner"
    home_timezone           = "Vienna (home)"
    release                 = "latest"
    operators               = ["*"]
    instance_type           = "small"
    database_instance_class = "t4g.micro"
    postgres_version        = "17.2"
    ecs_task_size           = { cpu = 1000, memory = 2048 }
  }

  expect_failures = [
    var.account_id,
    var.region,
    var.name,
    var.alarm_email,
    var.home_timezone,
    var.release,
    var.operators,
    var.instance_type,
    var.database_instance_class,
    var.postgres_version,
    var.ecs_task_size,
  ]
}

run "too_small" {
  command = plan

  variables {
    account_id          = "12345"
    name                = "c"
    operators           = []
    monthly_budget_usd  = 0
    instance_type       = "t3a.micro"
    disk_gb             = 8
    database_storage_gb = { initial = 10, maximum = 60 }
    postgres_version    = "15"
    backup_days         = 0
    lock_days           = 0
  }

  expect_failures = [
    var.account_id,
    var.name,
    var.operators,
    var.monthly_budget_usd,
    var.instance_type,
    var.disk_gb,
    var.database_storage_gb,
    var.postgres_version,
    var.backup_days,
    var.lock_days,
  ]
}

run "too_large_or_meant_to_do_harm" {
  command = plan

  variables {
    region              = "eu-central-1.example"
    name                = "coros-"
    alarm_email         = "a b@example.com"
    home_timezone       = "Europe/Vienna\"\nPATH=x"
    release             = "../0.1.0"
    operators           = ["arn:aws:iam::123456789012:root"]
    instance_type       = "t4g.small"
    disk_gb             = 5000
    backup_days         = 36
    lock_days           = 36500
    database_storage_gb = { initial = 50, maximum = 50 }
  }

  expect_failures = [
    var.region,
    var.name,
    var.alarm_email,
    var.home_timezone,
    var.release,
    var.operators,
    var.instance_type,
    var.disk_gb,
    var.backup_days,
    var.lock_days,
    var.database_storage_gb,
  ]
}
