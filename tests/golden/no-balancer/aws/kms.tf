# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The key that encrypts all data at rest. Whoever may not use the key cannot read the data, whatever else they may do.

resource "aws_kms_key" "main" {
  description             = "Encrypts the data of internal-staging"
  deletion_window_in_days = 7
  enable_key_rotation     = true
  policy                  = data.aws_iam_policy_document.key.json
}

resource "aws_kms_alias" "main" {
  name          = "alias/internal-staging"
  target_key_id = aws_kms_key.main.key_id
}

# In the policy of a key "*" is the key itself.
data "aws_iam_policy_document" "key" {
  # checkov:skip=CKV_AWS_109: in the policy of a key "*" is the key itself, and the account keeps its administration
  # checkov:skip=CKV_AWS_111: in the policy of a key "*" is the key itself, and the account keeps its administration
  # checkov:skip=CKV_AWS_356: in the policy of a key "*" is the key itself, no other resource
  # Leaves it to the account's IAM policies who may use the key. Without this nobody could ever change the policy again.
  statement {
    sid       = "Account"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:root"]
    }
  }

  statement {
    sid       = "Logs"
    actions   = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.us-west-2.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values   = ["arn:aws:logs:us-west-2:111122223333:log-group:*"]
    }
  }

  # An alarm can publish to an encrypted topic only if CloudWatch itself may use the key.
  statement {
    sid       = "Alarms"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = ["111122223333"]
    }
  }

  # EventBridge does not say on whose behalf it acts: with a condition it would drop every event, silently.
  statement {
    sid       = "Events"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
  }
}
