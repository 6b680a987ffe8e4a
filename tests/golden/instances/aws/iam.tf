# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Roles and permissions. Each container has two roles. ECS uses the execution role to start it. The application uses the
# task role. A role has only the permissions that the spec asks for, on the resources that it names.

# ---- Who may assume the roles

data "aws_iam_policy_document" "ecs_tasks_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }

    # The service may assume the role for this account only.
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:aws:ecs:eu-west-1:${data.aws_caller_identity.current.account_id}:*"]
    }
  }
}

data "aws_iam_policy_document" "scheduler_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }

    # The service may assume the role for this account only.
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:aws:scheduler:eu-west-1:${data.aws_caller_identity.current.account_id}:schedule-group/depot-staging"]
    }
  }
}

data "aws_iam_policy_document" "ec2_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "monitoring_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["monitoring.rds.amazonaws.com"]
    }

    # The service may assume the role for this account only.
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

data "aws_iam_policy_document" "vpc_flow_logs_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["vpc-flow-logs.amazonaws.com"]
    }

    # The service may assume the role for this account only.
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:aws:ec2:eu-west-1:${data.aws_caller_identity.current.account_id}:vpc-flow-log/*"]
    }
  }
}

# ---- The roles

resource "aws_iam_role" "web_execution" {
  name               = "depot-staging-web-execution-eu-west-1"
  description        = "Starts web: pulls its image, writes its logs, reads its secrets"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks_trust.json
}

data "aws_iam_policy_document" "web_execution" {
  statement {
    sid       = "AuthorizeAtRegistry"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid       = "PullImage"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"]
    resources = ["arn:aws:ecr:eu-west-1:${data.aws_caller_identity.current.account_id}:repository/depot-staging"]
  }

  statement {
    sid       = "WriteLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.web.arn}:*"]
  }

  statement {
    sid       = "ReadSecrets"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.signing_key.arn, local.goods_password_arn]
  }

  statement {
    sid       = "DecryptSecrets"
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.main.arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["secretsmanager.eu-west-1.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "web_execution" {
  name   = "grants"
  role   = aws_iam_role.web_execution.id
  policy = data.aws_iam_policy_document.web_execution.json
}

resource "aws_iam_role" "web_task" {
  name               = "depot-staging-web-task-eu-west-1"
  description        = "What web itself may do"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks_trust.json
}

data "aws_iam_policy_document" "web_task" {
  statement {
    sid       = "PublishMessages"
    actions   = ["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"]
    resources = [aws_sqs_queue.moves.arn]
  }

  statement {
    sid       = "EncryptMessages"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [aws_kms_key.main.arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["sqs.eu-west-1.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "web_task" {
  name   = "grants"
  role   = aws_iam_role.web_task.id
  policy = data.aws_iam_policy_document.web_task.json
}

resource "aws_iam_role" "mover_execution" {
  name               = "depot-staging-mover-execution-eu-west-1"
  description        = "Starts mover: pulls its image, writes its logs, reads its secrets"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks_trust.json
}

data "aws_iam_policy_document" "mover_execution" {
  statement {
    sid       = "AuthorizeAtRegistry"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid       = "PullImage"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"]
    resources = ["arn:aws:ecr:eu-west-1:${data.aws_caller_identity.current.account_id}:repository/depot-staging"]
  }

  statement {
    sid       = "WriteLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.mover.arn}:*"]
  }
}

resource "aws_iam_role_policy" "mover_execution" {
  name   = "grants"
  role   = aws_iam_role.mover_execution.id
  policy = data.aws_iam_policy_document.mover_execution.json
}

resource "aws_iam_role" "mover_task" {
  name               = "depot-staging-mover-task-eu-west-1"
  description        = "What mover itself may do"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks_trust.json
}

data "aws_iam_policy_document" "mover_task" {
  statement {
    sid = "ConsumeMessages"
    actions = [
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:ChangeMessageVisibility",
      "sqs:GetQueueAttributes",
      "sqs:GetQueueUrl",
    ]
    resources = [aws_sqs_queue.moves.arn]
  }

  statement {
    sid       = "DecryptMessages"
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.main.arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["sqs.eu-west-1.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "mover_task" {
  name   = "grants"
  role   = aws_iam_role.mover_task.id
  policy = data.aws_iam_policy_document.mover_task.json
}

resource "aws_iam_role" "watcher_execution" {
  name               = "depot-staging-watcher-execution-eu-west-1"
  description        = "Starts watcher: pulls its image, writes its logs, reads its secrets"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks_trust.json
}

data "aws_iam_policy_document" "watcher_execution" {
  statement {
    sid       = "AuthorizeAtRegistry"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid       = "PullImage"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"]
    resources = ["arn:aws:ecr:eu-west-1:${data.aws_caller_identity.current.account_id}:repository/depot-staging"]
  }

  statement {
    sid       = "WriteLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.watcher.arn}:*"]
  }
}

resource "aws_iam_role_policy" "watcher_execution" {
  name   = "grants"
  role   = aws_iam_role.watcher_execution.id
  policy = data.aws_iam_policy_document.watcher_execution.json
}

resource "aws_iam_role" "watcher_task" {
  name               = "depot-staging-watcher-task-eu-west-1"
  description        = "What watcher itself may do"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks_trust.json
}

resource "aws_iam_role" "stocktaking_execution" {
  name               = "depot-staging-stocktaking-execution-eu-west-1"
  description        = "Starts stocktaking: pulls its image, writes its logs, reads its secrets"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks_trust.json
}

data "aws_iam_policy_document" "stocktaking_execution" {
  statement {
    sid       = "AuthorizeAtRegistry"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid       = "PullImage"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"]
    resources = ["arn:aws:ecr:eu-west-1:${data.aws_caller_identity.current.account_id}:repository/depot-staging"]
  }

  statement {
    sid       = "WriteLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.stocktaking.arn}:*"]
  }

  statement {
    sid       = "ReadSecrets"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [local.goods_password_arn]
  }

  statement {
    sid       = "DecryptSecrets"
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.main.arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["secretsmanager.eu-west-1.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "stocktaking_execution" {
  name   = "grants"
  role   = aws_iam_role.stocktaking_execution.id
  policy = data.aws_iam_policy_document.stocktaking_execution.json
}

resource "aws_iam_role" "stocktaking_task" {
  name               = "depot-staging-stocktaking-task-eu-west-1"
  description        = "What stocktaking itself may do"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks_trust.json
}

resource "aws_iam_role" "stocktaking_scheduler" {
  name               = "depot-staging-stocktaking-scheduler-eu-west-1"
  description        = "Starts stocktaking by the clock"
  assume_role_policy = data.aws_iam_policy_document.scheduler_trust.json
}

data "aws_iam_policy_document" "stocktaking_scheduler" {
  statement {
    sid     = "StartTask"
    actions = ["ecs:RunTask"]
    resources = [
      aws_ecs_task_definition.stocktaking.arn_without_revision,
      "${aws_ecs_task_definition.stocktaking.arn_without_revision}:*",
    ]

    condition {
      test     = "ArnEquals"
      variable = "ecs:cluster"
      values   = [aws_ecs_cluster.main.arn]
    }
  }

  statement {
    sid       = "TagTask"
    actions   = ["ecs:TagResource"]
    resources = ["arn:aws:ecs:eu-west-1:${data.aws_caller_identity.current.account_id}:task/depot-staging/*"]

    condition {
      test     = "StringEquals"
      variable = "ecs:CreateAction"
      values   = ["RunTask"]
    }
  }

  statement {
    sid       = "PassRoles"
    actions   = ["iam:PassRole"]
    resources = [aws_iam_role.stocktaking_execution.arn, aws_iam_role.stocktaking_task.arn]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ecs-tasks.amazonaws.com"]
    }
  }

  statement {
    sid       = "ReadSchedule"
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.main.arn]

    condition {
      test     = "ArnEquals"
      variable = "kms:EncryptionContext:aws:scheduler:schedule:arn"
      values = [
        "arn:aws:scheduler:eu-west-1:${data.aws_caller_identity.current.account_id}:schedule/depot-staging/depot-staging-stocktaking",
      ]
    }
  }
}

resource "aws_iam_role_policy" "stocktaking_scheduler" {
  name   = "grants"
  role   = aws_iam_role.stocktaking_scheduler.id
  policy = data.aws_iam_policy_document.stocktaking_scheduler.json
}

resource "aws_iam_role" "instances_amd64_machine" {
  name               = "depot-staging-instances-amd64-machine-eu-west-1"
  description        = "Machines of the cluster: join it. What containers may do stands in the roles of their tasks"
  assume_role_policy = data.aws_iam_policy_document.ec2_trust.json
}

data "aws_iam_policy_document" "instances_amd64_machine" {
  statement {
    sid       = "FindEndpoint"
    actions   = ["ecs:DiscoverPollEndpoint"]
    resources = ["*"]
  }

  statement {
    sid       = "JoinCluster"
    actions   = ["ecs:DeregisterContainerInstance", "ecs:RegisterContainerInstance"]
    resources = [aws_ecs_cluster.main.arn]
  }

  statement {
    sid     = "HearOfTasks"
    actions = ["ecs:Poll", "ecs:StartTelemetrySession", "ecs:UpdateContainerInstancesState"]
    resources = [
      "arn:aws:ecs:eu-west-1:${data.aws_caller_identity.current.account_id}:container-instance/${aws_ecs_cluster.main.name}/*",
    ]

    condition {
      test     = "ArnEquals"
      variable = "ecs:cluster"
      values   = [aws_ecs_cluster.main.arn]
    }
  }

  statement {
    sid       = "TellOfTasks"
    actions   = ["ecs:SubmitAttachmentStateChanges", "ecs:SubmitContainerStateChange", "ecs:SubmitTaskStateChange"]
    resources = [aws_ecs_cluster.main.arn]
  }

  statement {
    sid     = "TagMachine"
    actions = ["ecs:TagResource"]
    resources = [
      "arn:aws:ecs:eu-west-1:${data.aws_caller_identity.current.account_id}:container-instance/${aws_ecs_cluster.main.name}/*",
    ]

    condition {
      test     = "StringEquals"
      variable = "ecs:CreateAction"
      values   = ["RegisterContainerInstance"]
    }
  }

  statement {
    sid       = "RegisterForSessions"
    actions   = ["ssm:UpdateInstanceInformation"]
    resources = ["arn:aws:ec2:eu-west-1:${data.aws_caller_identity.current.account_id}:instance/*"]
  }

  statement {
    sid = "OpenSessions"
    actions = [
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "instances_amd64_machine" {
  name   = "grants"
  role   = aws_iam_role.instances_amd64_machine.id
  policy = data.aws_iam_policy_document.instances_amd64_machine.json
}

resource "aws_iam_role" "spot_instances_arm64_machine" {
  name               = "depot-staging-spot-instances-arm64-machine-eu-west-1"
  description        = "Machines of the cluster: join it. What containers may do stands in the roles of their tasks"
  assume_role_policy = data.aws_iam_policy_document.ec2_trust.json
}

data "aws_iam_policy_document" "spot_instances_arm64_machine" {
  statement {
    sid       = "FindEndpoint"
    actions   = ["ecs:DiscoverPollEndpoint"]
    resources = ["*"]
  }

  statement {
    sid       = "JoinCluster"
    actions   = ["ecs:DeregisterContainerInstance", "ecs:RegisterContainerInstance"]
    resources = [aws_ecs_cluster.main.arn]
  }

  statement {
    sid     = "HearOfTasks"
    actions = ["ecs:Poll", "ecs:StartTelemetrySession", "ecs:UpdateContainerInstancesState"]
    resources = [
      "arn:aws:ecs:eu-west-1:${data.aws_caller_identity.current.account_id}:container-instance/${aws_ecs_cluster.main.name}/*",
    ]

    condition {
      test     = "ArnEquals"
      variable = "ecs:cluster"
      values   = [aws_ecs_cluster.main.arn]
    }
  }

  statement {
    sid       = "TellOfTasks"
    actions   = ["ecs:SubmitAttachmentStateChanges", "ecs:SubmitContainerStateChange", "ecs:SubmitTaskStateChange"]
    resources = [aws_ecs_cluster.main.arn]
  }

  statement {
    sid     = "TagMachine"
    actions = ["ecs:TagResource"]
    resources = [
      "arn:aws:ecs:eu-west-1:${data.aws_caller_identity.current.account_id}:container-instance/${aws_ecs_cluster.main.name}/*",
    ]

    condition {
      test     = "StringEquals"
      variable = "ecs:CreateAction"
      values   = ["RegisterContainerInstance"]
    }
  }

  statement {
    sid       = "RegisterForSessions"
    actions   = ["ssm:UpdateInstanceInformation"]
    resources = ["arn:aws:ec2:eu-west-1:${data.aws_caller_identity.current.account_id}:instance/*"]
  }

  statement {
    sid = "OpenSessions"
    actions = [
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "spot_instances_arm64_machine" {
  name   = "grants"
  role   = aws_iam_role.spot_instances_arm64_machine.id
  policy = data.aws_iam_policy_document.spot_instances_arm64_machine.json
}

resource "aws_iam_role" "rds_monitoring" {
  name               = "depot-staging-rds-monitoring-eu-west-1"
  description        = "Writes the operating system metrics of databases"
  assume_role_policy = data.aws_iam_policy_document.monitoring_trust.json
}

resource "aws_iam_role_policy_attachment" "rds_monitoring" {
  role       = aws_iam_role.rds_monitoring.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}

resource "aws_iam_role" "flow_logs" {
  name               = "depot-staging-flow-logs-eu-west-1"
  description        = "Writes the flow logs of the network"
  assume_role_policy = data.aws_iam_policy_document.vpc_flow_logs_trust.json
}

data "aws_iam_policy_document" "flow_logs" {
  statement {
    sid       = "WriteFlowLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
    resources = ["${aws_cloudwatch_log_group.flow_logs.arn}:*"]
  }
}

resource "aws_iam_role_policy" "flow_logs" {
  name   = "grants"
  role   = aws_iam_role.flow_logs.id
  policy = data.aws_iam_policy_document.flow_logs.json
}
