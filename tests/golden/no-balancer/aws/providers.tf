# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The provider. Credentials come from the environment and are never in these files.
provider "aws" {
  region = "us-west-2"

  # Terraform refuses to run with the credentials of any other account.
  allowed_account_ids = ["111122223333"]

  default_tags {
    tags = {
      application  = "internal"
      environment  = "staging"
      "managed-by" = "terraform"
    }
  }
}
