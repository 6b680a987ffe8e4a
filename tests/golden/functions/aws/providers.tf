# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The provider. Credentials come from the environment and are never in these files.
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

# For the alarm on monitoring.uptime_checks: Route 53 publishes its metrics in us-east-1 only. The block stays without the
# alarm, because Terraform needs it to remove one.
provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"

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
