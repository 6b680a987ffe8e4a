# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The audit trail: API calls and console sign-ins of people and programs, in every region.

resource "aws_cloudtrail" "main" {
  # checkov:skip=CKV_AWS_252: nothing consumes a message for each file of monitoring.audit
  name                       = "shop-prod"
  s3_bucket_name             = aws_s3_bucket.audit.id
  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.audit.arn}:*"
  cloud_watch_logs_role_arn  = aws_iam_role.cloudtrail.arn

  # Signed digests show whether a file was changed or removed. Check with aws cloudtrail validate-logs.
  enable_log_file_validation = true

  # Includes regions that are not used. Global services such as IAM report in one of them.
  include_global_service_events = true
  is_multi_region_trail         = true

  kms_key_id = aws_kms_key.main.arn

  # CloudTrail checks that it can write. It starts last, so that it does not report its own set-up.
  depends_on = [
    aws_s3_bucket_policy.audit,
    aws_iam_role_policy.cloudtrail,
    aws_config_configuration_recorder_status.main,
    aws_cloudwatch_log_metric_filter.record_changed,
    aws_cloudwatch_log_metric_filter.record_store_changed,
    aws_cloudwatch_log_metric_filter.key_disabled,
    aws_cloudwatch_log_metric_filter.credentials_created,
    aws_cloudwatch_log_metric_filter.identity_provider_changed,
    aws_cloudwatch_log_metric_filter.second_factor_removed,
    aws_cloudwatch_log_metric_filter.broad_rights_given,
    aws_cloudwatch_log_metric_filter.root_used,
    aws_cloudwatch_log_metric_filter.console_without_mfa,
  ]
}

# The same events in CloudWatch Logs, for searches and alarms.
resource "aws_cloudwatch_log_group" "audit" {
  name              = "/aws/cloudtrail/shop-prod"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.main.arn
}

data "aws_iam_policy_document" "cloudtrail_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }

    # CloudTrail supports no condition on the account for this role.
  }
}

resource "aws_iam_role" "cloudtrail" {
  name               = "shop-prod-cloudtrail-eu-west-1"
  description        = "CloudTrail writes the log group of the audit trail"
  assume_role_policy = data.aws_iam_policy_document.cloudtrail_trust.json
}

data "aws_iam_policy_document" "cloudtrail" {
  statement {
    sid       = "WriteLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.audit.arn}:log-stream:111122223333_CloudTrail_eu-west-1*"]
  }
}

resource "aws_iam_role_policy" "cloudtrail" {
  name   = "grants"
  role   = aws_iam_role.cloudtrail.id
  policy = data.aws_iam_policy_document.cloudtrail.json
}
