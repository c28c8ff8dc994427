# Every knob of the stack. None of them is a secret: what is secret is made outside Terraform.

variable "account_id" {
  description = "The AWS account to build in. Known before anything is built, so that every policy can be read in the plan."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An AWS account id has 12 digits."
  }
}

variable "region" {
  description = "The AWS region; the runner's data stays in it."
  type        = string
  default     = "eu-central-1"

  validation {
    condition     = can(regex("^[a-z]{2}-[a-z]+-[1-9]$", var.region))
    error_message = "A region of the AWS partition, such as eu-central-1."
  }
}

variable "name" {
  description = "Begins the name of everything in the stack, so that two stacks fit one account."
  type        = string
  default     = "coros"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "3 to 20 lower-case letters, digits and hyphens, beginning with a letter: bucket names are made of it."
  }
}

variable "alarm_email" {
  description = "Who is told when a disk fills, an arrival cannot be read, or the month costs more than planned."
  type        = string

  validation {
    condition     = can(regex("^[^@[:space:]]+@[^@[:space:]]+\\.[^@[:space:]]+$", var.alarm_email))
    error_message = "An e-mail address."
  }
}

variable "home_timezone" {
  description = "COROS_HOME_TIMEZONE: the IANA zone of runs that name none, with dated moves as the program's README says."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z]+(/[A-Za-z0-9_+-]+)*(; *[0-9]{4}-[0-9]{2}-[0-9]{2} [A-Za-z]+(/[A-Za-z0-9_+-]+)*)*$", var.home_timezone))
    error_message = "An IANA zone such as Europe/Vienna, after moves such as \"Europe/Vienna; 2023-09-01 Asia/Tokyo\"."
  }
}

variable "release" {
  description = "The release of coros-assets that a new machine installs from the operations bucket (`make release` builds it)."
  type        = string

  validation {
    condition     = can(regex("^[0-9]+\\.[0-9]+\\.[0-9]+$", var.release))
    error_message = "A version such as 0.1.0."
  }
}

variable "operators" {
  description = "ARNs of the IAM users or roles that may become the reader or, with a second factor, the eraser."
  type        = list(string)

  validation {
    condition = length(var.operators) > 0 && alltrue([
      for arn in var.operators : can(regex("^arn:aws:iam::[0-9]{12}:(user|role)/[A-Za-z0-9+=,.@_/-]+$", arn))
    ])
    error_message = "At least one ARN of a user or role, such as arn:aws:iam::123456789012:user/runner; a whole account or a wildcard is too wide."
  }
}

variable "monthly_budget_usd" {
  description = "The month's cost in US dollars at which the alarm address hears of it (at 80 % spent, and at 100 % forecast)."
  type        = number
  default     = 45

  validation {
    condition     = var.monthly_budget_usd > 0
    error_message = "More than nothing."
  }
}

variable "instance_type" {
  description = "The machine that runs Dagster: web server, daemon, code server and one load at a time."
  type        = string
  default     = "t3a.small"

  validation {
    condition     = can(regex("^[a-z]+[0-9]+[a-fh-z]*\\.(small|medium|([248]?x)?large)$", var.instance_type))
    error_message = "An x86_64 EC2 type from small (2 GB) to 8xlarge, such as t3a.small; no Graviton type (with a g after the digit)."
  }
}

variable "disk_gb" {
  description = "Size of the machine's disk in GB. It holds the program and scratch; data lives in S3 and RDS."
  type        = number
  default     = 16

  validation {
    condition     = var.disk_gb >= 12 && var.disk_gb <= 500
    error_message = "12 to 500 GB: system, two releases and swap need 11."
  }
}

variable "database_instance_class" {
  description = "The RDS instance class of the warehouse."
  type        = string
  default     = "db.t4g.micro"

  validation {
    condition     = can(regex("^db\\.[a-z0-9]+\\.[a-z0-9]+$", var.database_instance_class))
    error_message = "An RDS class such as db.t4g.micro."
  }
}

variable "database_storage_gb" {
  description = "Storage of the warehouse in GB at the start, and how far RDS may let it grow by itself."
  type        = object({ initial = number, maximum = number })
  default     = { initial = 20, maximum = 60 }

  validation {
    condition     = var.database_storage_gb.initial >= 20 && var.database_storage_gb.maximum >= ceil(var.database_storage_gb.initial * 1.1)
    error_message = "At least 20 GB at the start (the least gp3 has), and a maximum at least 10 % above it."
  }
}

variable "postgres_version" {
  description = "Major version of PostgreSQL."
  type        = string
  default     = "17"

  validation {
    condition     = contains(["16", "17", "18"], var.postgres_version)
    error_message = "PostgreSQL 16, 17 or 18."
  }
}

variable "backup_days" {
  description = "Days of point-in-time recovery of the warehouse."
  type        = number
  default     = 14

  validation {
    condition     = var.backup_days >= 7 && var.backup_days <= 35
    error_message = "7 to 35 days."
  }
}

variable "lock_days" {
  description = "Days for which no version of a lake object can be destroyed but by the eraser (Object Lock, governance mode)."
  type        = number
  default     = 30

  validation {
    condition     = var.lock_days >= 7 && var.lock_days <= 3650
    error_message = "7 days to 10 years."
  }
}

variable "deletion_protection" {
  description = "Whether the database refuses to be destroyed. Turn it off in an apply of its own before `terraform destroy`."
  type        = bool
  default     = true
}

variable "ecs_enabled" {
  description = "Whether runs are started as Fargate tasks of their own instead of on the machine."
  type        = bool
  default     = false
}

variable "ecs_task_size" {
  description = "CPU units and MiB of memory of a run on Fargate."
  type        = object({ cpu = number, memory = number })
  default     = { cpu = 2048, memory = 8192 }

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096, 8192, 16384], var.ecs_task_size.cpu)
    error_message = "Fargate has 256, 512, 1024, 2048, 4096, 8192 or 16384 CPU units."
  }
}
