# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The key that encrypts all data at rest. Whoever may not use the key cannot read the data, whatever else they may do.

resource "aws_kms_key" "main" {
  description             = "Encrypts the data of library-prod"
  deletion_window_in_days = 30
  enable_key_rotation     = true

  # In the policy of a key "*" is the key itself.
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # Leaves it to the account's IAM policies who may use the key. Without this nobody could ever change this policy.
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
      # EventBridge does not say on whose behalf it acts: with a condition it would drop every event, silently.
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
  name          = "alias/library-prod"
  target_key_id = aws_kms_key.main.key_id
}
