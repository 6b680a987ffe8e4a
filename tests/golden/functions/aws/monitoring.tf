# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Alarms on what users notice and on what runs out, and who is notified.

resource "aws_sns_topic" "alerts" {
  name = "darkroom-staging-alerts"

  # The key policy lets CloudWatch and EventBridge use the key. Without that they could not publish.
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
      values   = ["arn:aws:cloudwatch:eu-west-1:${data.aws_caller_identity.current.account_id}:alarm:darkroom-staging-*"]
    }
  }

  # EventBridge sends no keys that a condition could test. With a condition no event would arrive.
  statement {
    sid       = "Events"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alerts.arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
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

resource "aws_cloudwatch_metric_alarm" "nat_ports_eu_west_1a" {
  alarm_name          = "darkroom-staging-nat-ports-eu-west-1a"
  alarm_description   = "The NAT gateway in eu-west-1a has no port left: new connections to the internet fail"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/NATGateway"
  metric_name         = "ErrorPortAllocation"
  dimensions = {
    NatGatewayId = aws_nat_gateway.main["eu-west-1a"].id
  }
  period        = 300
  statistic     = "Sum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "certificate" {
  alarm_name          = "darkroom-staging-certificate"
  alarm_description   = "The certificate ends in less than 30 days and was not renewed: look at the record that proves the domain, and at CAA records"
  comparison_operator = "LessThanThreshold"
  threshold           = 30
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/CertificateManager"
  metric_name         = "DaysToExpiry"
  dimensions = {
    CertificateArn = aws_acm_certificate.main.arn
  }
  period        = 86400
  statistic     = "Minimum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "web_function_errors" {
  alarm_name          = "darkroom-staging-web-function-errors"
  alarm_description   = "Function web has failed for 15 minutes: a crash, a timeout, or an event that it refused"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions = {
    FunctionName = aws_lambda_function.web.function_name
  }
  period        = 300
  statistic     = "Sum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "web_function_throttles" {
  alarm_name          = "darkroom-staging-web-function-throttles"
  alarm_description   = "More is asked of function web than scaling.max of it may do at once, for 15 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions = {
    FunctionName = aws_lambda_function.web.function_name
  }
  period        = 300
  statistic     = "Sum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "web_function_latency" {
  alarm_name          = "darkroom-staging-web-function-latency"
  alarm_description   = "web: 5% of requests have taken longer than 1000 ms for 15 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 1000
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/Lambda"
  metric_name         = "Duration"
  dimensions = {
    FunctionName = aws_lambda_function.web.function_name
  }
  period             = 300
  extended_statistic = "p95"
  alarm_actions      = [aws_sns_topic.alerts.arn]
  ok_actions         = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "printer_function_errors" {
  alarm_name          = "darkroom-staging-printer-function-errors"
  alarm_description   = "Function printer has failed for 15 minutes: a crash, a timeout, or an event that it refused"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions = {
    FunctionName = aws_lambda_function.printer.function_name
  }
  period        = 300
  statistic     = "Sum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "printer_function_throttles" {
  alarm_name          = "darkroom-staging-printer-function-throttles"
  alarm_description   = "More is asked of function printer than scaling.max of it may do at once, for 15 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions = {
    FunctionName = aws_lambda_function.printer.function_name
  }
  period        = 300
  statistic     = "Sum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "thumbnails_function_errors" {
  alarm_name          = "darkroom-staging-thumbnails-function-errors"
  alarm_description   = "Function thumbnails has failed for 15 minutes: a crash, a timeout, or an event that it refused"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions = {
    FunctionName = aws_lambda_function.thumbnails.function_name
  }
  period        = 300
  statistic     = "Sum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "thumbnails_function_throttles" {
  alarm_name          = "darkroom-staging-thumbnails-function-throttles"
  alarm_description   = "More is asked of function thumbnails than scaling.max of it may do at once, for 15 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions = {
    FunctionName = aws_lambda_function.thumbnails.function_name
  }
  period        = 300
  statistic     = "Sum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "thumbnails_failed_events" {
  alarm_name          = "darkroom-staging-thumbnails-failed-events"
  alarm_description   = "thumbnails could not handle events: they are in the queue that ends in -failed-events"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions = {
    QueueName = aws_sqs_queue.thumbnails_failed_events.name
  }
  period        = 300
  statistic     = "Maximum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "index_function_errors" {
  alarm_name          = "darkroom-staging-index-function-errors"
  alarm_description   = "Function index has failed for 15 minutes: a crash, a timeout, or an event that it refused"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions = {
    FunctionName = aws_lambda_function.index.function_name
  }
  period        = 300
  statistic     = "Sum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "index_function_throttles" {
  alarm_name          = "darkroom-staging-index-function-throttles"
  alarm_description   = "More is asked of function index than scaling.max of it may do at once, for 15 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions = {
    FunctionName = aws_lambda_function.index.function_name
  }
  period        = 300
  statistic     = "Sum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "index_failed_events" {
  alarm_name          = "darkroom-staging-index-failed-events"
  alarm_description   = "index could not handle events: they are in the queue that ends in -failed-events"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions = {
    QueueName = aws_sqs_queue.index_failed_events.name
  }
  period        = 300
  statistic     = "Maximum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "nightly_function_errors" {
  alarm_name          = "darkroom-staging-nightly-function-errors"
  alarm_description   = "Function nightly has failed for 15 minutes: a crash, a timeout, or an event that it refused"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions = {
    FunctionName = aws_lambda_function.nightly.function_name
  }
  period        = 300
  statistic     = "Sum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "nightly_function_throttles" {
  alarm_name          = "darkroom-staging-nightly-function-throttles"
  alarm_description   = "More is asked of function nightly than scaling.max of it may do at once, for 15 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions = {
    FunctionName = aws_lambda_function.nightly.function_name
  }
  period        = 300
  statistic     = "Sum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "nightly_failed_events" {
  alarm_name          = "darkroom-staging-nightly-failed-events"
  alarm_description   = "nightly could not handle events: they are in the queue that ends in -failed-events"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions = {
    QueueName = aws_sqs_queue.nightly_failed_events.name
  }
  period        = 300
  statistic     = "Maximum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "scheduler_errors" {
  alarm_name          = "darkroom-staging-scheduler-errors"
  alarm_description   = "EventBridge Scheduler could not start a job"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/Scheduler"
  metric_name         = "TargetErrorCount"
  dimensions = {
    ScheduleGroup = aws_scheduler_schedule_group.main.name
  }
  period        = 300
  statistic     = "Sum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "scheduler_dropped" {
  alarm_name          = "darkroom-staging-scheduler-dropped"
  alarm_description   = "EventBridge Scheduler gave up starting a job: a run is missing"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/Scheduler"
  metric_name         = "InvocationDroppedCount"
  dimensions = {
    ScheduleGroup = aws_scheduler_schedule_group.main.name
  }
  period        = 300
  statistic     = "Sum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "albums_database_cpu" {
  alarm_name          = "darkroom-staging-albums-database-cpu"
  alarm_description   = "Database albums uses more than 80% of CPU"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/RDS"
  metric_name         = "CPUUtilization"
  dimensions = {
    DBInstanceIdentifier = aws_db_instance.albums.identifier
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "albums_database_disk" {
  alarm_name          = "darkroom-staging-albums-database-disk"
  alarm_description   = "Database albums has less than 20% of its first 20 GiB free"
  comparison_operator = "LessThanThreshold"
  threshold           = 4294967296
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/RDS"
  metric_name         = "FreeStorageSpace"
  dimensions = {
    DBInstanceIdentifier = aws_db_instance.albums.identifier
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "albums_database_memory" {
  alarm_name          = "darkroom-staging-albums-database-memory"
  alarm_description   = "Database albums has less than 5% of its memory to spare"
  comparison_operator = "LessThanThreshold"
  threshold           = 107374182
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/RDS"
  metric_name         = "FreeableMemory"
  dimensions = {
    DBInstanceIdentifier = aws_db_instance.albums.identifier
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "albums_database_connections" {
  alarm_name          = "darkroom-staging-albums-database-connections"
  alarm_description   = "Database albums has more than 142 connections, 80% of what its size allows"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 142
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/RDS"
  metric_name         = "DatabaseConnections"
  dimensions = {
    DBInstanceIdentifier = aws_db_instance.albums.identifier
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "albums_database_credits" {
  alarm_name          = "darkroom-staging-albums-database-credits"
  alarm_description   = "Database albums has used more CPU than its size earns: AWS bills the rest. Another size may cost less"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/RDS"
  metric_name         = "CPUSurplusCreditsCharged"
  dimensions = {
    DBInstanceIdentifier = aws_db_instance.albums.identifier
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "prints_queue_dead_letters" {
  alarm_name          = "darkroom-staging-prints-queue-dead-letters"
  alarm_description   = "Messages of prints failed 5 times: see darkroom-staging-prints-dead-letter"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions = {
    QueueName = aws_sqs_queue.prints_dead_letter.name
  }
  period        = 300
  statistic     = "Maximum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "prints_queue_age" {
  alarm_name          = "darkroom-staging-prints-queue-age"
  alarm_description   = "A message of prints has waited for more than 60 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 3600
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions = {
    QueueName = aws_sqs_queue.prints.name
  }
  period        = 300
  statistic     = "Maximum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "error_rate" {
  alarm_name          = "darkroom-staging-error-rate"
  alarm_description   = "More than 1% of requests, and at least 5 in five minutes, end in a server error"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 1
  evaluation_periods  = 2
  datapoints_to_alarm = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  metric_query {
    id          = "rate"
    expression  = "IF(errors >= 5, 100 * errors / (FILL(requests, 0) + FILL(balancer, 0)), 0)"
    label       = "Server errors, % of requests"
    return_data = true
  }

  metric_query {
    id          = "errors"
    expression  = "FILL(balancer, 0) + FILL(targets, 0)"
    label       = "Server errors"
    return_data = false
  }

  metric_query {
    id = "balancer"

    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "HTTPCode_ELB_5XX_Count"
      dimensions = {
        LoadBalancer = aws_lb.main.arn_suffix
      }
      period = 300
      stat   = "Sum"
    }
  }

  metric_query {
    id = "targets"

    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "HTTPCode_Target_5XX_Count"
      dimensions = {
        LoadBalancer = aws_lb.main.arn_suffix
      }
      period = 300
      stat   = "Sum"
    }
  }

  metric_query {
    id = "requests"

    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "RequestCount"
      dimensions = {
        LoadBalancer = aws_lb.main.arn_suffix
      }
      period = 300
      stat   = "Sum"
    }
  }
}

resource "aws_cloudwatch_event_rule" "albums_database_disk" {
  name        = "darkroom-staging-albums-database-disk"
  description = "The disk of database albums is near its limit"
  event_pattern = jsonencode({
    source        = ["aws.rds"]
    "detail-type" = ["RDS DB Instance Event"]
    detail = {
      SourceIdentifier = [aws_db_instance.albums.identifier]
      EventID          = ["RDS-EVENT-0007", "RDS-EVENT-0223", "RDS-EVENT-0224", "RDS-EVENT-0225"]
    }
  })
}

resource "aws_cloudwatch_event_target" "albums_database_disk" {
  rule      = aws_cloudwatch_event_rule.albums_database_disk.name
  target_id = "alerts"
  arn       = aws_sns_topic.alerts.arn

  input_transformer {
    input_paths = {
      database = "$.detail.SourceIdentifier"
      reason   = "$.detail.Message"
    }
    input_template = "\"Database <database>: <reason>\""
  }
}

resource "aws_cloudwatch_dashboard" "main" {
  dashboard_name = "darkroom-staging-eu-west-1"
  dashboard_body = jsonencode({
    widgets = [
      { type = "text", x = 0, y = 0, width = 24, height = 1, properties = { markdown = "## Requests" } },
      {
        type   = "metric"
        x      = 0
        y      = 1
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Requests a minute"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/ApplicationELB",
              "RequestCount",
              "LoadBalancer",
              aws_lb.main.arn_suffix,
              "TargetGroup",
              aws_lb_target_group.web.arn_suffix,
              { stat = "Sum", label = "web" },
            ],
          ]
          period = 60
          yAxis  = { left = { min = 0 } }
        }
      },
      {
        type   = "metric"
        x      = 8
        y      = 1
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Errors a minute"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/ApplicationELB",
              "HTTPCode_Target_5XX_Count",
              "LoadBalancer",
              aws_lb.main.arn_suffix,
              { stat = "Sum", label = "5xx of the containers" },
            ],
            [
              "AWS/ApplicationELB",
              "HTTPCode_ELB_5XX_Count",
              "LoadBalancer",
              aws_lb.main.arn_suffix,
              { stat = "Sum", label = "5xx of the load balancer" },
            ],
            [
              "AWS/ApplicationELB",
              "HTTPCode_Target_4XX_Count",
              "LoadBalancer",
              aws_lb.main.arn_suffix,
              { stat = "Sum", label = "4xx of the containers" },
            ],
          ]
          period = 60
          yAxis  = { left = { min = 0 } }
        }
      },
      {
        type   = "metric"
        x      = 16
        y      = 1
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Response time, seconds"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/ApplicationELB",
              "TargetResponseTime",
              "LoadBalancer",
              aws_lb.main.arn_suffix,
              "TargetGroup",
              aws_lb_target_group.web.arn_suffix,
              { stat = "p50", label = "web p50" },
            ],
            [
              "AWS/ApplicationELB",
              "TargetResponseTime",
              "LoadBalancer",
              aws_lb.main.arn_suffix,
              "TargetGroup",
              aws_lb_target_group.web.arn_suffix,
              { stat = "p95", label = "web p95" },
            ],
          ]
          period = 60
          yAxis  = { left = { min = 0 } }
        }
      },
      { type = "text", x = 0, y = 7, width = 24, height = 1, properties = { markdown = "## Containers" } },
      {
        type   = "metric"
        x      = 0
        y      = 8
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Functions at once"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/Lambda",
              "ConcurrentExecutions",
              "FunctionName",
              aws_lambda_function.web.function_name,
              { stat = "Maximum", label = "web" },
            ],
            [
              "AWS/Lambda",
              "ConcurrentExecutions",
              "FunctionName",
              aws_lambda_function.printer.function_name,
              { stat = "Maximum", label = "printer" },
            ],
            [
              "AWS/Lambda",
              "ConcurrentExecutions",
              "FunctionName",
              aws_lambda_function.thumbnails.function_name,
              { stat = "Maximum", label = "thumbnails" },
            ],
            [
              "AWS/Lambda",
              "ConcurrentExecutions",
              "FunctionName",
              aws_lambda_function.index.function_name,
              { stat = "Maximum", label = "index" },
            ],
            [
              "AWS/Lambda",
              "ConcurrentExecutions",
              "FunctionName",
              aws_lambda_function.nightly.function_name,
              { stat = "Maximum", label = "nightly" },
            ],
          ]
          period = 60
          yAxis  = { left = { min = 0 } }
        }
      },
      {
        type   = "metric"
        x      = 8
        y      = 8
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Duration of functions, ms"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/Lambda",
              "Duration",
              "FunctionName",
              aws_lambda_function.web.function_name,
              { stat = "p95", label = "web" },
            ],
            [
              "AWS/Lambda",
              "Duration",
              "FunctionName",
              aws_lambda_function.printer.function_name,
              { stat = "p95", label = "printer" },
            ],
            [
              "AWS/Lambda",
              "Duration",
              "FunctionName",
              aws_lambda_function.thumbnails.function_name,
              { stat = "p95", label = "thumbnails" },
            ],
            [
              "AWS/Lambda",
              "Duration",
              "FunctionName",
              aws_lambda_function.index.function_name,
              { stat = "p95", label = "index" },
            ],
            [
              "AWS/Lambda",
              "Duration",
              "FunctionName",
              aws_lambda_function.nightly.function_name,
              { stat = "p95", label = "nightly" },
            ],
          ]
          period = 60
          yAxis  = { left = { min = 0 } }
        }
      },
      {
        type   = "metric"
        x      = 16
        y      = 8
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Failed functions a minute"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/Lambda",
              "Errors",
              "FunctionName",
              aws_lambda_function.web.function_name,
              { stat = "Sum", label = "web" },
            ],
            [
              "AWS/Lambda",
              "Errors",
              "FunctionName",
              aws_lambda_function.printer.function_name,
              { stat = "Sum", label = "printer" },
            ],
            [
              "AWS/Lambda",
              "Errors",
              "FunctionName",
              aws_lambda_function.thumbnails.function_name,
              { stat = "Sum", label = "thumbnails" },
            ],
            [
              "AWS/Lambda",
              "Errors",
              "FunctionName",
              aws_lambda_function.index.function_name,
              { stat = "Sum", label = "index" },
            ],
            [
              "AWS/Lambda",
              "Errors",
              "FunctionName",
              aws_lambda_function.nightly.function_name,
              { stat = "Sum", label = "nightly" },
            ],
          ]
          period = 60
          yAxis  = { left = { min = 0 } }
        }
      },
      { type = "text", x = 0, y = 14, width = 24, height = 1, properties = { markdown = "## Jobs" } },
      {
        type   = "metric"
        x      = 0
        y      = 15
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Starts"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/Scheduler",
              "InvocationAttemptCount",
              "ScheduleGroup",
              aws_scheduler_schedule_group.main.name,
              { stat = "Sum", label = "attempts" },
            ],
            [
              "AWS/Scheduler",
              "TargetErrorCount",
              "ScheduleGroup",
              aws_scheduler_schedule_group.main.name,
              { stat = "Sum", label = "errors" },
            ],
          ]
          period = 300
          yAxis  = { left = { min = 0 } }
        }
      },
      { type = "text", x = 0, y = 21, width = 24, height = 1, properties = { markdown = "## albums" } },
      {
        type   = "metric"
        x      = 0
        y      = 22
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Database albums uses more than 80% of CPU"
          view   = "timeSeries"
          metrics = [
            ["AWS/RDS", "CPUUtilization", "DBInstanceIdentifier", aws_db_instance.albums.identifier, { stat = "Average" }],
          ]
          period      = 300
          yAxis       = { left = { min = 0 } }
          annotations = { horizontal = [{ label = "Alarm", value = 80 }] }
        }
      },
      {
        type   = "metric"
        x      = 8
        y      = 22
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Database albums has less than 20% of its first 20 GiB free"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/RDS",
              "FreeStorageSpace",
              "DBInstanceIdentifier",
              aws_db_instance.albums.identifier,
              { stat = "Average" },
            ],
          ]
          period      = 300
          yAxis       = { left = { min = 0 } }
          annotations = { horizontal = [{ label = "Alarm", value = 4294967296 }] }
        }
      },
      {
        type   = "metric"
        x      = 16
        y      = 22
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Database albums has less than 5% of its memory to spare"
          view   = "timeSeries"
          metrics = [
            ["AWS/RDS", "FreeableMemory", "DBInstanceIdentifier", aws_db_instance.albums.identifier, { stat = "Average" }],
          ]
          period      = 300
          yAxis       = { left = { min = 0 } }
          annotations = { horizontal = [{ label = "Alarm", value = 107374182 }] }
        }
      },
      {
        type   = "metric"
        x      = 0
        y      = 28
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Database albums has more than 142 connections, 80% of what its size allows"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/RDS",
              "DatabaseConnections",
              "DBInstanceIdentifier",
              aws_db_instance.albums.identifier,
              { stat = "Average" },
            ],
          ]
          period      = 300
          yAxis       = { left = { min = 0 } }
          annotations = { horizontal = [{ label = "Alarm", value = 142 }] }
        }
      },
      {
        type   = "metric"
        x      = 8
        y      = 28
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Database albums has used more CPU than its size earns: AWS bills the rest. Another size may cost less"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/RDS",
              "CPUSurplusCreditsCharged",
              "DBInstanceIdentifier",
              aws_db_instance.albums.identifier,
              { stat = "Average" },
            ],
          ]
          period      = 300
          yAxis       = { left = { min = 0 } }
          annotations = { horizontal = [{ label = "Alarm", value = 0 }] }
        }
      },
      { type = "text", x = 0, y = 34, width = 24, height = 1, properties = { markdown = "## prints" } },
      {
        type   = "metric"
        x      = 0
        y      = 35
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Messages of prints failed 5 times: see darkroom-staging-prints-dead-letter"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/SQS",
              "ApproximateNumberOfMessagesVisible",
              "QueueName",
              aws_sqs_queue.prints_dead_letter.name,
              { stat = "Maximum" },
            ],
          ]
          period      = 300
          yAxis       = { left = { min = 0 } }
          annotations = { horizontal = [{ label = "Alarm", value = 0 }] }
        }
      },
      {
        type   = "metric"
        x      = 8
        y      = 35
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "A message of prints has waited for more than 60 minutes"
          view   = "timeSeries"
          metrics = [
            ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", aws_sqs_queue.prints.name, { stat = "Maximum" }],
          ]
          period      = 300
          yAxis       = { left = { min = 0 } }
          annotations = { horizontal = [{ label = "Alarm", value = 3600 }] }
        }
      },
    ]
  })
}
