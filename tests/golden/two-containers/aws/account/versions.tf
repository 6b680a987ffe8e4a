# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Applied after bootstrap/ and before the root module. Only one environment of an account has this folder, because AWS
# Config has one recorder in a region.
terraform {
  required_version = ">= 1.11.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }

  # bootstrap/ creates the bucket. The lock is a file beside the state.
  # Its name holds the account id: terraform init -backend-config="bucket=<output state_bucket of bootstrap/>"
  # No `encrypt`: it would select a key of S3. The bucket encrypts with the customer's key by default.
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

# The spec states no account id, so it is looked up: the account of the credentials.
data "aws_caller_identity" "current" {}
