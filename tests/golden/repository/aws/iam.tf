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
  name               = "library-prod-web-execution-eu-west-1"
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
    resources = ["arn:aws:ecr:eu-west-1:${data.aws_caller_identity.current.account_id}:repository/library-prod"]
  }

  statement {
    sid       = "WriteLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.web.arn}:*"]
  }

  statement {
    sid       = "ReadSecrets"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [local.books_password_arn]
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
  name               = "library-prod-web-task-eu-west-1"
  description        = "What web itself may do"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks_trust.json
}

data "aws_iam_policy_document" "web_task" {
  statement {
    sid       = "UseKeptFolders"
    actions   = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
    resources = [aws_efs_file_system.web_app_covers.arn]

    condition {
      test     = "StringEquals"
      variable = "elasticfilesystem:AccessPointArn"
      values   = [aws_efs_access_point.web_app_covers.arn]
    }
  }
}

resource "aws_iam_role_policy" "web_task" {
  name   = "grants"
  role   = aws_iam_role.web_task.id
  policy = data.aws_iam_policy_document.web_task.json
}

resource "aws_iam_role" "converter_execution" {
  name               = "library-prod-converter-execution-eu-west-1"
  description        = "Starts converter: pulls its image, writes its logs, reads its secrets"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks_trust.json
}

data "aws_iam_policy_document" "converter_execution" {
  statement {
    sid       = "AuthorizeAtRegistry"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid       = "PullImage"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"]
    resources = ["arn:aws:ecr:eu-west-1:${data.aws_caller_identity.current.account_id}:repository/library-prod"]
  }

  statement {
    sid       = "WriteLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.converter.arn}:*"]
  }
}

resource "aws_iam_role_policy" "converter_execution" {
  name   = "grants"
  role   = aws_iam_role.converter_execution.id
  policy = data.aws_iam_policy_document.converter_execution.json
}

resource "aws_iam_role" "converter_task" {
  name               = "library-prod-converter-task-eu-west-1"
  description        = "What converter itself may do"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks_trust.json
}

resource "aws_iam_role" "rds_monitoring" {
  name               = "library-prod-rds-monitoring-eu-west-1"
  description        = "Writes the operating system metrics of databases"
  assume_role_policy = data.aws_iam_policy_document.monitoring_trust.json
}

resource "aws_iam_role_policy_attachment" "rds_monitoring" {
  role       = aws_iam_role.rds_monitoring.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}

resource "aws_iam_role" "flow_logs" {
  name               = "library-prod-flow-logs-eu-west-1"
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
