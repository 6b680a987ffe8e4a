# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# What runs on machines: an Auto Scaling group of EC2 for each container. A machine runs one container, by Docker.

# The newest image of the operating system. Another one is another version of the launch templates below.
data "aws_ssm_parameter" "amazon_linux_x86_64" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}

resource "aws_cloudwatch_log_group" "web" {
  name              = "/press-staging/web"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_security_group" "web" {
  name_prefix = "press-staging-web-"
  description = "Tasks of web"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "press-staging-web"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "web_from_load_balancer" {
  security_group_id            = aws_security_group.web.id
  description                  = "load balancer to web"
  referenced_security_group_id = aws_security_group.load_balancer.id
  ip_protocol                  = "tcp"
  from_port                    = 8000
  to_port                      = 8000
}

resource "aws_vpc_security_group_egress_rule" "web_to_internet" {
  security_group_id = aws_security_group.web.id
  description       = "web to the internet, HTTPS only"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "web_to_articles" {
  security_group_id            = aws_security_group.web.id
  description                  = "web to articles"
  referenced_security_group_id = aws_security_group.articles_database.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_iam_instance_profile" "web" {
  name = "press-staging-web-machine-eu-west-1"
  role = aws_iam_role.web_machine.name
}

resource "aws_launch_template" "web" {
  name                   = "press-staging-web"
  description            = "web, on demand"
  update_default_version = true
  image_id               = data.aws_ssm_parameter.amazon_linux_x86_64.insecure_value
  instance_type          = "t3.medium"
  vpc_security_group_ids = [aws_security_group.web.id]

  # What a machine does first: cloud-init writes these files, and starts the unit. JSON is YAML. Nothing here is secret.
  user_data = base64encode(join("\n", ["#cloud-config", jsonencode({
    write_files = [
      {
        path        = "/opt/container/settings.json"
        permissions = "0600"
        content = jsonencode({
          name    = "web"
          image   = var.images.web
          command = []
          options = [
            "--init",
            "--network=host",
            "--cap-drop=ALL",
            "--security-opt=no-new-privileges",
            "--user=10001:10001",
            "--ulimit=core=0",
            "--read-only",
            "--tmpfs=/tmp:mode=1777",
            "--log-driver=awslogs",
            "--log-opt=awslogs-region=eu-west-1",
            "--log-opt=awslogs-group=${aws_cloudwatch_log_group.web.name}",
            "--log-opt=mode=non-blocking",
            "--log-opt=max-buffer-size=4m",
            "--log-opt=cache-disabled=true",
          ]
          environment = {
            AWS_REGION         = "eu-west-1"
            AWS_DEFAULT_REGION = "eu-west-1"
            PORT               = "8000"
            ARTICLES_HOST      = aws_db_instance.articles.address
            ARTICLES_PORT      = "5432"
            ARTICLES_NAME      = "articles"
            ARTICLES_USER      = "app"
            ARTICLES_SSLMODE   = "require"
            IMAGES_BUCKET      = aws_s3_bucket.images.bucket
            IMAGES_BUCKET_URL  = "s3://${aws_s3_bucket.images.bucket}"
            PRINTS_QUEUE       = aws_sqs_queue.prints.url
            GREETING           = "Grüße $${name} %%{x} \"quoted\" 🎟"
          }
          secrets = {
            ARTICLES_PASSWORD = {
              secret = aws_db_instance.articles.master_user_secret[0].secret_arn
              key    = "password"
            }
            SIGNING_KEY = {
              secret  = aws_secretsmanager_secret.signing_key.arn
              version = aws_secretsmanager_secret_version.signing_key.version_id
            }
          }
        })
      },
      {
        path        = "/opt/container/start.py"
        permissions = "0644"
        content     = file("${path.module}/machine/start.py")
      },
      {
        path        = "/etc/systemd/system/container.service"
        permissions = "0644"
        content     = file("${path.module}/machine/container.service")
      },
      {
        path        = "/etc/systemd/system/var-lib-docker-containers.mount"
        permissions = "0644"
        content     = file("${path.module}/machine/var-lib-docker-containers.mount")
      },
      {
        path        = "/etc/systemd/system/var-lib-containerd-io.containerd.metadata.v1.bolt.mount"
        permissions = "0644"
        content     = file("${path.module}/machine/var-lib-containerd-io.containerd.metadata.v1.bolt.mount")
      },
    ]
    # Without --no-block cloud-init would wait for the image.
    runcmd = [
      ["systemctl", "daemon-reload"],
      [
        "systemctl",
        "enable",
        "--now",
        "--no-block",
        "var-lib-docker-containers.mount",
        "var-lib-containerd-io.containerd.metadata.v1.bolt.mount",
        "container.service",
      ],
    ]
  })]))

  iam_instance_profile {
    arn = aws_iam_instance_profile.web.arn
  }

  # Tokens only, and not further than the machine itself: the container shares its network.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  # CPU every minute, for scaling.
  monitoring {
    enabled = true
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = 20
      encrypted             = true
      kms_key_id            = aws_kms_key.main.arn
      delete_on_termination = true
    }
  }

  # Machines have the tags of their group.
  tag_specifications {
    resource_type = "volume"
    tags = {
      Name         = "press-staging-web"
      application  = "press"
      environment  = "staging"
      "managed-by" = "terraform"
      team         = "press"
    }
  }

  tag_specifications {
    resource_type = "network-interface"
    tags = {
      Name         = "press-staging-web"
      application  = "press"
      environment  = "staging"
      "managed-by" = "terraform"
      team         = "press"
    }
  }
}

resource "aws_autoscaling_group" "web" {
  name                      = "press-staging-web"
  min_size                  = 2
  max_size                  = 6
  vpc_zone_identifier       = [for subnet in aws_subnet.private : subnet.id]
  target_group_arns         = [aws_lb_target_group.web.arn]
  health_check_type         = "ELB"
  health_check_grace_period = 150
  default_instance_warmup   = 150
  enabled_metrics           = ["GroupDesiredCapacity", "GroupInServiceInstances"]

  launch_template {
    id      = aws_launch_template.web.id
    version = aws_launch_template.web.latest_version
  }

  # New machines come before old ones go.
  instance_maintenance_policy {
    min_healthy_percentage = 100
    max_healthy_percentage = 150
  }

  tag {
    key                 = "Name"
    value               = "press-staging-web"
    propagate_at_launch = true
  }

  tag {
    key                 = "application"
    value               = "press"
    propagate_at_launch = true
  }

  tag {
    key                 = "environment"
    value               = "staging"
    propagate_at_launch = true
  }

  tag {
    key                 = "managed-by"
    value               = "terraform"
    propagate_at_launch = true
  }

  tag {
    key                 = "team"
    value               = "press"
    propagate_at_launch = true
  }

  # Must exist before the first machine starts, and must outlive the last one.
  depends_on = [
    aws_lb_listener.https,
    aws_route.private_internet,
    aws_vpc_security_group_egress_rule.web_to_internet,
    aws_vpc_security_group_egress_rule.web_to_articles,
    aws_iam_role_policy.web_machine,
    aws_secretsmanager_secret_version.signing_key,
    aws_db_instance.articles,
    aws_s3_bucket_server_side_encryption_configuration.images,
    aws_s3_bucket_versioning.images,
    aws_sqs_queue_policy.prints,
    aws_vpc_security_group_ingress_rule.articles_from_web,
  ]

  # deploy.sh rolls a version out, and goes back where it does not work.
  # The scheduled actions below write the limits.
  lifecycle {
    ignore_changes = [launch_template[0].version, min_size, max_size]
  }
}

resource "aws_autoscaling_policy" "web_cpu" {
  name                   = "cpu"
  autoscaling_group_name = aws_autoscaling_group.web.name
  policy_type            = "TargetTrackingScaling"

  target_tracking_configuration {
    target_value = 60

    predefined_metric_specification {
      predefined_metric_type = "ASGAverageCPUUtilization"
    }
  }
}

resource "aws_autoscaling_policy" "web_requests" {
  name                   = "requests"
  autoscaling_group_name = aws_autoscaling_group.web.name
  policy_type            = "TargetTrackingScaling"

  target_tracking_configuration {
    target_value = 3000

    predefined_metric_specification {
      predefined_metric_type = "ALBRequestCountPerTarget"
      resource_label         = "${aws_lb.main.arn_suffix}/${aws_lb_target_group.web.arn_suffix}"
    }
  }
}

resource "aws_autoscaling_schedule" "web_a0dafb" {
  scheduled_action_name  = "schedule-a0dafb"
  autoscaling_group_name = aws_autoscaling_group.web.name
  recurrence             = "0 7 * * 1-5"
  time_zone              = "Europe/Berlin"
  min_size               = 4
  max_size               = -1
  desired_capacity       = -1
}

resource "aws_autoscaling_schedule" "web_3e8aee" {
  scheduled_action_name  = "schedule-3e8aee"
  autoscaling_group_name = aws_autoscaling_group.web.name
  recurrence             = "0 20 * * 1-5"
  time_zone              = "Europe/Berlin"
  min_size               = 2
  max_size               = -1
  desired_capacity       = -1
}

resource "aws_cloudwatch_log_group" "printer" {
  name              = "/press-staging/printer"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_security_group" "printer" {
  name_prefix = "press-staging-printer-"
  description = "Tasks of printer"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "press-staging-printer"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "printer_to_internet" {
  security_group_id = aws_security_group.printer.id
  description       = "printer to the internet, HTTPS only"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "printer_to_articles" {
  security_group_id            = aws_security_group.printer.id
  description                  = "printer to articles"
  referenced_security_group_id = aws_security_group.articles_database.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_iam_instance_profile" "printer" {
  name = "press-staging-printer-machine-eu-west-1"
  role = aws_iam_role.printer_machine.name
}

resource "aws_launch_template" "printer" {
  name                   = "press-staging-printer"
  description            = "printer, spot"
  update_default_version = true
  image_id               = data.aws_ssm_parameter.amazon_linux_x86_64.insecure_value
  instance_type          = "m7i.large"
  vpc_security_group_ids = [aws_security_group.printer.id]

  # What a machine does first: cloud-init writes these files, and starts the unit. JSON is YAML. Nothing here is secret.
  user_data = base64encode(join("\n", ["#cloud-config", jsonencode({
    write_files = [
      {
        path        = "/opt/container/settings.json"
        permissions = "0600"
        content = jsonencode({
          name    = "printer"
          image   = var.images.printer
          command = ["python", "-m", "press.printer"]
          options = [
            "--init",
            "--network=host",
            "--cap-drop=ALL",
            "--security-opt=no-new-privileges",
            "--user=10001:10001",
            "--ulimit=core=0",
            "--read-only",
            "--tmpfs=/tmp:mode=1777",
            "--log-driver=awslogs",
            "--log-opt=awslogs-region=eu-west-1",
            "--log-opt=awslogs-group=${aws_cloudwatch_log_group.printer.name}",
            "--log-opt=mode=non-blocking",
            "--log-opt=max-buffer-size=4m",
            "--log-opt=cache-disabled=true",
          ]
          environment = {
            AWS_REGION         = "eu-west-1"
            AWS_DEFAULT_REGION = "eu-west-1"
            ARTICLES_HOST      = aws_db_instance.articles.address
            ARTICLES_PORT      = "5432"
            ARTICLES_NAME      = "articles"
            ARTICLES_USER      = "app"
            ARTICLES_SSLMODE   = "require"
            IMAGES_BUCKET      = aws_s3_bucket.images.bucket
            IMAGES_BUCKET_URL  = "s3://${aws_s3_bucket.images.bucket}"
            PRINTS_QUEUE       = aws_sqs_queue.prints.url
          }
          secrets = {
            ARTICLES_PASSWORD = {
              secret = aws_db_instance.articles.master_user_secret[0].secret_arn
              key    = "password"
            }
          }
        })
      },
      {
        path        = "/opt/container/start.py"
        permissions = "0644"
        content     = file("${path.module}/machine/start.py")
      },
      {
        path        = "/etc/systemd/system/container.service"
        permissions = "0644"
        content     = file("${path.module}/machine/container.service")
      },
      {
        path        = "/etc/systemd/system/var-lib-docker-containers.mount"
        permissions = "0644"
        content     = file("${path.module}/machine/var-lib-docker-containers.mount")
      },
      {
        path        = "/etc/systemd/system/var-lib-containerd-io.containerd.metadata.v1.bolt.mount"
        permissions = "0644"
        content     = file("${path.module}/machine/var-lib-containerd-io.containerd.metadata.v1.bolt.mount")
      },
    ]
    # Without --no-block cloud-init would wait for the image.
    runcmd = [
      ["systemctl", "daemon-reload"],
      [
        "systemctl",
        "enable",
        "--now",
        "--no-block",
        "var-lib-docker-containers.mount",
        "var-lib-containerd-io.containerd.metadata.v1.bolt.mount",
        "container.service",
      ],
    ]
  })]))

  iam_instance_profile {
    arn = aws_iam_instance_profile.printer.arn
  }

  # Tokens only, and not further than the machine itself: the container shares its network.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  # CPU every minute, for scaling.
  monitoring {
    enabled = true
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = 20
      encrypted             = true
      kms_key_id            = aws_kms_key.main.arn
      delete_on_termination = true
    }
  }

  # Machines have the tags of their group.
  tag_specifications {
    resource_type = "volume"
    tags = {
      Name         = "press-staging-printer"
      application  = "press"
      environment  = "staging"
      "managed-by" = "terraform"
      team         = "press"
    }
  }

  tag_specifications {
    resource_type = "network-interface"
    tags = {
      Name         = "press-staging-printer"
      application  = "press"
      environment  = "staging"
      "managed-by" = "terraform"
      team         = "press"
    }
  }
}

resource "aws_autoscaling_group" "printer" {
  name                      = "press-staging-printer"
  min_size                  = 1
  max_size                  = 3
  vpc_zone_identifier       = [for subnet in aws_subnet.private : subnet.id]
  health_check_type         = "EC2"
  health_check_grace_period = 120
  default_instance_warmup   = 120
  enabled_metrics           = ["GroupDesiredCapacity", "GroupInServiceInstances"]

  # A machine that EC2 is about to take back is replaced before it goes.
  capacity_rebalance = true

  mixed_instances_policy {
    instances_distribution {
      on_demand_base_capacity                  = 0
      on_demand_percentage_above_base_capacity = 0
      spot_allocation_strategy                 = "price-capacity-optimized"
    }

    launch_template {
      launch_template_specification {
        launch_template_id = aws_launch_template.printer.id
        version            = aws_launch_template.printer.latest_version
      }

      override {
        instance_type = "m7i.large"
      }

      override {
        instance_type = "m6i.large"
      }

      override {
        instance_type = "m5.large"
      }
    }
  }

  # New machines come before old ones go.
  instance_maintenance_policy {
    min_healthy_percentage = 100
    max_healthy_percentage = 150
  }

  tag {
    key                 = "Name"
    value               = "press-staging-printer"
    propagate_at_launch = true
  }

  tag {
    key                 = "application"
    value               = "press"
    propagate_at_launch = true
  }

  tag {
    key                 = "environment"
    value               = "staging"
    propagate_at_launch = true
  }

  tag {
    key                 = "managed-by"
    value               = "terraform"
    propagate_at_launch = true
  }

  tag {
    key                 = "team"
    value               = "press"
    propagate_at_launch = true
  }

  # Must exist before the first machine starts, and must outlive the last one.
  depends_on = [
    aws_route.private_internet,
    aws_vpc_security_group_egress_rule.printer_to_internet,
    aws_vpc_security_group_egress_rule.printer_to_articles,
    aws_iam_role_policy.printer_machine,
    aws_db_instance.articles,
    aws_s3_bucket_server_side_encryption_configuration.images,
    aws_s3_bucket_versioning.images,
    aws_sqs_queue_policy.prints,
    aws_vpc_security_group_ingress_rule.articles_from_printer,
  ]

  # deploy.sh rolls a version out, and goes back where it does not work.
  lifecycle {
    ignore_changes = [mixed_instances_policy[0].launch_template[0].launch_template_specification[0].version]
  }
}

resource "aws_autoscaling_policy" "printer_cpu" {
  name                   = "cpu"
  autoscaling_group_name = aws_autoscaling_group.printer.name
  policy_type            = "TargetTrackingScaling"

  target_tracking_configuration {
    target_value = 60

    predefined_metric_specification {
      predefined_metric_type = "ASGAverageCPUUtilization"
    }
  }
}

resource "aws_autoscaling_policy" "printer_messages" {
  name                   = "messages"
  autoscaling_group_name = aws_autoscaling_group.printer.name
  policy_type            = "TargetTrackingScaling"

  target_tracking_configuration {
    target_value = 20

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
              value = aws_sqs_queue.prints.name
            }
          }
        }

        return_data = false
      }

      metrics {
        id = "machines"

        metric_stat {
          stat = "Average"

          metric {
            namespace   = "AWS/AutoScaling"
            metric_name = "GroupInServiceInstances"

            dimensions {
              name  = "AutoScalingGroupName"
              value = aws_autoscaling_group.printer.name
            }
          }
        }

        return_data = false
      }

      metrics {
        id          = "backlog"
        expression  = "messages / machines"
        label       = "Messages for each machine"
        return_data = true
      }
    }
  }
}

# A machine could not be started, or those of a new version did not work, and the group went back.
resource "aws_cloudwatch_event_rule" "failed_machines" {
  name        = "press-staging-failed-machines"
  description = "Machines failed"
  event_pattern = jsonencode({
    source = ["aws.autoscaling"]
    "detail-type" = [
      "EC2 Instance Launch Unsuccessful",
      "EC2 Auto Scaling Instance Refresh Failed",
      "EC2 Auto Scaling Instance Refresh Rollback Started",
      "EC2 Auto Scaling Instance Refresh Rollback Failed",
    ]
    detail = {
      AutoScalingGroupName = [aws_autoscaling_group.web.name, aws_autoscaling_group.printer.name]
    }
  })
}

resource "aws_cloudwatch_event_target" "failed_machines" {
  rule      = aws_cloudwatch_event_rule.failed_machines.name
  target_id = "alerts"
  arn       = aws_sns_topic.alerts.arn

  input_transformer {
    input_paths = {
      group = "$.detail.AutoScalingGroupName"
      what  = "$.detail-type"
    }
    input_template = "\"Machines of press-staging failed: <group>. <what>\""
  }
}
