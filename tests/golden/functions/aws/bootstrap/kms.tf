# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The key for state and images. The root module's key does not exist yet when this module is applied.
resource "aws_kms_key" "main" {
  description             = "Terraform state and images of darkroom-staging"
  deletion_window_in_days = 30
  enable_key_rotation     = true

  # IAM policies of the account decide who may use the key. In a key policy "*" means this key.
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Account"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
    ]
  })
}

resource "aws_kms_alias" "main" {
  name          = "alias/darkroom-staging-bootstrap"
  target_key_id = aws_kms_key.main.key_id
}
