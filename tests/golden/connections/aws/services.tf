# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The ECS cluster on Fargate, and a service for each container that runs all the time.

resource "aws_ecs_cluster" "main" {
  name = "desk-dev"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_cluster_capacity_providers" "main" {
  cluster_name       = aws_ecs_cluster.main.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
}

resource "aws_cloudwatch_log_group" "web" {
  # checkov:skip=CKV_AWS_158: security.encryption is provider_managed
  # checkov:skip=CKV_AWS_338: monitoring.logs.retention is less than a year
  name              = "/desk-dev/web"
  retention_in_days = 30
}

resource "aws_security_group" "web" {
  name_prefix = "desk-dev-web-"
  description = "Tasks of web"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "desk-dev-web"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "web_from_load_balancer" {
  security_group_id            = aws_security_group.web.id
  description                  = "load balancer to web"
  referenced_security_group_id = aws_security_group.load_balancer.id

  # All ports: while a new port is rolled out, old tasks still serve on the old one.
  ip_protocol = "-1"
}

resource "aws_vpc_security_group_egress_rule" "web_to_internet" {
  security_group_id = aws_security_group.web.id
  description       = "web to the internet, HTTPS only"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "web_to_tickets" {
  security_group_id            = aws_security_group.web.id
  description                  = "web to tickets"
  referenced_security_group_id = aws_security_group.tickets_database.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_vpc_security_group_egress_rule" "web_to_broker" {
  security_group_id            = aws_security_group.web.id
  description                  = "web to broker"
  referenced_security_group_id = aws_security_group.broker_cache.id
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}

resource "aws_ecs_task_definition" "web" {
  family                   = "desk-dev-web"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  execution_role_arn       = aws_iam_role.web_execution.arn
  task_role_arn            = aws_iam_role.web_task.arn

  # Old revisions stay, because running tasks, rollbacks and schedules need them.
  skip_destroy = true

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }

  # The root file system is read-only. This folder is writable.
  volume {
    name = "tmp"
  }

  container_definitions = jsonencode([
    {
      name                   = "web"
      image                  = var.images.web
      essential              = true
      user                   = "10001:10001"
      readonlyRootFilesystem = true
      linuxParameters        = { initProcessEnabled = true }
      mountPoints = [
        { sourceVolume = "tmp", containerPath = "/tmp", readOnly = false },
      ]
      portMappings = [{ containerPort = 8000, protocol = "tcp" }]
      environment = [
        { name = "PORT", value = "8000" },
        { name = "TICKETS_HOST", value = aws_db_instance.tickets.address },
        { name = "TICKETS_PORT", value = "5432" },
        { name = "TICKETS_NAME", value = "tickets" },
        { name = "TICKETS_USER", value = "app" },
        { name = "TICKETS_SSLMODE", value = "require" },
        { name = "BROKER_HOST", value = aws_elasticache_replication_group.broker.primary_endpoint_address },
        { name = "BROKER_PORT", value = "6379" },
        { name = "BROKER_TLS", value = "true" },
        { name = "UPLOADS_BUCKET", value = aws_s3_bucket.uploads.bucket },
        { name = "UPLOADS_BUCKET_URL", value = "s3://${aws_s3_bucket.uploads.bucket}" },
        { name = "INBOX_QUEUE", value = aws_sqs_queue.inbox.url },
        { name = "LOG_LEVEL", value = "info" },
        {
          name  = "DATABASE_URL"
          value = "postgresql+asyncpg://app:{TICKETS_PASSWORD}@${aws_db_instance.tickets.address}:5432/tickets?ssl=require"
        },
        {
          name  = "CELERY_BROKER_URL"
          value = "rediss://${aws_elasticache_replication_group.broker.primary_endpoint_address}:6379/0?ssl_cert_reqs=required"
        },
        { name = "POSTGRES_SERVER", value = aws_db_instance.tickets.address },
        { name = "UPLOADS", value = "s3://${aws_s3_bucket.uploads.bucket}" },
        { name = "INBOX", value = aws_sqs_queue.inbox.name },
        { name = "INCOMPLETE_URLS", value = "DATABASE_URL" },
      ]
      secrets = [
        {
          name      = "TICKETS_PASSWORD"
          valueFrom = "${aws_db_instance.tickets.master_user_secret[0].secret_arn}:password::"
        },
        {
          name      = "POSTGRES_PASSWORD"
          valueFrom = "${aws_db_instance.tickets.master_user_secret[0].secret_arn}:password::"
        },
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.web.name
          "awslogs-region"        = "eu-central-1"
          "awslogs-stream-prefix" = "web"
          mode                    = "non-blocking"
          "max-buffer-size"       = "4m"
        }
      }
    },
  ])
}

