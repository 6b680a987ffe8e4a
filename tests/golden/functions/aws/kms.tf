# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The key that encrypts all data at rest. Nobody can read the data without permission to use the key.

resource "aws_kms_key" "main" {
  description             = "Encrypts the data of darkroom-staging"
  deletion_window_in_days = 7
  enable_key_rotation     = true

  # In a key policy "*" means this key.
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # IAM policies of the account decide who may use the key. Without this statement nobody could change this policy.
      {
        Sid       = "Account"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "Logs"
        Effect    = "Allow"
        Principal = { Service = "logs.eu-west-1.amazonaws.com" }
        Action    = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
        Resource  = "*"
        Condition = {
          ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "arn:aws:logs:eu-west-1:${data.aws_caller_identity.current.account_id}:log-group:*" }
        }
      },
      # An alarm can publish to an encrypted topic only if CloudWatch itself may use the key.
      {
        Sid       = "Alarms"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
        Condition = {
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
        }
      },
      # EventBridge sends no keys that a condition could test. With a condition no event would arrive.
      {
        Sid       = "Events"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
      },
    ]
  })
}

resource "aws_kms_alias" "main" {
  name          = "alias/darkroom-staging"
  target_key_id = aws_kms_key.main.key_id
}
