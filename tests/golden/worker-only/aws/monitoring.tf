# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Alarms on what users notice and on what runs out, and who is notified.

resource "aws_sns_topic" "alerts" {
  name = "crawler-prod-alerts"

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
      values   = ["arn:aws:cloudwatch:eu-central-1:111122223333:alarm:crawler-prod-*"]
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

resource "aws_cloudwatch_metric_alarm" "worker_service_cpu" {
  alarm_name          = "crawler-prod-worker-service-cpu"
  alarm_description   = "worker has used more than 80% of its CPU for 15 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/ECS"
  metric_name         = "CPUUtilization"
  dimensions = {
    ClusterName = aws_ecs_cluster.main.name
    ServiceName = aws_ecs_service.worker.name
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "worker_service_memory" {
  alarm_name          = "crawler-prod-worker-service-memory"
  alarm_description   = "worker has used more than 90% of its memory for 15 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 90
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/ECS"
  metric_name         = "MemoryUtilization"
  dimensions = {
    ClusterName = aws_ecs_cluster.main.name
    ServiceName = aws_ecs_service.worker.name
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "seeds_queue_dead_letters" {
  alarm_name          = "crawler-prod-seeds-queue-dead-letters"
  alarm_description   = "Messages of seeds failed 5 times: see crawler-prod-seeds-dead-letter"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions = {
    QueueName = aws_sqs_queue.seeds_dead_letter.name
  }
  period        = 300
  statistic     = "Maximum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "seeds_queue_age" {
  alarm_name          = "crawler-prod-seeds-queue-age"
  alarm_description   = "A message of seeds has waited for more than 60 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 3600
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions = {
    QueueName = aws_sqs_queue.seeds.name
  }
  period        = 300
  statistic     = "Maximum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "worker_service_tasks" {
  alarm_name          = "crawler-prod-worker-service-tasks"
  alarm_description   = "Fewer tasks of worker than wanted have run for 15 minutes"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  evaluation_periods  = 15
  datapoints_to_alarm = 15
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  metric_query {
    id          = "missing"
    expression  = "desired - FILL(running, 0)"
    label       = "Missing tasks"
    return_data = true
  }

  metric_query {
    id = "desired"

    metric {
      namespace   = "ECS/ContainerInsights"
      metric_name = "DesiredTaskCount"
      dimensions = {
        ClusterName = aws_ecs_cluster.main.name
        ServiceName = aws_ecs_service.worker.name
      }
      period = 60
      stat   = "Average"
    }
  }

  metric_query {
    id = "running"

    metric {
      namespace   = "ECS/ContainerInsights"
      metric_name = "RunningTaskCount"
      dimensions = {
        ClusterName = aws_ecs_cluster.main.name
        ServiceName = aws_ecs_service.worker.name
      }
      period = 60
      stat   = "Average"
    }
  }
}

resource "aws_cloudwatch_dashboard" "main" {
  dashboard_name = "crawler-prod-eu-central-1"
  dashboard_body = jsonencode({
    widgets = [
      { type = "text", x = 0, y = 0, width = 24, height = 1, properties = { markdown = "## Containers" } },
      {
        type   = "metric"
        x      = 0
        y      = 1
        width  = 8
        height = 6
        properties = {
          region = "eu-central-1"
          title  = "Running tasks"
          view   = "timeSeries"
          metrics = [
            [
              "ECS/ContainerInsights",
              "RunningTaskCount",
              "ClusterName",
              aws_ecs_cluster.main.name,
              "ServiceName",
              aws_ecs_service.worker.name,
              { stat = "Average", label = "worker" },
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
          region = "eu-central-1"
          title  = "CPU, %"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/ECS",
              "CPUUtilization",
              "ClusterName",
              aws_ecs_cluster.main.name,
              "ServiceName",
              aws_ecs_service.worker.name,
              { stat = "Average", label = "worker" },
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
          region = "eu-central-1"
          title  = "Memory, %"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/ECS",
              "MemoryUtilization",
              "ClusterName",
              aws_ecs_cluster.main.name,
              "ServiceName",
              aws_ecs_service.worker.name,
              { stat = "Average", label = "worker" },
            ],
          ]
          period = 60
          yAxis  = { left = { min = 0 } }
        }
      },
      { type = "text", x = 0, y = 7, width = 24, height = 1, properties = { markdown = "## seeds" } },
      {
        type   = "metric"
        x      = 0
        y      = 8
        width  = 8
        height = 6
        properties = {
          region = "eu-central-1"
          title  = "Messages of seeds failed 5 times: see crawler-prod-seeds-dead-letter"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/SQS",
              "ApproximateNumberOfMessagesVisible",
              "QueueName",
              aws_sqs_queue.seeds_dead_letter.name,
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
        y      = 8
        width  = 8
        height = 6
        properties = {
          region = "eu-central-1"
          title  = "A message of seeds has waited for more than 60 minutes"
          view   = "timeSeries"
          metrics = [
            ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", aws_sqs_queue.seeds.name, { stat = "Maximum" }],
          ]
          period      = 300
          yAxis       = { left = { min = 0 } }
          annotations = { horizontal = [{ label = "Alarm", value = 3600 }] }
        }
      },
    ]
  })
}
