# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Alarms on what users notice and on what runs out, and who is notified.

resource "aws_sns_topic" "alerts" {
  name = "portal-staging-alerts"

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
      values   = ["arn:aws:cloudwatch:eu-west-1:${data.aws_caller_identity.current.account_id}:alarm:portal-staging-*"]
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

# AWS sends a mail with a link. Alarms arrive only after somebody has followed it.
resource "aws_sns_topic_subscription" "email_eb2b6c0d" {
  topic_arn = aws_sns_topic.alerts.arn
  protocol  = "email"
  endpoint  = "dev@example.com"
}

resource "aws_cloudwatch_metric_alarm" "api_service_latency" {
  alarm_name          = "portal-staging-api-service-latency"
  alarm_description   = "api: 5% of requests have taken longer than 1000 ms for 15 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 1
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "TargetResponseTime"
  dimensions = {
    LoadBalancer = aws_lb.main.arn_suffix
    TargetGroup  = aws_lb_target_group.api.arn_suffix
  }
  period             = 300
  extended_statistic = "p95"
  alarm_actions      = [aws_sns_topic.alerts.arn]
  ok_actions         = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "api_service_unhealthy" {
  alarm_name          = "portal-staging-api-service-unhealthy"
  alarm_description   = "A task of api has failed its health check for ten minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 10
  datapoints_to_alarm = 10
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "UnHealthyHostCount"
  dimensions = {
    LoadBalancer = aws_lb.main.arn_suffix
    TargetGroup  = aws_lb_target_group.api.arn_suffix
  }
  period        = 60
  statistic     = "Maximum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "site_service_latency" {
  alarm_name          = "portal-staging-site-service-latency"
  alarm_description   = "site: 5% of requests have taken longer than 1000 ms for 15 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 1
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "TargetResponseTime"
  dimensions = {
    LoadBalancer = aws_lb.main.arn_suffix
    TargetGroup  = aws_lb_target_group.site.arn_suffix
  }
  period             = 300
  extended_statistic = "p95"
  alarm_actions      = [aws_sns_topic.alerts.arn]
  ok_actions         = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "site_service_unhealthy" {
  alarm_name          = "portal-staging-site-service-unhealthy"
  alarm_description   = "A task of site has failed its health check for ten minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 10
  datapoints_to_alarm = 10
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "UnHealthyHostCount"
  dimensions = {
    LoadBalancer = aws_lb.main.arn_suffix
    TargetGroup  = aws_lb_target_group.site.arn_suffix
  }
  period        = 60
  statistic     = "Maximum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "nat_ports_eu_west_1a" {
  alarm_name          = "portal-staging-nat-ports-eu-west-1a"
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
  alarm_name          = "portal-staging-certificate"
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

resource "aws_cloudwatch_metric_alarm" "certificate_www_portal_example_com" {
  alarm_name          = "portal-staging-certificate-www.portal.example.com"
  alarm_description   = "The certificate of www.portal.example.com ends in less than 30 days and was not renewed: look at the record that proves the name, and at CAA records"
  comparison_operator = "LessThanThreshold"
  threshold           = 30
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/CertificateManager"
  metric_name         = "DaysToExpiry"
  dimensions = {
    CertificateArn = aws_acm_certificate.alias_www_portal_example_com.arn
  }
  period        = 86400
  statistic     = "Minimum"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "site_service_cpu" {
  alarm_name          = "portal-staging-site-service-cpu"
  alarm_description   = "site has used more than 80% of its CPU for 15 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/ECS"
  metric_name         = "CPUUtilization"
  dimensions = {
    ClusterName = aws_ecs_cluster.main.name
    ServiceName = aws_ecs_service.site.name
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "site_service_memory" {
  alarm_name          = "portal-staging-site-service-memory"
  alarm_description   = "site has used more than 90% of its memory for 15 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 90
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/ECS"
  metric_name         = "MemoryUtilization"
  dimensions = {
    ClusterName = aws_ecs_cluster.main.name
    ServiceName = aws_ecs_service.site.name
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "api_service_cpu" {
  alarm_name          = "portal-staging-api-service-cpu"
  alarm_description   = "api has used more than 80% of its CPU for 15 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/ECS"
  metric_name         = "CPUUtilization"
  dimensions = {
    ClusterName = aws_ecs_cluster.main.name
    ServiceName = aws_ecs_service.api.name
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "api_service_memory" {
  alarm_name          = "portal-staging-api-service-memory"
  alarm_description   = "api has used more than 90% of its memory for 15 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 90
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/ECS"
  metric_name         = "MemoryUtilization"
  dimensions = {
    ClusterName = aws_ecs_cluster.main.name
    ServiceName = aws_ecs_service.api.name
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "portal_db_database_cpu" {
  alarm_name          = "portal-staging-portal-db-database-cpu"
  alarm_description   = "Database portal-db uses more than 80% of CPU"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/RDS"
  metric_name         = "CPUUtilization"
  dimensions = {
    DBInstanceIdentifier = aws_db_instance.portal_db.identifier
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "portal_db_database_disk" {
  alarm_name          = "portal-staging-portal-db-database-disk"
  alarm_description   = "Database portal-db has less than 20% of its first 20 GiB free"
  comparison_operator = "LessThanThreshold"
  threshold           = 4294967296
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/RDS"
  metric_name         = "FreeStorageSpace"
  dimensions = {
    DBInstanceIdentifier = aws_db_instance.portal_db.identifier
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "portal_db_database_memory" {
  alarm_name          = "portal-staging-portal-db-database-memory"
  alarm_description   = "Database portal-db has less than 5% of its memory to spare"
  comparison_operator = "LessThanThreshold"
  threshold           = 107374182
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/RDS"
  metric_name         = "FreeableMemory"
  dimensions = {
    DBInstanceIdentifier = aws_db_instance.portal_db.identifier
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "portal_db_database_connections" {
  alarm_name          = "portal-staging-portal-db-database-connections"
  alarm_description   = "Database portal-db has more than 142 connections, 80% of what its size allows"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 142
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/RDS"
  metric_name         = "DatabaseConnections"
  dimensions = {
    DBInstanceIdentifier = aws_db_instance.portal_db.identifier
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "portal_db_database_credits" {
  alarm_name          = "portal-staging-portal-db-database-credits"
  alarm_description   = "Database portal-db has used more CPU than its size earns: AWS bills the rest. Another size may cost less"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/RDS"
  metric_name         = "CPUSurplusCreditsCharged"
  dimensions = {
    DBInstanceIdentifier = aws_db_instance.portal_db.identifier
  }
  period        = 300
  statistic     = "Average"
  alarm_actions = [aws_sns_topic.alerts.arn]
  ok_actions    = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "error_rate" {
  alarm_name          = "portal-staging-error-rate"
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

resource "aws_cloudwatch_metric_alarm" "site_service_tasks" {
  alarm_name          = "portal-staging-site-service-tasks"
  alarm_description   = "Fewer tasks of site than wanted have run for 15 minutes"
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
        ServiceName = aws_ecs_service.site.name
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
        ServiceName = aws_ecs_service.site.name
      }
      period = 60
      stat   = "Average"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "api_service_tasks" {
  alarm_name          = "portal-staging-api-service-tasks"
  alarm_description   = "Fewer tasks of api than wanted have run for 15 minutes"
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
        ServiceName = aws_ecs_service.api.name
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
        ServiceName = aws_ecs_service.api.name
      }
      period = 60
      stat   = "Average"
    }
  }
}

resource "aws_cloudwatch_event_rule" "portal_db_database_disk" {
  name        = "portal-staging-portal-db-database-disk"
  description = "The disk of database portal-db is near its limit"
  event_pattern = jsonencode({
    source        = ["aws.rds"]
    "detail-type" = ["RDS DB Instance Event"]
    detail = {
      SourceIdentifier = [aws_db_instance.portal_db.identifier]
      EventID          = ["RDS-EVENT-0007", "RDS-EVENT-0223", "RDS-EVENT-0224", "RDS-EVENT-0225"]
    }
  })
}

resource "aws_cloudwatch_event_target" "portal_db_database_disk" {
  rule      = aws_cloudwatch_event_rule.portal_db_database_disk.name
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
  dashboard_name = "portal-staging-eu-west-1"
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
              aws_lb_target_group.api.arn_suffix,
              { stat = "Sum", label = "api" },
            ],
            [
              "AWS/ApplicationELB",
              "RequestCount",
              "LoadBalancer",
              aws_lb.main.arn_suffix,
              "TargetGroup",
              aws_lb_target_group.site.arn_suffix,
              { stat = "Sum", label = "site" },
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
              aws_lb_target_group.api.arn_suffix,
              { stat = "p50", label = "api p50" },
            ],
            [
              "AWS/ApplicationELB",
              "TargetResponseTime",
              "LoadBalancer",
              aws_lb.main.arn_suffix,
              "TargetGroup",
              aws_lb_target_group.site.arn_suffix,
              { stat = "p50", label = "site p50" },
            ],
            [
              "AWS/ApplicationELB",
              "TargetResponseTime",
              "LoadBalancer",
              aws_lb.main.arn_suffix,
              "TargetGroup",
              aws_lb_target_group.api.arn_suffix,
              { stat = "p95", label = "api p95" },
            ],
            [
              "AWS/ApplicationELB",
              "TargetResponseTime",
              "LoadBalancer",
              aws_lb.main.arn_suffix,
              "TargetGroup",
              aws_lb_target_group.site.arn_suffix,
              { stat = "p95", label = "site p95" },
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
              aws_ecs_service.site.name,
              { stat = "Average", label = "site" },
            ],
            [
              "ECS/ContainerInsights",
              "RunningTaskCount",
              "ClusterName",
              aws_ecs_cluster.main.name,
              "ServiceName",
              aws_ecs_service.api.name,
              { stat = "Average", label = "api" },
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
              aws_ecs_service.site.name,
              { stat = "Average", label = "site" },
            ],
            [
              "AWS/ECS",
              "CPUUtilization",
              "ClusterName",
              aws_ecs_cluster.main.name,
              "ServiceName",
              aws_ecs_service.api.name,
              { stat = "Average", label = "api" },
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
              aws_ecs_service.site.name,
              { stat = "Average", label = "site" },
            ],
            [
              "AWS/ECS",
              "MemoryUtilization",
              "ClusterName",
              aws_ecs_cluster.main.name,
              "ServiceName",
              aws_ecs_service.api.name,
              { stat = "Average", label = "api" },
            ],
          ]
          period = 60
          yAxis  = { left = { min = 0 } }
        }
      },
      { type = "text", x = 0, y = 14, width = 24, height = 1, properties = { markdown = "## portal-db" } },
      {
        type   = "metric"
        x      = 0
        y      = 15
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Database portal-db uses more than 80% of CPU"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/RDS",
              "CPUUtilization",
              "DBInstanceIdentifier",
              aws_db_instance.portal_db.identifier,
              { stat = "Average" },
            ],
          ]
          period      = 300
          yAxis       = { left = { min = 0 } }
          annotations = { horizontal = [{ label = "Alarm", value = 80 }] }
        }
      },
      {
        type   = "metric"
        x      = 8
        y      = 15
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Database portal-db has less than 20% of its first 20 GiB free"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/RDS",
              "FreeStorageSpace",
              "DBInstanceIdentifier",
              aws_db_instance.portal_db.identifier,
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
        y      = 15
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Database portal-db has less than 5% of its memory to spare"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/RDS",
              "FreeableMemory",
              "DBInstanceIdentifier",
              aws_db_instance.portal_db.identifier,
              { stat = "Average" },
            ],
          ]
          period      = 300
          yAxis       = { left = { min = 0 } }
          annotations = { horizontal = [{ label = "Alarm", value = 107374182 }] }
        }
      },
      {
        type   = "metric"
        x      = 0
        y      = 21
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Database portal-db has more than 142 connections, 80% of what its size allows"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/RDS",
              "DatabaseConnections",
              "DBInstanceIdentifier",
              aws_db_instance.portal_db.identifier,
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
        y      = 21
        width  = 8
        height = 6
        properties = {
          region = "eu-west-1"
          title  = "Database portal-db has used more CPU than its size earns: AWS bills the rest. Another size may cost less"
          view   = "timeSeries"
          metrics = [
            [
              "AWS/RDS",
              "CPUSurplusCreditsCharged",
              "DBInstanceIdentifier",
              aws_db_instance.portal_db.identifier,
              { stat = "Average" },
            ],
          ]
          period      = 300
          yAxis       = { left = { min = 0 } }
          annotations = { horizontal = [{ label = "Alarm", value = 0 }] }
        }
      },
    ]
  })
}
