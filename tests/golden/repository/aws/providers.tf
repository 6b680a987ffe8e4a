# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# How to reach the account. Credentials come from the environment, never from these files.
provider "aws" {
  region = "eu-west-1"

  default_tags {
    tags = {
      application  = "library"
      environment  = "production"
      "managed-by" = "terraform"
    }
  }
}

# The spec names no account, so it is the one that the credentials belong to.
data "aws_caller_identity" "current" {}
