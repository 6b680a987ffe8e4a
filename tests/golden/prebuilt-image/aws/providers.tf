# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The provider. Credentials come from the environment and are never in these files.
provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = {
      application  = "docs"
      environment  = "production"
      "managed-by" = "terraform"
    }
  }
}

# The spec states no account id, so it is looked up: the account of the credentials.
data "aws_caller_identity" "current" {}
