# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The key for state and images. It is not the root module's key, which does not exist when this module is applied.
resource "aws_kms_key" "main" {
  description             = "Terraform state and images of library-prod"
  deletion_window_in_days = 30
  enable_key_rotation     = true

  # Within the account, IAM policies decide who uses the key. In a key's own policy "*" means this key.
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
  name          = "alias/library-prod-bootstrap"
  target_key_id = aws_kms_key.main.key_id
}
