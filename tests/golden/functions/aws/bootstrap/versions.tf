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

  # The bucket is made by this module itself: deploy.sh keeps the state in a file at first, and then moves it there.
  # Its name holds the account id: terraform init -backend-config="bucket=<output state_bucket>"
  backend "s3" {
    key          = "darkroom-staging/bootstrap/terraform.tfstate"
    region       = "eu-west-1"
    use_lockfile = true
  }
}

provider "aws" {
  region = "eu-west-1"

  default_tags {
    tags = {
      application  = "darkroom"
      environment  = "staging"
      "managed-by" = "terraform"
      team         = "photos"
    }
  }
}

# The spec states no account id, so it is looked up: the account of the credentials.
data "aws_caller_identity" "current" {}
