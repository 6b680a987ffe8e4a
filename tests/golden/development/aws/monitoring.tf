# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Alarms on what users notice and on what runs out, and who is notified.

resource "aws_sns_topic" "alerts" {
  # checkov:skip=CKV_AWS_26: security.encryption is provider_managed
  name = "shop-dev-alerts"

  # Not encrypted at rest, because alarms cannot publish to a topic that is encrypted with alias/aws/sns.
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
      values   = ["arn:aws:cloudwatch:eu-west-1:111122223333:alarm:shop-dev-*"]
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

resource "aws_cloudwatch_metric_alarm" "web_service_latency" {
  alarm_name          = "shop-dev-web-service-latency"
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
  alarm_name          = "shop-dev-web-service-unhealthy"
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
  alarm_name          = "shop-dev-nat-ports-eu-west-1a"
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

resource "aws_cloudwatch_metric_alarm" "web_service_cpu" {
  alarm_name          = "shop-dev-web-service-cpu"
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
  alarm_name          = "shop-dev-web-service-memory"
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

resource "aws_cloudwatch_metric_alarm" "orders_db_database_cpu" {
  alarm_name          = "shop-dev-orders-db-database-cpu"
  alarm_description   = "Database orders-db uses more than 80% of CPU"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/RDS"
  metric_name         = "CPUUtilization"
  dimensions = {
    DBInstanceIdentifier = aws_db_instance.orders_db.identifier
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "orders_db_database_disk" {
  alarm_name          = "shop-dev-orders-db-database-disk"
  alarm_description   = "Database orders-db has less than 20% of its first 20 GiB free"
  comparison_operator = "LessThanThreshold"
  threshold           = 4294967296
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/RDS"
  metric_name         = "FreeStorageSpace"
  dimensions = {
    DBInstanceIdentifier = aws_db_instance.orders_db.identifier
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "orders_db_database_memory" {
  alarm_name          = "shop-dev-orders-db-database-memory"
  alarm_description   = "Database orders-db has less than 5% of its memory to spare"
  comparison_operator = "LessThanThreshold"
  threshold           = 107374182
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/RDS"
  metric_name         = "FreeableMemory"
  dimensions = {
    DBInstanceIdentifier = aws_db_instance.orders_db.identifier
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "orders_db_database_connections" {
  alarm_name          = "shop-dev-orders-db-database-connections"
  alarm_description   = "Database orders-db has more than -28 connections, 80% of what its size allows"
  comparison_operator = "GreaterThanThreshold"
  threshold           = -28
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/RDS"
  metric_name         = "DatabaseConnections"
  dimensions = {
    DBInstanceIdentifier = aws_db_instance.orders_db.identifier
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "orders_db_database_credits" {
  alarm_name          = "shop-dev-orders-db-database-credits"
  alarm_description   = "Database orders-db has used more CPU than its size earns: AWS bills the rest. Another size may cost less"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/RDS"
  metric_name         = "CPUSurplusCreditsCharged"
  dimensions = {
    DBInstanceIdentifier = aws_db_instance.orders_db.identifier
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "error_rate" {
  alarm_name          = "shop-dev-error-rate"
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
  alarm_name          = "shop-dev-web-service-tasks"
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

resource "aws_cloudwatch_event_rule" "orders_db_database_disk" {
  name        = "shop-dev-orders-db-database-disk"
  description = "The disk of database orders-db is near its limit"
  event_pattern = jsonencode({
    source        = ["aws.rds"]
    "detail-type" = ["RDS DB Instance Event"]
    detail = {
      SourceIdentifier = [aws_db_instance.orders_db.identifier]
      EventID          = ["RDS-EVENT-0007", "RDS-EVENT-0223", "RDS-EVENT-0224", "RDS-EVENT-0225"]
    }
  })
}

resource "aws_cloudwatch_event_target" "orders_db_database_disk" {
  rule      = aws_cloudwatch_event_rule.orders_db_database_disk.name
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
