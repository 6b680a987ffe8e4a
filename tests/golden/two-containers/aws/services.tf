# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The ECS cluster on Fargate, and a service for each container that runs all the time.

resource "aws_ecs_cluster" "main" {
  name = "portal-staging"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_cluster_capacity_providers" "main" {
  cluster_name       = aws_ecs_cluster.main.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
}

resource "aws_cloudwatch_log_group" "site" {
  # checkov:skip=CKV_AWS_338: monitoring.logs.retention is less than a year
  name              = "/portal-staging/site"
  retention_in_days = 90
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_security_group" "site" {
  name_prefix = "portal-staging-site-"
  description = "Tasks of site"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "portal-staging-site"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "site_from_load_balancer" {
  security_group_id            = aws_security_group.site.id
  description                  = "load balancer to site"
  referenced_security_group_id = aws_security_group.load_balancer.id

  # All ports: while a new port is rolled out, old tasks still serve on the old one.
  ip_protocol = "-1"
}

resource "aws_vpc_security_group_egress_rule" "site_to_internet" {
  security_group_id = aws_security_group.site.id
  description       = "site to the internet, HTTPS only"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "site_to_portal_db" {
  security_group_id            = aws_security_group.site.id
  description                  = "site to portal-db"
  referenced_security_group_id = aws_security_group.portal_db_database.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_ecs_task_definition" "site" {
  family                   = "portal-staging-site"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  execution_role_arn       = aws_iam_role.site_execution.arn
  task_role_arn            = aws_iam_role.site_task.arn

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
      name                   = "site"
      image                  = var.images.site
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
        { name = "UPLOADS_BUCKET", value = aws_s3_bucket.uploads.bucket },
        { name = "UPLOADS_BUCKET_URL", value = "s3://${aws_s3_bucket.uploads.bucket}" },
        { name = "PORTAL_DB_HOST", value = aws_db_instance.portal_db.address },
        { name = "PORTAL_DB_PORT", value = "5432" },
        { name = "PORTAL_DB_NAME", value = "portal_db" },
        { name = "PORTAL_DB_USER", value = "app" },
        { name = "PORTAL_DB_SSLMODE", value = "require" },
      ]
      secrets = [
        {
          name      = "PORTAL_DB_PASSWORD"
          valueFrom = "${aws_db_instance.portal_db.master_user_secret[0].secret_arn}:password::"
        },
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.site.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "site"
          mode                    = "non-blocking"
          "max-buffer-size"       = "4m"
        }
      }
    },
  ])
}

resource "aws_ecs_service" "site" {
  name            = "site"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.site.arn
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
    security_groups  = [aws_security_group.site.id]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.site.arn
    container_name   = "site"
    container_port   = 8000
  }

  enable_ecs_managed_tags = true
  propagate_tags          = "SERVICE"

  # Created before the first task starts and deleted after the last one has stopped.
  depends_on = [
    aws_lb_listener.https,
    aws_ecs_cluster_capacity_providers.main,
    aws_route.private_internet,
    aws_vpc_security_group_egress_rule.site_to_internet,
    aws_vpc_security_group_egress_rule.site_to_portal_db,
    aws_iam_role_policy.site_execution,
    aws_iam_role_policy.site_task,
    aws_s3_bucket_server_side_encryption_configuration.uploads,
    aws_s3_bucket_versioning.uploads,
    aws_db_instance.portal_db,
    aws_vpc_security_group_ingress_rule.portal_db_from_site,
  ]

  # Autoscaling decides the number of tasks.
  lifecycle {
    ignore_changes = [desired_count]
  }
}

resource "aws_appautoscaling_target" "site" {
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.site.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 1
  max_capacity       = 4
}

