# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Applied once, before the root module, which needs what is made here. Its own state is the file terraform.tfstate in
# this folder: it holds no secret; keep it with the code.
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

  default_tags {
    tags = {
      application   = "portal"
      environment   = "staging"
      "managed-by"  = "terraform"
      "cost-center" = "cc-42"
    }
  }
}

# The spec names no account, so it is the one that the credentials belong to.
data "aws_caller_identity" "current" {}
