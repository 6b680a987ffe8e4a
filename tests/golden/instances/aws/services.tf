# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The ECS cluster, and a service for each container that runs all the time. Its machines stand in instances.tf.

resource "aws_ecs_cluster" "main" {
  name = "depot-staging"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_cluster_capacity_providers" "main" {
  cluster_name = aws_ecs_cluster.main.name
  capacity_providers = [
    "FARGATE",
    "FARGATE_SPOT",
    aws_ecs_capacity_provider.instances_amd64.name,
    aws_ecs_capacity_provider.spot_instances_arm64.name,
  ]
}

resource "aws_cloudwatch_log_group" "web" {
  name              = "/depot-staging/web"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_security_group" "web" {
  name_prefix = "depot-staging-web-"
  description = "Tasks of web"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "depot-staging-web"
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

resource "aws_vpc_security_group_egress_rule" "web_to_goods" {
  security_group_id            = aws_security_group.web.id
  description                  = "web to goods"
  referenced_security_group_id = aws_security_group.goods_database.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_ecs_task_definition" "web" {
  family                   = "depot-staging-web"
  requires_compatibilities = ["EC2"]
  network_mode             = "awsvpc"
  cpu                      = 1024
  memory                   = 2048
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
        { name = "GOODS_HOST", value = aws_db_instance.goods.address },
        { name = "GOODS_PORT", value = "5432" },
        { name = "GOODS_NAME", value = "goods" },
        { name = "GOODS_USER", value = "app" },
        { name = "GOODS_SSLMODE", value = "require" },
        { name = "MOVES_QUEUE", value = aws_sqs_queue.moves.url },
      ]
      secrets = [
        {
          name      = "GOODS_PASSWORD"
          valueFrom = "${aws_db_instance.goods.master_user_secret[0].secret_arn}:password::"
        },
        {
          name      = "SIGNING_KEY"
          valueFrom = "${aws_secretsmanager_secret.signing_key.arn}:::${aws_secretsmanager_secret_version.signing_key.version_id}"
        },
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.web.name
          "awslogs-region"        = "eu-west-1"
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
  desired_count   = 2

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
    capacity_provider = aws_ecs_capacity_provider.instances_amd64.name
    weight            = 1
  }

  # New tasks go to the zone that has the fewest, and there to the machine that they fit tightest.
  ordered_placement_strategy {
    type  = "spread"
    field = "attribute:ecs.availability-zone"
  }

  ordered_placement_strategy {
    type  = "binpack"
    field = "memory"
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
    aws_lb_listener.https,
    aws_ecs_cluster_capacity_providers.main,
    aws_route.private_internet,
    aws_vpc_security_group_egress_rule.web_to_internet,
    aws_vpc_security_group_egress_rule.web_to_goods,
    aws_iam_role_policy.web_execution,
    aws_iam_role_policy.web_task,
    aws_secretsmanager_secret_version.signing_key,
    aws_db_instance.goods,
    aws_sqs_queue_policy.moves,
    aws_vpc_security_group_ingress_rule.goods_from_web,
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
  min_capacity       = 2
  max_capacity       = 6
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

resource "aws_cloudwatch_log_group" "mover" {
  name              = "/depot-staging/mover"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_security_group" "mover" {
  name_prefix = "depot-staging-mover-"
  description = "Tasks of mover"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "depot-staging-mover"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "mover_to_internet" {
  security_group_id = aws_security_group.mover.id
  description       = "mover to the internet, HTTPS only"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_ecs_task_definition" "mover" {
  family                   = "depot-staging-mover"
  requires_compatibilities = ["EC2"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  execution_role_arn       = aws_iam_role.mover_execution.arn
  task_role_arn            = aws_iam_role.mover_task.arn

  # Old revisions stay, because running tasks, rollbacks and schedules need them.
  skip_destroy = true

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "ARM64"
  }

  # The root file system is read-only. This folder is writable.
  volume {
    name = "tmp"
  }

  container_definitions = jsonencode([
    {
      name                   = "mover"
      image                  = var.images.mover
      essential              = true
      command                = ["python", "-m", "depot.mover"]
      user                   = "10001:10001"
      readonlyRootFilesystem = true
      linuxParameters        = { initProcessEnabled = true }
      mountPoints = [
        { sourceVolume = "tmp", containerPath = "/tmp", readOnly = false },
      ]
      environment = [{ name = "MOVES_QUEUE", value = aws_sqs_queue.moves.url }]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.mover.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "mover"
          mode                    = "non-blocking"
          "max-buffer-size"       = "4m"
        }
      }
    },
  ])
}

resource "aws_ecs_service" "mover" {
  name            = "mover"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.mover.arn
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
    capacity_provider = aws_ecs_capacity_provider.spot_instances_arm64.name
    weight            = 1
  }

  # New tasks go to the zone that has the fewest, and there to the machine that they fit tightest.
  ordered_placement_strategy {
    type  = "spread"
    field = "attribute:ecs.availability-zone"
  }

  ordered_placement_strategy {
    type  = "binpack"
    field = "memory"
  }

  network_configuration {
    subnets          = [for subnet in aws_subnet.private : subnet.id]
    security_groups  = [aws_security_group.mover.id]
    assign_public_ip = false
  }

  enable_ecs_managed_tags = true
  propagate_tags          = "SERVICE"

  # Created before the first task starts and deleted after the last one has stopped.
  depends_on = [
    aws_ecs_cluster_capacity_providers.main,
    aws_route.private_internet,
    aws_vpc_security_group_egress_rule.mover_to_internet,
    aws_iam_role_policy.mover_execution,
    aws_iam_role_policy.mover_task,
    aws_sqs_queue_policy.moves,
  ]

  # Autoscaling decides the number of tasks.
  lifecycle {
    ignore_changes = [desired_count]
  }
}

