# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# A separate key, so that access to the application's key does not give access to the audit log.
resource "aws_kms_key" "main" {
  description             = "Audit trail of the account, made for shop-prod"
  deletion_window_in_days = 30
  enable_key_rotation     = true

  # In a key policy "*" means this key.
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # IAM policies of the account decide who may use the key: the role of AWS Config, and people who read the log.
      {
        Sid       = "Account"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::111122223333:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      # CloudTrail refuses a trail whose key it cannot use and describe.
      {
        Sid       = "Trail"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "kms:GenerateDataKey*"
        Resource  = "*"
        Condition = {
          StringEquals = { "aws:SourceArn" = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/shop-prod" }
          StringLike   = { "kms:EncryptionContext:aws:cloudtrail:arn" = "arn:aws:cloudtrail:*:111122223333:trail/*" }
        }
      },
      {
        Sid       = "TrailLooks"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "kms:DescribeKey"
        Resource  = "*"
        Condition = {
          StringEquals = { "aws:SourceArn" = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/shop-prod" }
        }
      },
      {
        Sid       = "Logs"
        Effect    = "Allow"
        Principal = { Service = "logs.eu-west-1.amazonaws.com" }
        Action    = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
        Resource  = "*"
        Condition = {
          ArnEquals = { "kms:EncryptionContext:aws:logs:arn" = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/cloudtrail/shop-prod" }
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
          StringEquals = { "aws:SourceAccount" = "111122223333" }
        }
      },
    ]
  })
}

resource "aws_kms_alias" "main" {
  name          = "alias/shop-prod-account"
  target_key_id = aws_kms_key.main.key_id
}