resource "aws_appautoscaling_policy" "site_cpu" {
  name               = "cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.site.service_namespace
  resource_id        = aws_appautoscaling_target.site.resource_id
  scalable_dimension = aws_appautoscaling_target.site.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = 60
    scale_in_cooldown  = 300
    scale_out_cooldown = 60

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

resource "aws_cloudwatch_log_group" "api" {
  # checkov:skip=CKV_AWS_338: monitoring.logs.retention is less than a year
  name              = "/portal-staging/api"
  retention_in_days = 90
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_security_group" "api" {
  name_prefix = "portal-staging-api-"
  description = "Tasks of api"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "portal-staging-api"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "api_from_load_balancer" {
  security_group_id            = aws_security_group.api.id
  description                  = "load balancer to api"
  referenced_security_group_id = aws_security_group.load_balancer.id

  # All ports: while a new port is rolled out, old tasks still serve on the old one.
  ip_protocol = "-1"
}

resource "aws_vpc_security_group_egress_rule" "api_to_internet" {
  security_group_id = aws_security_group.api.id
  description       = "api to the internet, HTTPS only"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "api_out_587" {
  security_group_id = aws_security_group.api.id
  description       = "api to the internet, port 587"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 587
  to_port           = 587
}

resource "aws_vpc_security_group_egress_rule" "api_out_203_0_113_0_24_27017" {
  security_group_id = aws_security_group.api.id
  description       = "api to 203.0.113.0/24, port 27017"
  cidr_ipv4         = "203.0.113.0/24"
  ip_protocol       = "tcp"
  from_port         = 27017
  to_port           = 27017
}

resource "aws_vpc_security_group_egress_rule" "api_to_portal_db" {
  security_group_id            = aws_security_group.api.id
  description                  = "api to portal-db"
  referenced_security_group_id = aws_security_group.portal_db_database.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_ecs_task_definition" "api" {
  family                   = "portal-staging-api"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  execution_role_arn       = aws_iam_role.api_execution.arn
  task_role_arn            = aws_iam_role.api_task.arn

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
      name                   = "api"
      image                  = var.images.api
      essential              = true
      user                   = "10001:10001"
      readonlyRootFilesystem = true
      linuxParameters        = { initProcessEnabled = true }
      mountPoints = [
        { sourceVolume = "tmp", containerPath = "/tmp", readOnly = false },
      ]
      portMappings = [{ containerPort = 8080, protocol = "tcp" }]
      environment = [
        { name = "PORT", value = "8080" },
        { name = "UPLOADS_BUCKET", value = aws_s3_bucket.uploads.bucket },
        { name = "UPLOADS_BUCKET_URL", value = "s3://${aws_s3_bucket.uploads.bucket}" },
        { name = "PORTAL_DB_HOST", value = aws_db_instance.portal_db.address },
        { name = "PORTAL_DB_PORT", value = "5432" },
        { name = "PORTAL_DB_NAME", value = "portal_db" },
        { name = "PORTAL_DB_USER", value = "app" },
        { name = "PORTAL_DB_SSLMODE", value = "require" },
        { name = "GREETING", value = "Grüße $${name} %%{x} \"quoted\" 🎟" },
      ]
      secrets = [
        {
          name      = "PORTAL_DB_PASSWORD"
          valueFrom = "${aws_db_instance.portal_db.master_user_secret[0].secret_arn}:password::"
        },
        {
          name      = "SIGNING_KEY"
          valueFrom = "${aws_secretsmanager_secret.signing_key.arn}:::${aws_secretsmanager_secret_version.signing_key.version_id}"
        },
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.api.name
          "awslogs-region"        = "eu-west-1"
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
    security_groups  = [aws_security_group.api.id]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.api.arn
    container_name   = "api"
    container_port   = 8080
  }

  enable_ecs_managed_tags = true
  propagate_tags          = "SERVICE"

  # Created before the first task starts and deleted after the last one has stopped.
  depends_on = [
    aws_lb_listener.https,
    aws_lb_listener_rule.path_api_v2,
    aws_lb_listener_rule.path_api,
    aws_ecs_cluster_capacity_providers.main,
    aws_route.private_internet,
    aws_vpc_security_group_egress_rule.api_to_internet,
    aws_vpc_security_group_egress_rule.api_out_587,
    aws_vpc_security_group_egress_rule.api_out_203_0_113_0_24_27017,
    aws_vpc_security_group_egress_rule.api_to_portal_db,
    aws_iam_role_policy.api_execution,
    aws_iam_role_policy.api_task,
    aws_secretsmanager_secret_version.signing_key,
    aws_s3_bucket_server_side_encryption_configuration.uploads,
    aws_s3_bucket_versioning.uploads,
    aws_db_instance.portal_db,
    aws_vpc_security_group_ingress_rule.portal_db_from_api,
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
  min_capacity       = 2
  max_capacity       = 6
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

resource "aws_appautoscaling_policy" "api_requests" {
  name               = "requests"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.api.service_namespace
  resource_id        = aws_appautoscaling_target.api.resource_id
  scalable_dimension = aws_appautoscaling_target.api.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = 3000
    scale_in_cooldown  = 300
    scale_out_cooldown = 60

    predefined_metric_specification {
      predefined_metric_type = "ALBRequestCountPerTarget"
      resource_label         = "${aws_lb.main.arn_suffix}/${aws_lb_target_group.api.arn_suffix}"
    }
  }
}

# Notifies of a failed deployment: its tasks did not become healthy, and ECS rolled back.
resource "aws_cloudwatch_event_rule" "failed_deployments" {
  name        = "portal-staging-failed-deployments"
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
    input_template = "\"A deployment of portal-staging failed: <service>. <reason>\""
  }
}
