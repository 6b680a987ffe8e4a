# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The ECS cluster on Fargate, and a service for each container that runs all the time.

resource "aws_ecs_cluster" "main" {
  name = "internal-staging"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_cluster_capacity_providers" "main" {
  cluster_name       = aws_ecs_cluster.main.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
}

resource "aws_cloudwatch_log_group" "api" {
  # checkov:skip=CKV_AWS_338: monitoring.logs.retention is less than a year
  name              = "/internal-staging/api"
  retention_in_days = 90
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_security_group" "api" {
  name_prefix = "internal-staging-api-"
  description = "Tasks of api"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "internal-staging-api"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "api_to_internet" {
  security_group_id = aws_security_group.api.id
  description       = "api to the internet, HTTPS only"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_ecs_task_definition" "api" {
  # checkov:skip=CKV_AWS_336: containers.*.read_only is false
  family                   = "internal-staging-api"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 1024
  memory                   = 3072
  execution_role_arn       = aws_iam_role.api_execution.arn
  task_role_arn            = aws_iam_role.api_task.arn

  # Old revisions stay, because running tasks, rollbacks and schedules need them.
  skip_destroy = true

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }

  container_definitions = jsonencode([
    {
      name                   = "api"
      image                  = var.images.api
      essential              = true
      readonlyRootFilesystem = false
      linuxParameters        = { initProcessEnabled = true }
      portMappings           = [{ containerPort = 9000, protocol = "tcp" }]
      environment            = [{ name = "PORT", value = "9000" }]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.api.name
          "awslogs-region"        = "us-west-2"
          "awslogs-stream-prefix" = "api"
          mode                    = "non-blocking"
          "max-buffer-size"       = "4m"
        }
      }
    },
  ])
}

resource "aws_ecs_service" "api" {
  name            = "api"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.api.arn
  desired_count   = 1

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
    security_groups  = [aws_security_group.api.id]
    assign_public_ip = false
  }

  enable_ecs_managed_tags = true
  propagate_tags          = "SERVICE"

  # Created before the first task starts and deleted after the last one has stopped.
  depends_on = [
    aws_ecs_cluster_capacity_providers.main,
    aws_route.private_internet,
    aws_vpc_security_group_egress_rule.api_to_internet,
    aws_iam_role_policy.api_execution,
  ]

  # Autoscaling decides the number of tasks.
  lifecycle {
    ignore_changes = [desired_count]
  }
}

resource "aws_appautoscaling_target" "api" {
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.api.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 1
  max_capacity       = 4
}

resource "aws_appautoscaling_policy" "api_cpu" {
  name               = "cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.api.service_namespace
  resource_id        = aws_appautoscaling_target.api.resource_id
  scalable_dimension = aws_appautoscaling_target.api.scalable_dimension

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
  name        = "internal-staging-failed-deployments"
  description = "A deployment failed"
  event_pattern = jsonencode({
    source        = ["aws.ecs"]
    "detail-type" = ["ECS Deployment State Change"]
    resources = [
      { wildcard = "arn:aws:ecs:us-west-2:111122223333:service/${aws_ecs_cluster.main.name}/*" },
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
    input_template = "\"A deployment of internal-staging failed: <service>. <reason>\""
  }
}
