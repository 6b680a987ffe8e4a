# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Versions of Terraform and of the provider, and the place of the state.
terraform {
  # 1.11 brought write-only arguments and S3 state locking without DynamoDB; OpenTofu 1.11 has both, too.
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
    key          = "darkroom-staging/terraform.tfstate"
    region       = "eu-west-1"
    use_lockfile = true
  }
}
