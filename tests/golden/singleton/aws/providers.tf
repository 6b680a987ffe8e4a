# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The provider. Credentials come from the environment and are never in these files.
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

# For the alarm on monitoring.uptime_checks: Route 53 publishes its metrics in us-east-1 only. The block stays without the
# alarm, because Terraform needs it to remove one.
provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"

  allowed_account_ids = ["111122223333"]

  default_tags {
    tags = {
      application  = "tick"
      environment  = "development"
      "managed-by" = "terraform"
    }
  }
}
