# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Applied before the root module, which needs these resources.
terraform {
  required_version = ">= 1.11.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"

  # Terraform refuses to run with the credentials of any other account.
  allowed_account_ids = ["111122223333"]

  default_tags {
    tags = {
      application  = "shop"
      environment  = "development"
      "managed-by" = "terraform"
    }
  }
}
