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
  # No `encrypt`: it would ask S3 for a key of its own, while the bucket encrypts with yours by itself.
  backend "s3" {
    bucket       = "shop-prod-state-111122223333-eu-west-1"
    key          = "shop-prod/account/terraform.tfstate"
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
