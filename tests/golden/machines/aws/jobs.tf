# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Jobs. EventBridge Scheduler starts a Fargate task on a schedule. A task that fails sends a notification.

resource "aws_scheduler_schedule_group" "main" {
  name = "press-staging"
}

resource "aws_cloudwatch_log_group" "nightly" {
  name              = "/press-staging/nightly"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_security_group" "nightly" {
  # checkov:skip=CKV2_AWS_5: attached by containers.*.schedule, where checkov does not look
  name_prefix = "press-staging-nightly-"
  description = "Tasks of nightly"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "press-staging-nightly"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "nightly_to_internet" {
  security_group_id = aws_security_group.nightly.id
  description       = "nightly to the internet, HTTPS only"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "nightly_to_articles" {
  security_group_id            = aws_security_group.nightly.id
  description                  = "nightly to articles"
  referenced_security_group_id = aws_security_group.articles_database.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_ecs_task_definition" "nightly" {
  family                   = "press-staging-nightly"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 1024
  memory                   = 2048
  execution_role_arn       = aws_iam_role.nightly_execution.arn
  task_role_arn            = aws_iam_role.nightly_task.arn

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
      name                   = "nightly"
      image                  = var.images.web
      essential              = true
      command                = ["timeout", "--signal=TERM", "--kill-after=30s", "3600s", "python", "-m", "press.nightly"]
      user                   = "10001:10001"
      readonlyRootFilesystem = true
      linuxParameters        = { initProcessEnabled = true }
      mountPoints = [
        { sourceVolume = "tmp", containerPath = "/tmp", readOnly = false },
      ]
      environment = [
        { name = "ARTICLES_HOST", value = aws_db_instance.articles.address },
        { name = "ARTICLES_PORT", value = "5432" },
        { name = "ARTICLES_NAME", value = "articles" },
        { name = "ARTICLES_USER", value = "app" },
        { name = "ARTICLES_SSLMODE", value = "require" },
      ]
      secrets = [
        {
          name      = "ARTICLES_PASSWORD"
          valueFrom = "${aws_db_instance.articles.master_user_secret[0].secret_arn}:password::"
        },
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.nightly.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "nightly"
          mode                    = "non-blocking"
          "max-buffer-size"       = "4m"
        }
      }
    },
  ])
}

resource "aws_scheduler_schedule" "nightly" {
  name                         = "press-staging-nightly"
  group_name                   = aws_scheduler_schedule_group.main.name
  schedule_expression          = "cron(0 2 * * ? *)"
  schedule_expression_timezone = "Europe/Berlin"
  kms_key_arn                  = aws_kms_key.main.arn

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_ecs_cluster.main.arn
    role_arn = aws_iam_role.nightly_scheduler.arn

    ecs_parameters {
      # Without a revision, so that each run uses the newest one.
      task_definition_arn     = aws_ecs_task_definition.nightly.arn_without_revision
      task_count              = 1
      enable_ecs_managed_tags = true
      propagate_tags          = "TASK_DEFINITION"

      capacity_provider_strategy {
        capacity_provider = "FARGATE"
        weight            = 1
      }

      network_configuration {
        subnets          = [for subnet in aws_subnet.private : subnet.id]
        security_groups  = [aws_security_group.nightly.id]
        assign_public_ip = false
      }
    }

    # Retries the start of the task for at most an hour. A task that ran and failed is reported and not repeated.
    retry_policy {
      maximum_event_age_in_seconds = 3600
      maximum_retry_attempts       = 3
    }
  }

  # Created before the first run.
  depends_on = [
    aws_route.private_internet,
    aws_vpc_security_group_egress_rule.nightly_to_internet,
    aws_vpc_security_group_egress_rule.nightly_to_articles,
    aws_iam_role_policy.nightly_execution,
    aws_db_instance.articles,
    aws_vpc_security_group_ingress_rule.articles_from_nightly,
    aws_iam_role_policy.nightly_scheduler,
    aws_ecs_cluster_capacity_providers.main,
  ]
}

# Notifies of a job that ended with an exit code other than 0, was stopped, or did not start.
resource "aws_cloudwatch_event_rule" "failed_jobs" {
  name        = "press-staging-failed-jobs"
  description = "A job failed"
  event_pattern = jsonencode({
    source        = ["aws.ecs"]
    "detail-type" = ["ECS Task State Change"]
    detail = {
      clusterArn = [aws_ecs_cluster.main.arn]
      group      = [{ prefix = "family:press-staging-" }]
      lastStatus = ["STOPPED"]
      "$or" = [
        { containers = { exitCode = [{ "anything-but" = [0] }] } },
        { stopCode = [{ "anything-but" = ["EssentialContainerExited"] }] },
      ]
    }
  })
}

resource "aws_cloudwatch_event_target" "failed_jobs" {
  rule      = aws_cloudwatch_event_rule.failed_jobs.name
  target_id = "alerts"
  arn       = aws_sns_topic.alerts.arn

  input_transformer {
    input_paths = {
      job    = "$.detail.group"
      code   = "$.detail.containers[0].exitCode"
      reason = "$.detail.stoppedReason"
      task   = "$.detail.taskArn"
    }
    input_template = "\"A job of press-staging failed: <job>, exit code <code>, <reason>. Task: <task>\""
  }
}
