# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Machines of the cluster: an Auto Scaling group of EC2 whose size follows the tasks. Several tasks share a machine.

# The newest image of the operating system, by architecture. Another one replaces the machines.
data "aws_ssm_parameter" "ecs_amd64" {
  name = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"
}

data "aws_ssm_parameter" "ecs_arm64" {
  name = "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id"
}

resource "aws_security_group" "instances_amd64" {
  name_prefix = "depot-staging-instances-amd64-"
  description = "Machines of the cluster"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "depot-staging-instances-amd64"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "instances_amd64_to_internet" {
  security_group_id = aws_security_group.instances_amd64.id
  description       = "instances-amd64 to the internet, HTTPS only"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_iam_instance_profile" "instances_amd64" {
  name = "depot-staging-instances-amd64-machine-eu-west-1"
  role = aws_iam_role.instances_amd64_machine.name
}

resource "aws_launch_template" "instances_amd64" {
  name                   = "depot-staging-instances-amd64"
  update_default_version = true
  image_id               = data.aws_ssm_parameter.ecs_amd64.insecure_value
  instance_type          = "m7i.large"
  vpc_security_group_ids = [aws_security_group.instances_amd64.id]

  # How the agent of ECS is set up. Tasks are kept from the machine's identity: each has a role of its own.
  user_data = base64encode(join("\n", [
    "#!/bin/bash",
    "cat >>/etc/ecs/ecs.config <<'CONFIG'",
    "ECS_CLUSTER=${aws_ecs_cluster.main.name}",
    "ECS_AWSVPC_BLOCK_IMDS=true",
    "ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE=true",
    "ECS_IMAGE_PULL_BEHAVIOR=once",
    "ECS_RESERVED_MEMORY=256",
    "CONFIG",
    "",
  ]))

  iam_instance_profile {
    arn = aws_iam_instance_profile.instances_amd64.arn
  }

  # Tokens only, and not further than the machine itself: tasks have network interfaces of their own.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  monitoring {
    enabled = true
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = 40
      encrypted             = true
      kms_key_id            = aws_kms_key.main.arn
      delete_on_termination = true
    }
  }

  # Machines have the tags of their group.
  tag_specifications {
    resource_type = "volume"
    tags = {
      Name         = "depot-staging-instances-amd64"
      application  = "depot"
      environment  = "staging"
      "managed-by" = "terraform"
      team         = "depot"
    }
  }

  tag_specifications {
    resource_type = "network-interface"
    tags = {
      Name         = "depot-staging-instances-amd64"
      application  = "depot"
      environment  = "staging"
      "managed-by" = "terraform"
      team         = "depot"
    }
  }
}

resource "aws_autoscaling_group" "instances_amd64" {
  name                    = "depot-staging-instances-amd64"
  min_size                = 0
  max_size                = 9
  vpc_zone_identifier     = [for subnet in aws_subnet.private : subnet.id]
  health_check_type       = "EC2"
  default_instance_warmup = 120

  launch_template {
    id      = aws_launch_template.instances_amd64.id
    version = aws_launch_template.instances_amd64.latest_version
  }

  # ECS ends machines without tasks; nothing else ends one. Only terraform destroy ends machines that have tasks.
  protect_from_scale_in = true
  force_delete          = true

  # New machines come before old ones go.
  instance_maintenance_policy {
    min_healthy_percentage = 100
    max_healthy_percentage = 150
  }

  # Another version of the template replaces the machines, one after the other. ECS moves their tasks first.
  instance_refresh {
    strategy = "Rolling"

    preferences {
      min_healthy_percentage       = 100
      max_healthy_percentage       = 150
      scale_in_protected_instances = "Refresh"
    }
  }

  # ECS adds this tag to the group of a capacity provider. Without it here, each plan would take it away.
  tag {
    key                 = "AmazonECSManaged"
    value               = "true"
    propagate_at_launch = true
  }

  tag {
    key                 = "Name"
    value               = "depot-staging-instances-amd64"
    propagate_at_launch = true
  }

  tag {
    key                 = "application"
    value               = "depot"
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
    value               = "depot"
    propagate_at_launch = true
  }

  # Must exist before the first machine starts, and must outlive the last one.
  depends_on = [
    aws_route.private_internet,
    aws_vpc_security_group_egress_rule.instances_amd64_to_internet,
    aws_iam_role_policy.instances_amd64_machine,
  ]
}

resource "aws_ecs_capacity_provider" "instances_amd64" {
  name = "instances-amd64-depot-staging"

  auto_scaling_group_provider {
    auto_scaling_group_arn = aws_autoscaling_group.instances_amd64.arn

    # A machine with tasks is not ended to save one. Where one has to go, its tasks move first.
    managed_termination_protection = "ENABLED"
    managed_draining               = "ENABLED"

    # As many machines as the tasks take, and no more.
    managed_scaling {
      status                 = "ENABLED"
      target_capacity        = 100
      instance_warmup_period = 120
    }
  }
}

