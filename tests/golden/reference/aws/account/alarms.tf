# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Audit events that raise an alarm: actions that no deployment takes and an attacker would. Each alarm has a filter that
# counts its events in the log of the trail. Events arrive there about five minutes after they happen.

resource "aws_sns_topic" "alerts" {
  name = "shop-prod-audit-alerts"

  # The key policy lets CloudWatch use the key. Without that it could not publish.
  kms_master_key_id = aws_kms_key.main.arn
}

data "aws_iam_policy_document" "alerts" {
  statement {
    sid       = "Alarms"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alerts.arn]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:aws:cloudwatch:eu-west-1:111122223333:alarm:shop-prod-audit-*"]
    }
  }
}

resource "aws_sns_topic_policy" "alerts" {
  arn    = aws_sns_topic.alerts.arn
  policy = data.aws_iam_policy_document.alerts.json
}

# AWS sends a mail with a link. Alarms arrive only after somebody has followed it.
resource "aws_sns_topic_subscription" "email_af3c8254" {
  topic_arn = aws_sns_topic.alerts.arn
  protocol  = "email"
  endpoint  = "ops@example.com"
}

resource "aws_cloudwatch_log_metric_filter" "record_changed" {
  name           = "record-changed"
  pattern        = "{ ($.eventName = \"StopLogging\") || ($.eventName = \"DeleteTrail\") || ($.eventName = \"UpdateTrail\") || ($.eventName = \"PutEventSelectors\") || ($.eventName = \"StopConfigurationRecorder\") || ($.eventName = \"DeleteConfigurationRecorder\") || ($.eventName = \"PutConfigurationRecorder\") || ($.eventName = \"DeleteDeliveryChannel\") || ($.eventName = \"PutDeliveryChannel\") }"
  log_group_name = aws_cloudwatch_log_group.audit.name

  metric_transformation {
    name      = "record-changed"
    namespace = "shop-prod/audit"
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "record_changed" {
  alarm_name          = "shop-prod-audit-record-changed"
  alarm_description   = "The audit record was switched off or changed: CloudTrail or AWS Config. Find out who it was: README.md has the command. If nobody should have, apply account/ again, and take away the credentials that were used."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  namespace           = "shop-prod/audit"
  metric_name         = "record-changed"
  period              = 300
  statistic           = "Sum"
  alarm_actions       = [aws_sns_topic.alerts.arn]

  # Nothing is sent when the event is over: it has happened.
}

resource "aws_cloudwatch_log_metric_filter" "record_store_changed" {
  name           = "record-store-changed"
  pattern        = "{ (($.requestParameters.bucketName = \"shop-prod-audit-111122223333-eu-west-1\") && (($.eventName = \"Delete*\") || ($.eventName = \"PutBucketPolicy\") || ($.eventName = \"PutBucketLifecycle\") || ($.eventName = \"PutBucketVersioning\") || ($.eventName = \"PutBucketEncryption\") || ($.eventName = \"PutBucketPublicAccessBlock\"))) || (($.requestParameters.logGroupName = \"/aws/cloudtrail/shop-prod\") && (($.eventName = \"Delete*\") || ($.eventName = \"PutRetentionPolicy\") || ($.eventName = \"PutMetricFilter\"))) }"
  log_group_name = aws_cloudwatch_log_group.audit.name

  metric_transformation {
    name      = "record-store-changed"
    namespace = "shop-prod/audit"
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "record_store_changed" {
  alarm_name          = "shop-prod-audit-record-store-changed"
  alarm_description   = "The bucket or the log group of the audit record was changed or deleted. Find out who it was: README.md has the command. If nobody should have, apply account/ again, and take away the credentials that were used."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  namespace           = "shop-prod/audit"
  metric_name         = "record-store-changed"
  period              = 300
  statistic           = "Sum"
  alarm_actions       = [aws_sns_topic.alerts.arn]

  # Nothing is sent when the event is over: it has happened.
}

resource "aws_cloudwatch_log_metric_filter" "key_disabled" {
  name           = "key-disabled"
  pattern        = "{ ($.eventSource = \"kms.amazonaws.com\") && (($.eventName = \"DisableKey\") || ($.eventName = \"ScheduleKeyDeletion\")) }"
  log_group_name = aws_cloudwatch_log_group.audit.name

  metric_transformation {
    name      = "key-disabled"
    namespace = "shop-prod/audit"
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "key_disabled" {
  alarm_name          = "shop-prod-audit-key-disabled"
  alarm_description   = "A key was disabled, or is to be destroyed: what it encrypts becomes unreadable. Find out who it was: README.md has the command. If nobody should have, run aws kms cancel-key-deletion and aws kms enable-key."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  namespace           = "shop-prod/audit"
  metric_name         = "key-disabled"
  period              = 300
  statistic           = "Sum"
  alarm_actions       = [aws_sns_topic.alerts.arn]

  # Nothing is sent when the event is over: it has happened.
}

resource "aws_cloudwatch_log_metric_filter" "credentials_created" {
  name           = "credentials-created"
  pattern        = "{ ($.eventSource = \"iam.amazonaws.com\") && (($.eventName = \"CreateUser\") || ($.eventName = \"CreateAccessKey\") || ($.eventName = \"CreateLoginProfile\")) }"
  log_group_name = aws_cloudwatch_log_group.audit.name

  metric_transformation {
    name      = "credentials-created"
    namespace = "shop-prod/audit"
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "credentials_created" {
  alarm_name          = "shop-prod-audit-credentials-created"
  alarm_description   = "Long-lived credentials were made: a user, an access key, or a password for the console. Find out who it was: README.md has the command. Roles need none. If nobody should have made them, delete them."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  namespace           = "shop-prod/audit"
  metric_name         = "credentials-created"
  period              = 300
  statistic           = "Sum"
  alarm_actions       = [aws_sns_topic.alerts.arn]

  # Nothing is sent when the event is over: it has happened.
}

resource "aws_cloudwatch_log_metric_filter" "identity_provider_changed" {
  name           = "identity-provider-changed"
  pattern        = "{ ($.eventSource = \"iam.amazonaws.com\") && (($.eventName = \"CreateSAMLProvider\") || ($.eventName = \"UpdateSAMLProvider\") || ($.eventName = \"CreateOpenIDConnectProvider\") || ($.eventName = \"AddClientIDToOpenIDConnectProvider\")) }"
  log_group_name = aws_cloudwatch_log_group.audit.name

  metric_transformation {
    name      = "identity-provider-changed"
    namespace = "shop-prod/audit"
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "identity_provider_changed" {
  alarm_name          = "shop-prod-audit-identity-provider-changed"
  alarm_description   = "Who is let in from outside was changed: an identity provider was made or changed. Find out who it was: README.md has the command. Whoever controls it can take the roles that trust it. If nobody should have, delete it."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  namespace           = "shop-prod/audit"
  metric_name         = "identity-provider-changed"
  period              = 300
  statistic           = "Sum"
  alarm_actions       = [aws_sns_topic.alerts.arn]

  # Nothing is sent when the event is over: it has happened.
}

resource "aws_cloudwatch_log_metric_filter" "second_factor_removed" {
  name           = "second-factor-removed"
  pattern        = "{ ($.eventSource = \"iam.amazonaws.com\") && ($.eventName = \"DeactivateMFADevice\") }"
  log_group_name = aws_cloudwatch_log_group.audit.name

  metric_transformation {
    name      = "second-factor-removed"
    namespace = "shop-prod/audit"
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "second_factor_removed" {
  alarm_name          = "shop-prod-audit-second-factor-removed"
  alarm_description   = "A device for multi-factor authentication was taken away from a user. Find out who it was: README.md has the command. If nobody should have, lock the user out, and give the device back."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  namespace           = "shop-prod/audit"
  metric_name         = "second-factor-removed"
  period              = 300
  statistic           = "Sum"
  alarm_actions       = [aws_sns_topic.alerts.arn]

  # Nothing is sent when the event is over: it has happened.
}

resource "aws_cloudwatch_log_metric_filter" "broad_rights_given" {
  name           = "broad-rights-given"
  pattern        = "{ (($.eventName = \"AttachRolePolicy\") || ($.eventName = \"AttachUserPolicy\") || ($.eventName = \"AttachGroupPolicy\")) && (($.requestParameters.policyArn = \"arn:aws:iam::aws:policy/AdministratorAccess\") || ($.requestParameters.policyArn = \"arn:aws:iam::aws:policy/IAMFullAccess\") || ($.requestParameters.policyArn = \"arn:aws:iam::aws:policy/PowerUserAccess\")) }"
  log_group_name = aws_cloudwatch_log_group.audit.name

  metric_transformation {
    name      = "broad-rights-given"
    namespace = "shop-prod/audit"
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "broad_rights_given" {
  alarm_name          = "shop-prod-audit-broad-rights-given"
  alarm_description   = "The broadest rights were given: AdministratorAccess, IAMFullAccess or PowerUserAccess. Find out who it was: README.md has the command. If nobody should have, detach the policy, and look for what was done with it."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  namespace           = "shop-prod/audit"
  metric_name         = "broad-rights-given"
  period              = 300
  statistic           = "Sum"
  alarm_actions       = [aws_sns_topic.alerts.arn]

  # Nothing is sent when the event is over: it has happened.
}

resource "aws_cloudwatch_log_metric_filter" "root_used" {
  name           = "root-used"
  pattern        = "{ ($.userIdentity.type = \"Root\") && ($.userIdentity.invokedBy NOT EXISTS) && ($.eventType != \"AwsServiceEvent\") }"
  log_group_name = aws_cloudwatch_log_group.audit.name

  metric_transformation {
    name      = "root-used"
    namespace = "shop-prod/audit"
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "root_used" {
  alarm_name          = "shop-prod-audit-root-used"
  alarm_description   = "Somebody has worked as the root user of the account, who may do everything. Find out who it was: README.md has the command. If it was none of you, change its password, delete its access keys, and call AWS Support."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  namespace           = "shop-prod/audit"
  metric_name         = "root-used"
  period              = 300
  statistic           = "Sum"
  alarm_actions       = [aws_sns_topic.alerts.arn]

  # Nothing is sent when the event is over: it has happened.
}

resource "aws_cloudwatch_log_metric_filter" "console_without_mfa" {
  name           = "console-without-mfa"
  pattern        = "{ ($.eventName = \"ConsoleLogin\") && ($.responseElements.ConsoleLogin = \"Success\") && ($.userIdentity.type = \"IAMUser\") && ($.additionalEventData.MFAUsed != \"Yes\") }"
  log_group_name = aws_cloudwatch_log_group.audit.name

  metric_transformation {
    name      = "console-without-mfa"
    namespace = "shop-prod/audit"
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "console_without_mfa" {
  alarm_name          = "shop-prod-audit-console-without-mfa"
  alarm_description   = "A user has signed in to the console with a password alone, without a second factor. Find out who it was: README.md has the command. Give the user a device for multi-factor authentication, or take the password away."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  namespace           = "shop-prod/audit"
  metric_name         = "console-without-mfa"
  period              = 300
  statistic           = "Sum"
  alarm_actions       = [aws_sns_topic.alerts.arn]

  # Nothing is sent when the event is over: it has happened.
}
