# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The ECS cluster on Fargate, and a service for each container that runs all the time.

resource "aws_ecs_cluster" "main" {
  name = "crawler-prod"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_cluster_capacity_providers" "main" {
  cluster_name       = aws_ecs_cluster.main.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
}

resource "aws_cloudwatch_log_group" "worker" {
  name              = "/crawler-prod/worker"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_security_group" "worker" {
  name_prefix = "crawler-prod-worker-"
  description = "Tasks of worker"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "crawler-prod-worker"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "worker_to_endpoints" {
  security_group_id            = aws_security_group.worker.id
  description                  = "worker to AWS services"
  referenced_security_group_id = aws_security_group.endpoints.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_egress_rule" "worker_to_s3" {
  security_group_id = aws_security_group.worker.id
  description       = "worker to S3"
  prefix_list_id    = aws_vpc_endpoint.s3.prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_ecs_task_definition" "worker" {
  family                   = "crawler-prod-worker"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  execution_role_arn       = aws_iam_role.worker_execution.arn
  task_role_arn            = aws_iam_role.worker_task.arn

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
      name                   = "worker"
      image                  = var.images.worker
      essential              = true
      command                = ["python", "-m", "crawler.worker"]
      user                   = "10001:10001"
      readonlyRootFilesystem = true
      linuxParameters        = { initProcessEnabled = true }
      mountPoints = [
        { sourceVolume = "tmp", containerPath = "/tmp", readOnly = false },
      ]
      environment = [
        { name = "PAGES_BUCKET", value = aws_s3_bucket.pages.bucket },
        { name = "PAGES_BUCKET_URL", value = "s3://${aws_s3_bucket.pages.bucket}" },
        { name = "SEEDS_QUEUE", value = aws_sqs_queue.seeds.url },
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.worker.name
          "awslogs-region"        = "eu-central-1"
          "awslogs-stream-prefix" = "worker"
          mode                    = "non-blocking"
          "max-buffer-size"       = "4m"
        }
      }
    },
  ])
}

resource "aws_ecs_service" "worker" {
  name            = "worker"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.worker.arn
  desired_count   = 2

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
    security_groups  = [aws_security_group.worker.id]
    assign_public_ip = false
  }

  enable_ecs_managed_tags = true
  propagate_tags          = "SERVICE"

  # Created before the first task starts and deleted after the last one has stopped.
  depends_on = [
    aws_ecs_cluster_capacity_providers.main,
    aws_vpc_endpoint.s3,
    aws_vpc_endpoint.ecr_api,
    aws_vpc_endpoint.ecr_dkr,
    aws_vpc_endpoint.logs,
    aws_vpc_endpoint.sqs,
    aws_vpc_security_group_ingress_rule.endpoints_from_worker,
    aws_vpc_security_group_egress_rule.worker_to_endpoints,
    aws_vpc_security_group_egress_rule.worker_to_s3,
    aws_iam_role_policy.worker_execution,
    aws_iam_role_policy.worker_task,
    aws_s3_bucket_server_side_encryption_configuration.pages,
    aws_s3_bucket_versioning.pages,
    aws_sqs_queue_policy.seeds,
  ]

  # Autoscaling decides the number of tasks.
  lifecycle {
    ignore_changes = [desired_count]
  }
}

resource "aws_appautoscaling_target" "worker" {
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.worker.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 2
  max_capacity       = 10
}

resource "aws_appautoscaling_policy" "worker_cpu" {
  name               = "cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.worker.service_namespace
  resource_id        = aws_appautoscaling_target.worker.resource_id
  scalable_dimension = aws_appautoscaling_target.worker.scalable_dimension

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
  name        = "crawler-prod-failed-deployments"
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
    input_template = "\"A deployment of crawler-prod failed: <service>. <reason>\""
  }
}
