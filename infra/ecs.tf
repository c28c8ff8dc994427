# Past one machine, only with var.ecs_enabled: each run becomes a Fargate task that the machine's daemon starts.

locals {
  ecs = toset(var.ecs_enabled ? ["run"] : [])

  ecs_cluster       = "${var.name}-runs"
  ecs_family        = "${var.name}-run"
  ecs_log_group     = "/ecs/${local.ecs_family}"
  ecs_repository    = "${var.name}/coros-assets"
  ecs_image         = "${var.account_id}.dkr.ecr.${var.region}.amazonaws.com/${local.ecs_repository}:${var.release}"
  ecs_cluster_arn   = "arn:aws:ecs:${var.region}:${var.account_id}:cluster/${local.ecs_cluster}"
  ecs_role_names    = { task = "${var.name}-run", execution = "${var.name}-run-start" }
  ecs_role_arns     = { for use, name in local.ecs_role_names : use => "arn:aws:iam::${var.account_id}:role/${name}" }
  ecs_trust         = { Effect = "Allow", Principal = { Service = "ecs-tasks.amazonaws.com" }, Action = "sts:AssumeRole" }
  ecs_scratch       = { home = "/var/lib/coros-assets", temporary = "/tmp" } # the only places a run can write to
  ecs_trust_account = { StringEquals = { "aws:SourceAccount" = var.account_id } }
}

# Appended to files/dagster.yaml: everything else stays as it is on one machine.
locals {
  ecs_run_launcher = var.ecs_enabled ? yamlencode({
    run_launcher = {
      module = "dagster_aws.ecs"
      class  = "EcsRunLauncher"
      config = {
        use_current_ecs_task_config = false # the daemon is no task itself
        task_definition             = local.ecs_family
        container_name              = "run"
        run_task_kwargs = {
          cluster    = local.ecs_cluster
          launchType = "FARGATE"
          networkConfiguration = {
            awsvpcConfiguration = {
              subnets        = [aws_subnet.public.id]
              securityGroups = [aws_security_group.machine.id]
              assignPublicIp = "ENABLED" # to reach out with, as the machine
            }
          }
        }
      }
    }
  }) : ""
}

resource "aws_ecr_repository" "image" {
  for_each = local.ecs

  name                 = local.ecs_repository
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_ecs_cluster" "runs" {
  for_each = local.ecs

  name = local.ecs_cluster

  setting {
    name  = "containerInsights"
    value = "disabled" # Dagster's own log says how a run went; the metrics would cost more than the runs
  }
}

resource "aws_cloudwatch_log_group" "runs" {
  for_each = local.ecs

  name              = local.ecs_log_group
  retention_in_days = 90
}

resource "aws_ecs_task_definition" "run" {
  for_each = local.ecs

  family                   = local.ecs_family
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.ecs_task_size.cpu
  memory                   = var.ecs_task_size.memory
  task_role_arn            = local.ecs_role_arns.task
  execution_role_arn       = local.ecs_role_arns.execution
  depends_on               = [aws_iam_role.task, aws_iam_role.execution]

  container_definitions = jsonencode([{
    name                   = "run"
    image                  = local.ecs_image
    essential              = true
    readonlyRootFilesystem = true
    environment            = [for key, value in local.environment : { name = key, value = value }]
    mountPoints            = [for volume, path in local.ecs_scratch : { sourceVolume = volume, containerPath = path }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = local.ecs_log_group
        awslogs-region        = var.region
        awslogs-stream-prefix = "run"
      }
    }
  }])

  dynamic "volume" {
    for_each = local.ecs_scratch

    content {
      name = volume.key
    }
  }
}

# What a run may do is what the ETL may do, without the right to start further runs.
resource "aws_iam_role" "task" {
  for_each = local.ecs

  name               = local.ecs_role_names.task
  description        = "A run on Fargate: the ETL's rights"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.ecs_trust, { Condition = local.ecs_trust_account })] })
}

resource "aws_iam_role_policy" "task" {
  for_each = { for name, statements in local.policies.etl : name => statements if var.ecs_enabled && name != "metrics" }

  name   = each.key
  role   = aws_iam_role.task["run"].name
  policy = jsonencode({ Version = "2012-10-17", Statement = each.value })
}

resource "aws_iam_role_policy" "task_database_login" {
  for_each = local.ecs

  name   = "database-login"
  role   = aws_iam_role.task["run"].name
  policy = aws_iam_role_policy.database_login["etl"].policy
}

# What Fargate itself needs to start one: the image, and a place for the log.
resource "aws_iam_role" "execution" {
  for_each = local.ecs

  name               = local.ecs_role_names.execution
  description        = "Fargate: pulls the image and opens the log of a run"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.ecs_trust, { Condition = local.ecs_trust_account })] })
}

resource "aws_iam_role_policy" "execution" {
  for_each = local.ecs

  name = "start"
  role = aws_iam_role.execution["run"].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "LogInToTheRegistry" # this one call knows no resources
        Effect   = "Allow"
        Action   = "ecr:GetAuthorizationToken"
        Resource = "*"
      },
      {
        Sid      = "PullTheImage"
        Effect   = "Allow"
        Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Resource = "arn:aws:ecr:${var.region}:${var.account_id}:repository/${local.ecs_repository}"
      },
      {
        Sid      = "WriteTheLog"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "arn:aws:logs:${var.region}:${var.account_id}:log-group:${local.ecs_log_group}:log-stream:*"
      },
    ]
  })
}

resource "aws_iam_role_policy" "start_runs" {
  for_each = local.ecs

  name = "etl-start-runs"
  role = aws_iam_role.etl.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "StartRuns"
        Effect    = "Allow"
        Action    = "ecs:RunTask"
        Resource  = "arn:aws:ecs:${var.region}:${var.account_id}:task-definition/${local.ecs_family}:*"
        Condition = { ArnEquals = { "ecs:cluster" = local.ecs_cluster_arn } }
      },
      {
        Sid      = "WatchAndStopRuns"
        Effect   = "Allow"
        Action   = ["ecs:DescribeTasks", "ecs:StopTask", "ecs:TagResource"]
        Resource = "arn:aws:ecs:${var.region}:${var.account_id}:task/${local.ecs_cluster}/*"
      },
      {
        Sid      = "ReadTheTaskDefinition" # this one call knows no resources
        Effect   = "Allow"
        Action   = "ecs:DescribeTaskDefinition"
        Resource = "*"
      },
      {
        Sid      = "ReadWhyARunEnded"
        Effect   = "Allow"
        Action   = "logs:GetLogEvents"
        Resource = "arn:aws:logs:${var.region}:${var.account_id}:log-group:${local.ecs_log_group}:log-stream:*"
      },
      {
        Sid       = "HandOverTheTwoRolesOfARun"
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = values(local.ecs_role_arns)
        Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
      },
    ]
  })
}
