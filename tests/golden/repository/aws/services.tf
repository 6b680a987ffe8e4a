# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The ECS cluster on Fargate, and a service for each container that runs all the time.

resource "aws_ecs_cluster" "main" {
  name = "library-prod"

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
  name              = "/library-prod/web"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_security_group" "web" {
  name_prefix = "library-prod-web-"
  description = "Tasks of web"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "library-prod-web"
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

resource "aws_vpc_security_group_egress_rule" "web_to_books" {
  security_group_id            = aws_security_group.web.id
  description                  = "web to books"
  referenced_security_group_id = aws_security_group.books_database.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_vpc_security_group_egress_rule" "web_to_web_app_covers" {
  security_group_id            = aws_security_group.web.id
  description                  = "web to /app/covers"
  referenced_security_group_id = aws_security_group.web_app_covers_files.id
  ip_protocol                  = "tcp"
  from_port                    = 2049
  to_port                      = 2049
}

resource "aws_ecs_task_definition" "web" {
  family                   = "library-prod-web"
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

  # Writable folders. Each begins with the image's files and is deleted with the task.
  volume {
    name = "app-data"
  }
  volume {
    name = "var-lib-catalogue"
  }

  # Folders whose files stay. The task role opens them.
  volume {
    name = "app-covers"

    efs_volume_configuration {
      file_system_id     = aws_efs_file_system.web_app_covers.id
      transit_encryption = "ENABLED"

      authorization_config {
        access_point_id = aws_efs_access_point.web_app_covers.id
        iam             = "ENABLED"
      }
    }
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
        { sourceVolume = "app-data", containerPath = "/app/data", readOnly = false },
        { sourceVolume = "var-lib-catalogue", containerPath = "/var/lib/catalogue", readOnly = false },
        { sourceVolume = "app-covers", containerPath = "/app/covers", readOnly = false },
      ]
      portMappings = [{ containerPort = 8000, protocol = "tcp" }]
      environment = [
        { name = "PORT", value = "8000" },
        { name = "BOOKS_HOST", value = aws_db_instance.books.address },
        { name = "BOOKS_PORT", value = "5432" },
        { name = "BOOKS_NAME", value = "books" },
        { name = "BOOKS_USER", value = "app" },
        { name = "BOOKS_SSLMODE", value = "require" },
      ]
      secrets = [
        {
          name      = "BOOKS_PASSWORD"
          valueFrom = "${aws_db_instance.books.master_user_secret[0].secret_arn}:password::"
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
    aws_lb_listener.https,
    aws_ecs_cluster_capacity_providers.main,
    aws_route.private_internet,
    aws_vpc_security_group_egress_rule.web_to_internet,
    aws_vpc_security_group_egress_rule.web_to_books,
    aws_vpc_security_group_egress_rule.web_to_web_app_covers,
    aws_iam_role_policy.web_execution,
    aws_iam_role_policy.web_task,
    aws_db_instance.books,
    aws_efs_mount_target.web_app_covers,
    aws_efs_file_system_policy.web_app_covers,
    aws_vpc_security_group_ingress_rule.books_from_web,
    aws_vpc_security_group_ingress_rule.web_app_covers_from_web,
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
  max_capacity       = 10
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

resource "aws_cloudwatch_log_group" "converter" {
  name              = "/library-prod/converter"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_security_group" "converter" {
  name_prefix = "library-prod-converter-"
  description = "Tasks of converter"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "library-prod-converter"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "converter_to_internet" {
  security_group_id = aws_security_group.converter.id
  description       = "converter to the internet, HTTPS only"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_ecs_task_definition" "converter" {
  # checkov:skip=CKV_AWS_336: containers.*.read_only is false
  family                   = "library-prod-converter"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  execution_role_arn       = aws_iam_role.converter_execution.arn
  task_role_arn            = aws_iam_role.converter_task.arn

  # Old revisions stay, because running tasks, rollbacks and schedules need them.
  skip_destroy = true

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }

  # Writable folders. Each begins with the image's files and is deleted with the task.
  volume {
    name = "srv-inbox"
  }

  container_definitions = jsonencode([
    {
      name                   = "converter"
      image                  = var.images.converter
      essential              = true
      command                = ["convert", "--watch", "/srv/inbox"]
      readonlyRootFilesystem = false
      linuxParameters        = { initProcessEnabled = true }
      mountPoints = [
        { sourceVolume = "srv-inbox", containerPath = "/srv/inbox", readOnly = false },
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.converter.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "converter"
          mode                    = "non-blocking"
          "max-buffer-size"       = "4m"
        }
      }
    },
  ])
}

resource "aws_ecs_service" "converter" {
  name            = "converter"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.converter.arn
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
    security_groups  = [aws_security_group.converter.id]
    assign_public_ip = false
  }

  enable_ecs_managed_tags = true
  propagate_tags          = "SERVICE"

  # Created before the first task starts and deleted after the last one has stopped.
  depends_on = [
    aws_ecs_cluster_capacity_providers.main,
    aws_route.private_internet,
    aws_vpc_security_group_egress_rule.converter_to_internet,
    aws_iam_role_policy.converter_execution,
  ]

  # Autoscaling decides the number of tasks.
  lifecycle {
    ignore_changes = [desired_count]
  }
}

resource "aws_appautoscaling_target" "converter" {
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.converter.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 2
  max_capacity       = 10
}

resource "aws_appautoscaling_policy" "converter_cpu" {
  name               = "cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.converter.service_namespace
  resource_id        = aws_appautoscaling_target.converter.resource_id
  scalable_dimension = aws_appautoscaling_target.converter.scalable_dimension

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
  name        = "library-prod-failed-deployments"
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
    input_template = "\"A deployment of library-prod failed: <service>. <reason>\""
  }
}
