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
  backend "s3" {
    bucket       = "shop-prod-state-111122223333-eu-west-1"
    key          = "shop-prod/bootstrap/terraform.tfstate"
    region       = "eu-west-1"
    use_lockfile = true
  }
}

provider "aws" {
  region = "eu-west-1"

  # Terraform refuses to run with the credentials of any other account.
  allowed_account_ids = ["111122223333"]

  default_tags {
    tags = {
      application  = "shop"
      environment  = "production"
      "managed-by" = "terraform"
      team         = "shop"
    }
  }
}