resource "aws_security_group" "spot_instances_arm64" {
  name_prefix = "depot-staging-spot-instances-arm64-"
  description = "Machines of the cluster"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "depot-staging-spot-instances-arm64"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "spot_instances_arm64_to_internet" {
  security_group_id = aws_security_group.spot_instances_arm64.id
  description       = "spot-instances-arm64 to the internet, HTTPS only"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_iam_instance_profile" "spot_instances_arm64" {
  name = "depot-staging-spot-instances-arm64-machine-eu-west-1"
  role = aws_iam_role.spot_instances_arm64_machine.name
}

resource "aws_launch_template" "spot_instances_arm64" {
  name                   = "depot-staging-spot-instances-arm64"
  update_default_version = true
  image_id               = data.aws_ssm_parameter.ecs_arm64.insecure_value
  instance_type          = "t4g.medium"
  vpc_security_group_ids = [aws_security_group.spot_instances_arm64.id]

  # How the agent of ECS is set up. Tasks are kept from the machine's identity: each has a role of its own.
  user_data = base64encode(join("\n", [
    "#!/bin/bash",
    "cat >>/etc/ecs/ecs.config <<'CONFIG'",
    "ECS_CLUSTER=${aws_ecs_cluster.main.name}",
    "ECS_AWSVPC_BLOCK_IMDS=true",
    "ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE=true",
    "ECS_IMAGE_PULL_BEHAVIOR=once",
    "ECS_RESERVED_MEMORY=256",
    "ECS_ENABLE_SPOT_INSTANCE_DRAINING=true",
    "CONFIG",
    "",
  ]))

  iam_instance_profile {
    arn = aws_iam_instance_profile.spot_instances_arm64.arn
  }

  # Tokens only, and not further than the machine itself: tasks have network interfaces of their own.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  monitoring {
    enabled = true
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = 40
      encrypted             = true
      kms_key_id            = aws_kms_key.main.arn
      delete_on_termination = true
    }
  }

  # Machines have the tags of their group.
  tag_specifications {
    resource_type = "volume"
    tags = {
      Name         = "depot-staging-spot-instances-arm64"
      application  = "depot"
      environment  = "staging"
      "managed-by" = "terraform"
      team         = "depot"
    }
  }

  tag_specifications {
    resource_type = "network-interface"
    tags = {
      Name         = "depot-staging-spot-instances-arm64"
      application  = "depot"
      environment  = "staging"
      "managed-by" = "terraform"
      team         = "depot"
    }
  }
}

resource "aws_autoscaling_group" "spot_instances_arm64" {
  name                    = "depot-staging-spot-instances-arm64"
  min_size                = 0
  max_size                = 6
  vpc_zone_identifier     = [for subnet in aws_subnet.private : subnet.id]
  health_check_type       = "EC2"
  default_instance_warmup = 120

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
        launch_template_id = aws_launch_template.spot_instances_arm64.id
        version            = aws_launch_template.spot_instances_arm64.latest_version
      }

      override {
        instance_type = "t4g.medium"
      }
    }
  }

  # ECS ends machines without tasks; nothing else ends one. Only terraform destroy ends machines that have tasks.
  protect_from_scale_in = true
  force_delete          = true

  # New machines come before old ones go.
  instance_maintenance_policy {
    min_healthy_percentage = 100
    max_healthy_percentage = 150
  }

  # Another version of the template replaces the machines, one after the other. ECS moves their tasks first.
  instance_refresh {
    strategy = "Rolling"

    preferences {
      min_healthy_percentage       = 100
      max_healthy_percentage       = 150
      scale_in_protected_instances = "Refresh"
    }
  }

  # ECS adds this tag to the group of a capacity provider. Without it here, each plan would take it away.
  tag {
    key                 = "AmazonECSManaged"
    value               = "true"
    propagate_at_launch = true
  }

  tag {
    key                 = "Name"
    value               = "depot-staging-spot-instances-arm64"
    propagate_at_launch = true
  }

  tag {
    key                 = "application"
    value               = "depot"
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
    value               = "depot"
    propagate_at_launch = true
  }

  # Must exist before the first machine starts, and must outlive the last one.
  depends_on = [
    aws_route.private_internet,
    aws_vpc_security_group_egress_rule.spot_instances_arm64_to_internet,
    aws_iam_role_policy.spot_instances_arm64_machine,
  ]
}

resource "aws_ecs_capacity_provider" "spot_instances_arm64" {
  name = "spot-instances-arm64-depot-staging"

  auto_scaling_group_provider {
    auto_scaling_group_arn = aws_autoscaling_group.spot_instances_arm64.arn

    # A machine with tasks is not ended to save one. Where one has to go, its tasks move first.
    managed_termination_protection = "ENABLED"
    managed_draining               = "ENABLED"

    # As many machines as the tasks take, and no more.
    managed_scaling {
      status                 = "ENABLED"
      target_capacity        = 100
      instance_warmup_period = 120
    }
  }
}

# A machine could not be started.
resource "aws_cloudwatch_event_rule" "failed_instances" {
  name        = "depot-staging-failed-instances"
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
      AutoScalingGroupName = [aws_autoscaling_group.instances_amd64.name, aws_autoscaling_group.spot_instances_arm64.name]
    }
  })
}

resource "aws_cloudwatch_event_target" "failed_instances" {
  rule      = aws_cloudwatch_event_rule.failed_instances.name
  target_id = "alerts"
  arn       = aws_sns_topic.alerts.arn

  input_transformer {
    input_paths = {
      group = "$.detail.AutoScalingGroupName"
      what  = "$.detail-type"
    }
    input_template = "\"Machines of depot-staging failed: <group>. <what>\""
  }
}
