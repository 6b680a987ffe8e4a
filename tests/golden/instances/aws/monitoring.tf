# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Alarms on what users notice and on what runs out, and who is notified.

resource "aws_sns_topic" "alerts" {
  name = "depot-staging-alerts"

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
      values   = ["arn:aws:cloudwatch:eu-west-1:${data.aws_caller_identity.current.account_id}:alarm:depot-staging-*"]
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

resource "aws_cloudwatch_metric_alarm" "web_service_latency" {
  alarm_name          = "depot-staging-web-service-latency"
  alarm_description   = "web: 5% of requests have taken longer than 1000 ms for 15 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 1
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "TargetResponseTime"
  dimensions = {
    LoadBalancer = aws_lb.main.arn_suffix
    TargetGroup  = aws_lb_target_group.web.arn_suffix
  }
  period             = 300
  extended_statistic = "p95"
  alarm_actions      = [aws_sns_topic.alerts.arn]
  ok_actions         = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "web_service_unhealthy" {
  alarm_name          = "depot-staging-web-service-unhealthy"
  alarm_description   = "A task of web has failed its health check for ten minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 10
  datapoints_to_alarm = 10
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "UnHealthyHostCount"
  dimensions = {
    LoadBalancer = aws_lb.main.arn_suffix
    TargetGroup  = aws_lb_target_group.web.arn_suffix
  }
  period        = 60
  statistic     = "Maximum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "nat_ports_eu_west_1a" {
  alarm_name          = "depot-staging-nat-ports-eu-west-1a"
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
  alarm_name          = "depot-staging-certificate"
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

resource "aws_cloudwatch_metric_alarm" "web_service_cpu" {
  alarm_name          = "depot-staging-web-service-cpu"
  alarm_description   = "web has used more than 80% of its CPU for 15 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/ECS"
  metric_name         = "CPUUtilization"
  dimensions = {
    ClusterName = aws_ecs_cluster.main.name
    ServiceName = aws_ecs_service.web.name
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "web_service_memory" {
  alarm_name          = "depot-staging-web-service-memory"
  alarm_description   = "web has used more than 90% of its memory for 15 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 90
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/ECS"
  metric_name         = "MemoryUtilization"
  dimensions = {
    ClusterName = aws_ecs_cluster.main.name
    ServiceName = aws_ecs_service.web.name
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "mover_service_cpu" {
  alarm_name          = "depot-staging-mover-service-cpu"
  alarm_description   = "mover has used more than 80% of its CPU for 15 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/ECS"
  metric_name         = "CPUUtilization"
  dimensions = {
    ClusterName = aws_ecs_cluster.main.name
    ServiceName = aws_ecs_service.mover.name
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "mover_service_memory" {
  alarm_name          = "depot-staging-mover-service-memory"
  alarm_description   = "mover has used more than 90% of its memory for 15 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 90
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/ECS"
  metric_name         = "MemoryUtilization"
  dimensions = {
    ClusterName = aws_ecs_cluster.main.name
    ServiceName = aws_ecs_service.mover.name
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "watcher_service_cpu" {
  alarm_name          = "depot-staging-watcher-service-cpu"
  alarm_description   = "watcher has used more than 80% of its CPU for 15 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/ECS"
  metric_name         = "CPUUtilization"
  dimensions = {
    ClusterName = aws_ecs_cluster.main.name
    ServiceName = aws_ecs_service.watcher.name
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "watcher_service_memory" {
  alarm_name          = "depot-staging-watcher-service-memory"
  alarm_description   = "watcher has used more than 90% of its memory for 15 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 90
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/ECS"
  metric_name         = "MemoryUtilization"
  dimensions = {
    ClusterName = aws_ecs_cluster.main.name
    ServiceName = aws_ecs_service.watcher.name
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "scheduler_errors" {
  alarm_name          = "depot-staging-scheduler-errors"
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
  alarm_name          = "depot-staging-scheduler-dropped"
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

resource "aws_cloudwatch_metric_alarm" "instances_amd64_reservation" {
  alarm_name          = "depot-staging-instances-amd64-reservation"
  alarm_description   = "Tasks have waited for machines of instances-amd64-depot-staging for 15 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 100
  evaluation_periods  = 15
  datapoints_to_alarm = 15
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/ECS/ManagedScaling"
  metric_name         = "CapacityProviderReservation"
  dimensions = {
    ClusterName          = aws_ecs_cluster.main.name
    CapacityProviderName = aws_ecs_capacity_provider.instances_amd64.name
  }
  period        = 60
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "spot_instances_arm64_reservation" {
  alarm_name          = "depot-staging-spot-instances-arm64-reservation"
  alarm_description   = "Tasks have waited for machines of spot-instances-arm64-depot-staging for 15 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 100
  evaluation_periods  = 15
  datapoints_to_alarm = 15
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/ECS/ManagedScaling"
  metric_name         = "CapacityProviderReservation"
  dimensions = {
    ClusterName          = aws_ecs_cluster.main.name
    CapacityProviderName = aws_ecs_capacity_provider.spot_instances_arm64.name
  }
  period        = 60
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "goods_database_cpu" {
  alarm_name          = "depot-staging-goods-database-cpu"
  alarm_description   = "Database goods uses more than 80% of CPU"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/RDS"
  metric_name         = "CPUUtilization"
  dimensions = {
    DBInstanceIdentifier = aws_db_instance.goods.identifier
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "goods_database_disk" {
  alarm_name          = "depot-staging-goods-database-disk"
  alarm_description   = "Database goods has less than 20% of its first 20 GiB free"
  comparison_operator = "LessThanThreshold"
  threshold           = 4294967296
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/RDS"
  metric_name         = "FreeStorageSpace"
  dimensions = {
    DBInstanceIdentifier = aws_db_instance.goods.identifier
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "goods_database_memory" {
  alarm_name          = "depot-staging-goods-database-memory"
  alarm_description   = "Database goods has less than 5% of its memory to spare"
  comparison_operator = "LessThanThreshold"
  threshold           = 107374182
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/RDS"
  metric_name         = "FreeableMemory"
  dimensions = {
    DBInstanceIdentifier = aws_db_instance.goods.identifier
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "goods_database_connections" {
  alarm_name          = "depot-staging-goods-database-connections"
  alarm_description   = "Database goods has more than 142 connections, 80% of what its size allows"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 142
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/RDS"
  metric_name         = "DatabaseConnections"
  dimensions = {
    DBInstanceIdentifier = aws_db_instance.goods.identifier
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "goods_database_credits" {
  alarm_name          = "depot-staging-goods-database-credits"
  alarm_description   = "Database goods has used more CPU than its size earns: AWS bills the rest. Another size may cost less"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/RDS"
  metric_name         = "CPUSurplusCreditsCharged"
  dimensions = {
    DBInstanceIdentifier = aws_db_instance.goods.identifier
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "moves_queue_dead_letters" {
  alarm_name          = "depot-staging-moves-queue-dead-letters"
  alarm_description   = "Messages of moves failed 5 times: see depot-staging-moves-dead-letter"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions = {
    QueueName = aws_sqs_queue.moves_dead_letter.name
  }
  period        = 300
  statistic     = "Maximum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "moves_queue_age" {
  alarm_name          = "depot-staging-moves-queue-age"
  alarm_description   = "A message of moves has waited for more than 60 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 3600
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions = {
    QueueName = aws_sqs_queue.moves.name
  }
  period        = 300
  statistic     = "Maximum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "error_rate" {
  alarm_name          = "depot-staging-error-rate"
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

resource "aws_cloudwatch_metric_alarm" "web_service_tasks" {
  alarm_name          = "depot-staging-web-service-tasks"
  alarm_description   = "Fewer tasks of web than wanted have run for 15 minutes"
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
        ServiceName = aws_ecs_service.web.name
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
        ServiceName = aws_ecs_service.web.name
      }
      period = 60
      stat   = "Average"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "mover_service_tasks" {
  alarm_name          = "depot-staging-mover-service-tasks"
  alarm_description   = "Fewer tasks of mover than wanted have run for 15 minutes"
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
        ServiceName = aws_ecs_service.mover.name
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
        ServiceName = aws_ecs_service.mover.name
      }
      period = 60
      stat   = "Average"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "watcher_service_tasks" {
  alarm_name          = "depot-staging-watcher-service-tasks"
  alarm_description   = "Fewer tasks of watcher than wanted have run for 15 minutes"
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
        ServiceName = aws_ecs_service.watcher.name
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
        ServiceName = aws_ecs_service.watcher.name
      }
      period = 60
      stat   = "Average"
    }
  }
}

resource "aws_cloudwatch_event_rule" "goods_database_disk" {
  name        = "depot-staging-goods-database-disk"
  description = "The disk of database goods is near its limit"
  event_pattern = jsonencode({
    source        = ["aws.rds"]
    "detail-type" = ["RDS DB Instance Event"]
    detail = {
      SourceIdentifier = [aws_db_instance.goods.identifier]
      EventID          = ["RDS-EVENT-0007", "RDS-EVENT-0223", "RDS-EVENT-0224", "RDS-EVENT-0225"]
    }
  })
}

resource "aws_cloudwatch_event_target" "goods_database_disk" {
  rule      = aws_cloudwatch_event_rule.goods_database_disk.name
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
  dashboard_name = "depot-staging-eu-west-1"
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
          title  = "Running tasks"
          view   = "timeSeries"
          metrics = [
            [
              "ECS/ContainerInsights",
              "RunningTaskCount",
              "ClusterName",
              aws_ecs_cluster.main.name,
              "ServiceName",
              aws_ecs_service.web.name,
              { stat = "Average", label = "web" },
            ],
            [
              "ECS/ContainerInsights",
              "RunningTaskCount",
              "ClusterName",
              aws_ecs_cluster.main.name,
              "ServiceName",
              aws_ecs_service.mover.name,
              { stat = "Average", label = "mover" },
            ],
            [
              "ECS/ContainerInsights",
              "RunningTaskCount",
              "ClusterName",
              aws_ecs_cluster.main.name,
              "ServiceName",
              aws_ecs_service.watcher.name,
              { stat = "Average", label = "watcher" },
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
          title  = "CPU, %"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/ECS",
              "CPUUtilization",
              "ClusterName",
              aws_ecs_cluster.main.name,
              "ServiceName",
              aws_ecs_service.web.name,
              { stat = "Average", label = "web" },
            ],
            [
              "AWS/ECS",
              "CPUUtilization",
              "ClusterName",
              aws_ecs_cluster.main.name,
              "ServiceName",
              aws_ecs_service.mover.name,
              { stat = "Average", label = "mover" },
            ],
            [
              "AWS/ECS",
              "CPUUtilization",
              "ClusterName",
              aws_ecs_cluster.main.name,
              "ServiceName",
              aws_ecs_service.watcher.name,
              { stat = "Average", label = "watcher" },
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
          title  = "Memory, %"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/ECS",
              "MemoryUtilization",
              "ClusterName",
              aws_ecs_cluster.main.name,
              "ServiceName",
              aws_ecs_service.web.name,
              { stat = "Average", label = "web" },
            ],
            [
              "AWS/ECS",
              "MemoryUtilization",
              "ClusterName",
              aws_ecs_cluster.main.name,
              "ServiceName",
              aws_ecs_service.mover.name,
              { stat = "Average", label = "mover" },
            ],
            [
              "AWS/ECS",
              "MemoryUtilization",
              "ClusterName",
              aws_ecs_cluster.main.name,
              "ServiceName",
              aws_ecs_service.watcher.name,
              { stat = "Average", label = "watcher" },
            ],
          ]
          period = 60
          yAxis  = { left = { min = 0 } }
        }
      },
      {
        type   = "metric"
        x      = 0
        y      = 14
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Machines needed, % of those there"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/ECS/ManagedScaling",
              "CapacityProviderReservation",
              "ClusterName",
              aws_ecs_cluster.main.name,
              "CapacityProviderName",
              aws_ecs_capacity_provider.instances_amd64.name,
              { stat = "Average", label = "web" },
            ],
            [
              "AWS/ECS/ManagedScaling",
              "CapacityProviderReservation",
              "ClusterName",
              aws_ecs_cluster.main.name,
              "CapacityProviderName",
              aws_ecs_capacity_provider.spot_instances_arm64.name,
              { stat = "Average", label = "mover" },
            ],
          ]
          period = 60
          yAxis  = { left = { min = 0 } }
        }
      },
      { type = "text", x = 0, y = 20, width = 24, height = 1, properties = { markdown = "## Jobs" } },
      {
        type   = "metric"
        x      = 0
        y      = 21
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
      { type = "text", x = 0, y = 27, width = 24, height = 1, properties = { markdown = "## goods" } },
      {
        type   = "metric"
        x      = 0
        y      = 28
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Database goods uses more than 80% of CPU"
          view   = "timeSeries"
          metrics = [
            ["AWS/RDS", "CPUUtilization", "DBInstanceIdentifier", aws_db_instance.goods.identifier, { stat = "Average" }],
          ]
          period      = 300
          yAxis       = { left = { min = 0 } }
          annotations = { horizontal = [{ label = "Alarm", value = 80 }] }
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
          title  = "Database goods has less than 20% of its first 20 GiB free"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/RDS",
              "FreeStorageSpace",
              "DBInstanceIdentifier",
              aws_db_instance.goods.identifier,
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
        y      = 28
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Database goods has less than 5% of its memory to spare"
          view   = "timeSeries"
          metrics = [
            ["AWS/RDS", "FreeableMemory", "DBInstanceIdentifier", aws_db_instance.goods.identifier, { stat = "Average" }],
          ]
          period      = 300
          yAxis       = { left = { min = 0 } }
          annotations = { horizontal = [{ label = "Alarm", value = 107374182 }] }
        }
      },
      {
        type   = "metric"
        x      = 0
        y      = 34
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Database goods has more than 142 connections, 80% of what its size allows"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/RDS",
              "DatabaseConnections",
              "DBInstanceIdentifier",
              aws_db_instance.goods.identifier,
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
        y      = 34
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Database goods has used more CPU than its size earns: AWS bills the rest. Another size may cost less"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/RDS",
              "CPUSurplusCreditsCharged",
              "DBInstanceIdentifier",
              aws_db_instance.goods.identifier,
              { stat = "Average" },
            ],
          ]
          period      = 300
          yAxis       = { left = { min = 0 } }
          annotations = { horizontal = [{ label = "Alarm", value = 0 }] }
        }
      },
      { type = "text", x = 0, y = 40, width = 24, height = 1, properties = { markdown = "## moves" } },
      {
        type   = "metric"
        x      = 0
        y      = 41
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Messages of moves failed 5 times: see depot-staging-moves-dead-letter"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/SQS",
              "ApproximateNumberOfMessagesVisible",
              "QueueName",
              aws_sqs_queue.moves_dead_letter.name,
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
        y      = 41
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "A message of moves has waited for more than 60 minutes"
          view   = "timeSeries"
          metrics = [
            ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", aws_sqs_queue.moves.name, { stat = "Maximum" }],
          ]
          period      = 300
          yAxis       = { left = { min = 0 } }
          annotations = { horizontal = [{ label = "Alarm", value = 3600 }] }
        }
      },
    ]
  })
}
