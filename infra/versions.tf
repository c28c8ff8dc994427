# Terraform, the provider, and where the state lives. No resources.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }

  # The bucket is made by bootstrap/ and named at `terraform init`; see README.md.
  backend "s3" {
    key          = "coros-assets.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id] # another account's credentials change nothing

  default_tags {
    tags = {
      project = "coros-assets"
      stack   = var.name
    }
  }
}
