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
      values   = ["111122223333"]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:aws:ecs:eu-central-1:111122223333:*"]
    }
  }
}

# ---- The roles

resource "aws_iam_role" "beat_execution" {
  name               = "tick-dev-beat-execution-eu-central-1"
  description        = "Starts beat: pulls its image, writes its logs, reads its secrets"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks_trust.json
}

data "aws_iam_policy_document" "beat_execution" {
  statement {
    sid       = "AuthorizeAtRegistry"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid       = "PullImage"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"]
    resources = ["arn:aws:ecr:eu-central-1:111122223333:repository/tick-dev"]
  }

  statement {
    sid       = "WriteLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.beat.arn}:*"]
  }
}

resource "aws_iam_role_policy" "beat_execution" {
  name   = "grants"
  role   = aws_iam_role.beat_execution.id
  policy = data.aws_iam_policy_document.beat_execution.json
}

resource "aws_iam_role" "beat_task" {
  name               = "tick-dev-beat-task-eu-central-1"
  description        = "What beat itself may do"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks_trust.json
}
