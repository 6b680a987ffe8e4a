# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# AWS Config records every change of settings in this region. An account has one recorder in a region. If there is one
# already, AWS answers MaxNumberOfConfigurationRecordersExceeded.

resource "aws_config_configuration_recorder" "main" {
  name     = "shop-prod"
  role_arn = aws_iam_role.config.arn

  # Record global resources (IAM) in this region only, to avoid duplicates.
  recording_group {
    all_supported                 = true
    include_global_resource_types = true
  }
}

resource "aws_config_delivery_channel" "main" {
  name           = "shop-prod"
  s3_bucket_name = aws_s3_bucket.audit.id
  s3_kms_key_arn = aws_kms_key.main.arn

  snapshot_delivery_properties {
    delivery_frequency = "TwentyFour_Hours"
  }

  # AWS Config checks that it can write.
  depends_on = [
    aws_config_configuration_recorder.main,
    aws_iam_role_policy.config,
    aws_iam_role_policy_attachment.config,
    aws_s3_bucket_policy.audit,
  ]
}

# A recorder starts only when it has a delivery channel.
resource "aws_config_configuration_recorder_status" "main" {
  name       = aws_config_configuration_recorder.main.name
  is_enabled = true

  depends_on = [aws_config_delivery_channel.main]
}

data "aws_iam_policy_document" "config_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["config.amazonaws.com"]
    }

    # The service may assume the role for this account only.
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = ["111122223333"]
    }
  }
}

# Not the service-linked role: it may exist already, and cannot be created twice.
resource "aws_iam_role" "config" {
  name               = "shop-prod-config-eu-west-1"
  description        = "AWS Config reads settings, and writes them to the bucket of the audit trail"
  assume_role_policy = data.aws_iam_policy_document.config_trust.json
}

resource "aws_iam_role_policy_attachment" "config" {
  role       = aws_iam_role.config.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWS_ConfigRole"
}

data "aws_iam_policy_document" "config" {
  statement {
    sid       = "LookAtBucket"
    actions   = ["s3:GetBucketAcl"]
    resources = [aws_s3_bucket.audit.arn]
  }

  statement {
    sid       = "WriteSettings"
    actions   = ["s3:PutObject", "s3:PutObjectAcl"]
    resources = ["${aws_s3_bucket.audit.arn}/AWSLogs/111122223333/Config/*"]

    condition {
      test     = "StringLike"
      variable = "s3:x-amz-acl"
      values   = ["bucket-owner-full-control"]
    }
  }

  statement {
    sid       = "EncryptSettings"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [aws_kms_key.main.arn]
  }
}

resource "aws_iam_role_policy" "config" {
  name   = "grants"
  role   = aws_iam_role.config.id
  policy = data.aws_iam_policy_document.config.json
}