resource "aws_ecs_service" "web" {
  name            = "web"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.web.arn
  desired_count   = 1

  # Seconds during which failing health checks of a new task do not count.
  health_check_grace_period_seconds = 60

  # A deployment starts new tasks before it stops old ones. It rolls back when the new ones do not become healthy.
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  availability_zone_rebalancing = "ENABLED"

  # With this, another capacity provider is a new deployment. Without it, Terraform would replace the service.
  force_new_deployment = true

  capacity_provider_strategy {
    capacity_provider = "FARGATE"
    weight            = 1
  }

  network_configuration {
    subnets          = [for subnet in aws_subnet.private : subnet.id]
    security_groups  = [aws_security_group.web.id]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.web.arn
    container_name   = "web"
    container_port   = 8000
  }

  enable_ecs_managed_tags = true
  propagate_tags          = "SERVICE"

  # Created before the first task starts and deleted after the last one has stopped.
  depends_on = [
    aws_lb_listener.http,
    aws_ecs_cluster_capacity_providers.main,
    aws_route.private_internet,
    aws_vpc_security_group_egress_rule.web_to_internet,
    aws_vpc_security_group_egress_rule.web_to_tickets,
    aws_vpc_security_group_egress_rule.web_to_broker,
    aws_iam_role_policy.web_execution,
    aws_iam_role_policy.web_task,
    aws_db_instance.tickets,
    aws_elasticache_replication_group.broker,
    aws_s3_bucket_server_side_encryption_configuration.uploads,
    aws_s3_bucket_versioning.uploads,
    aws_sqs_queue_policy.inbox,
    aws_vpc_security_group_ingress_rule.tickets_from_web,
    aws_vpc_security_group_ingress_rule.broker_from_web,
  ]

  # Autoscaling decides the number of tasks.
  lifecycle {
    ignore_changes = [desired_count]
  }
}

resource "aws_appautoscaling_target" "web" {
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.web.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 1
  max_capacity       = 2
}

resource "aws_appautoscaling_policy" "web_cpu" {
  name               = "cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.web.service_namespace
  resource_id        = aws_appautoscaling_target.web.resource_id
  scalable_dimension = aws_appautoscaling_target.web.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = 60
    scale_in_cooldown  = 300
    scale_out_cooldown = 60

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

# Notifies of a failed deployment: its tasks did not become healthy, and ECS rolled back.
resource "aws_cloudwatch_event_rule" "failed_deployments" {
  name        = "desk-dev-failed-deployments"
  description = "A deployment failed"
  event_pattern = jsonencode({
    source        = ["aws.ecs"]
    "detail-type" = ["ECS Deployment State Change"]
    resources = [
      { wildcard = "arn:aws:ecs:eu-central-1:111122223333:service/${aws_ecs_cluster.main.name}/*" },
    ]
    detail = { eventName = ["SERVICE_DEPLOYMENT_FAILED"] }
  })
}

resource "aws_cloudwatch_event_target" "failed_deployments" {
  rule      = aws_cloudwatch_event_rule.failed_deployments.name
  target_id = "alerts"
  arn       = aws_sns_topic.alerts.arn

  input_transformer {
    input_paths = {
      service = "$.resources[0]"
      reason  = "$.detail.reason"
    }
    input_template = "\"A deployment of desk-dev failed: <service>. <reason>\""
  }
}