resource "aws_appautoscaling_target" "mover" {
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.mover.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 1
  max_capacity       = 4
}

resource "aws_appautoscaling_policy" "mover_cpu" {
  name               = "cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.mover.service_namespace
  resource_id        = aws_appautoscaling_target.mover.resource_id
  scalable_dimension = aws_appautoscaling_target.mover.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = 60
    scale_in_cooldown  = 300
    scale_out_cooldown = 60

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

resource "aws_appautoscaling_policy" "mover_messages" {
  name               = "messages"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.mover.service_namespace
  resource_id        = aws_appautoscaling_target.mover.resource_id
  scalable_dimension = aws_appautoscaling_target.mover.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = 20
    scale_in_cooldown  = 300
    scale_out_cooldown = 60

    customized_metric_specification {
      metrics {
        id = "messages"

        metric_stat {
          stat = "Sum"

          metric {
            namespace   = "AWS/SQS"
            metric_name = "ApproximateNumberOfMessagesVisible"

            dimensions {
              name  = "QueueName"
              value = aws_sqs_queue.moves.name
            }
          }
        }

        return_data = false
      }

      metrics {
        id = "tasks"

        metric_stat {
          stat = "Average"

          metric {
            namespace   = "ECS/ContainerInsights"
            metric_name = "RunningTaskCount"

            dimensions {
              name  = "ClusterName"
              value = aws_ecs_cluster.main.name
            }

            dimensions {
              name  = "ServiceName"
              value = aws_ecs_service.mover.name
            }
          }
        }

        return_data = false
      }

      metrics {
        id          = "backlog"
        expression  = "messages / tasks"
        label       = "Messages for each task"
        return_data = true
      }
    }
  }
}

resource "aws_cloudwatch_log_group" "watcher" {
  name              = "/depot-staging/watcher"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_security_group" "watcher" {
  name_prefix = "depot-staging-watcher-"
  description = "Tasks of watcher"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "depot-staging-watcher"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "watcher_to_internet" {
  security_group_id = aws_security_group.watcher.id
  description       = "watcher to the internet, HTTPS only"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_ecs_task_definition" "watcher" {
  family                   = "depot-staging-watcher"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  execution_role_arn       = aws_iam_role.watcher_execution.arn
  task_role_arn            = aws_iam_role.watcher_task.arn

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
      name                   = "watcher"
      image                  = var.images.web
      essential              = true
      command                = ["python", "-m", "depot.watcher"]
      user                   = "10001:10001"
      readonlyRootFilesystem = true
      linuxParameters        = { initProcessEnabled = true }
      mountPoints = [
        { sourceVolume = "tmp", containerPath = "/tmp", readOnly = false },
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.watcher.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "watcher"
          mode                    = "non-blocking"
          "max-buffer-size"       = "4m"
        }
      }
    },
  ])
}

resource "aws_ecs_service" "watcher" {
  name            = "watcher"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.watcher.arn
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
    security_groups  = [aws_security_group.watcher.id]
    assign_public_ip = false
  }

  enable_ecs_managed_tags = true
  propagate_tags          = "SERVICE"

  # Created before the first task starts and deleted after the last one has stopped.
  depends_on = [
    aws_ecs_cluster_capacity_providers.main,
    aws_route.private_internet,
    aws_vpc_security_group_egress_rule.watcher_to_internet,
    aws_iam_role_policy.watcher_execution,
  ]
}

# Notifies of a failed deployment: its tasks did not become healthy, and ECS rolled back.
resource "aws_cloudwatch_event_rule" "failed_deployments" {
  name        = "depot-staging-failed-deployments"
  description = "A deployment failed"
  event_pattern = jsonencode({
    source        = ["aws.ecs"]
    "detail-type" = ["ECS Deployment State Change"]
    resources = [
      {
        wildcard = "arn:aws:ecs:eu-west-1:${data.aws_caller_identity.current.account_id}:service/${aws_ecs_cluster.main.name}/*"
      },
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
    input_template = "\"A deployment of depot-staging failed: <service>. <reason>\""
  }
}
