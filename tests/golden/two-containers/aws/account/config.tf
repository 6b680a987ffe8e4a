# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# What each resource looked like at any time: AWS Config notes every change of settings, in this region. It has one
# recorder in an account and region: where one is there already, AWS answers
# MaxNumberOfConfigurationRecordersExceeded.

resource "aws_config_configuration_recorder" "main" {
  name     = "portal-staging"
  role_arn = aws_iam_role.config.arn

  # IAM is global: where other regions have recorders, too, this one alone notes it.
  recording_group {
    all_supported                 = true
    include_global_resource_types = true
  }
}

resource "aws_config_delivery_channel" "main" {
  name           = "portal-staging"
  s3_bucket_name = aws_s3_bucket.audit.id
  s3_kms_key_arn = aws_kms_key.main.arn

  snapshot_delivery_properties {
    delivery_frequency = "TwentyFour_Hours"
  }

  # AWS Config tries whether it may write.
  depends_on = [
    aws_config_configuration_recorder.main,
    aws_iam_role_policy.config,
    aws_iam_role_policy_attachment.config,
    aws_s3_bucket_policy.audit,
  ]
}

# A recorder starts only when it can deliver what it notes.
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

    # On behalf of this account only, whoever else uses the same service.
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

# A role of its own: the one that is linked to the service may be there already, and could not be made again.
resource "aws_iam_role" "config" {
  name               = "portal-staging-config-eu-west-1"
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
    resources = ["${aws_s3_bucket.audit.arn}/AWSLogs/${data.aws_caller_identity.current.account_id}/Config/*"]

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
