# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Applied once for an account, after bootstrap/ and before the root module, and again whenever it changes. Only one
# environment of an account has this folder: AWS Config has one recorder in a region.
terraform {
  required_version = ">= 1.11.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }

  # The bucket is made by bootstrap/. The lock is a file beside the state.
  # Its name holds the account id: terraform init -backend-config="bucket=<output state_bucket of bootstrap/>"
  # No `encrypt`: it would ask S3 for a key of its own, while the bucket encrypts with yours by itself.
  backend "s3" {
    key          = "portal-staging/account/terraform.tfstate"
    region       = "eu-west-1"
    use_lockfile = true
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
