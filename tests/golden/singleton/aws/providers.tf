# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# How to reach the account. Credentials come from the environment, never from these files.
provider "aws" {
  region = "eu-central-1"

  # Terraform refuses to run with the credentials of any other account.
  allowed_account_ids = ["111122223333"]

  default_tags {
    tags = {
      application  = "tick"
      environment  = "development"
      "managed-by" = "terraform"
    }
  }
}
