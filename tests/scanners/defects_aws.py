"""What the rules for AWS must catch, one by one."""

from __future__ import annotations

from scanners import blind_spots_aws as rules
from scanners import policies_aws as policies
from scanners.tree import Defect

DATABASE_PORT = """
resource "aws_vpc_security_group_ingress_rule" "x" {
  security_group_id = aws_security_group.load_balancer.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
}
"""
INLINE = 'resource "aws_security_group" "x" {\n  ingress {\n    cidr_blocks = ["0.0.0.0/0"]\n  }\n}\n'
ROOT = "arn:aws:iam::111122223333:root"
PASSWORD = 'resource "random_password" "x" {\n  length = 32\n}\n'
EVENTS = 'Principal = { Service = "events.amazonaws.com" }'
CLOUDTRAIL = 'identifiers = ["cloudtrail.amazonaws.com"]\n    }\n'
CONDITIONED = (
    CLOUDTRAIL
    + """
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = ["111122223333"]
    }
"""
)
ACL = 'resource "aws_s3_bucket_acl" "x" {\n  bucket = aws_s3_bucket.assets.id\n  acl    = "public-read"\n}\n'

DEFECTS = (
    Defect(policies.key_policies, "reference", "kms.tf", ROOT, "*"),
    Defect(policies.key_policies, "reference", "bootstrap/kms.tf", ROOT, "arn:aws:iam::*:root"),
    Defect(policies.key_policies, "reference", "kms.tf", EVENTS, 'Principal = "*"'),
    Defect(policies.key_policies, "reference", "kms.tf", '["kms:Decrypt", "kms:GenerateDataKey*"]', '"kms:*"'),
    Defect(policies.key_policies, "reference", "kms.tf", '"kms:Describe*"', '"kms:CreateGrant"'),
    Defect(policies.key_policies, "reference", "kms.tf", "events.amazonaws.com", "sns.amazonaws.com"),
    Defect(policies.key_policies, "reference", "account/kms.tf", '"kms:DescribeKey"', '"kms:PutKeyPolicy"'),
    Defect(policies.role_trust, "reference", "account/config.tf", '"aws:SourceAccount"', '"aws:RequestedRegion"'),
    Defect(policies.role_trust, "reference", "account/audit.tf", CLOUDTRAIL, CONDITIONED),
    Defect(policies.resource_policies, "reference", "account/bucket.tf", '"aws:SourceArn"', '"aws:UserAgent"'),
    Defect(policies.role_trust, "reference", "iam.tf", '"aws:SourceAccount"', '"aws:RequestedRegion"'),
    Defect(
        policies.role_trust, "reference", "iam.tf", '["ecs-tasks.amazonaws.com"]', '["ecs-tasks.amazonaws.com", "x"]'
    ),
    Defect(policies.role_trust, "reference", "iam.tf", 'type        = "Service"', 'type = "AWS"'),
    Defect(policies.role_trust, "reference", "iam.tf", "data.aws_iam_policy_document.ecs_tasks_trust.json", '"{}"'),
    Defect(policies.action_wildcards, "reference", "iam.tf", '"s3:GetObject"', '"s3:*"'),
    Defect(policies.action_wildcards, "reference", "iam.tf", '"sqs:SendMessage"', '"*"'),
    Defect(policies.action_wildcards, "reference", "iam.tf", "[aws_secretsmanager_secret.stripe_key.arn]", '["*"]'),
    Defect(policies.action_wildcards, "reference", "iam.tf", "actions   = [", "not_actions = ["),
    Defect(policies.resource_policies, "reference", "monitoring.tf", "events.amazonaws.com", "s3.amazonaws.com"),
    Defect(policies.resource_policies, "reference", "monitoring.tf", 'type        = "Service"', 'type = "*"'),
    Defect(policies.resource_policies, "reference", "bucket.tf", '"aws:SourceArn"', '"aws:UserAgent"'),
    Defect(policies.plain_http, "reference", "bucket.tf", 'effect    = "Deny"', 'effect    = "Allow"'),
    Defect(policies.plain_http, "reference", "queue.tf", 'values   = ["false"]', 'values   = ["true"]'),
    Defect(
        policies.plain_http, "reference", "bootstrap/state.tf", 'actions   = ["s3:*"]', 'actions = ["s3:GetObject"]'
    ),
    Defect(
        policies.plain_http,
        "reference",
        "queue.tf",
        "queue_url = aws_sqs_queue.jobs_dead_letter.id",
        "queue_url = aws_sqs_queue.jobs.id",
    ),
    Defect(rules.separate_roles, "reference", "services.tf", "iam_role.web_task.arn", "iam_role.web_execution.arn"),
    Defect(rules.separate_roles, "reference", "services.tf", "iam_role.worker_task.arn", "iam_role.web_task.arn"),
    Defect(rules.separate_roles, "reference", "jobs.tf", "aws_iam_role.nightly_task.arn", "null"),
    Defect(rules.containers, "reference", "services.tf", "essential              = true", "privileged = true"),
    Defect(rules.containers, "reference", "services.tf", "readonlyRootFilesystem = true", ""),
    Defect(
        rules.containers,
        "prebuilt-image",
        "services.tf",
        "readonlyRootFilesystem = false",
        "readonlyRootFilesystem = true",
    ),
    Defect(rules.containers, "reference", "jobs.tf", '"10001:10001"', '"0:0"'),
    Defect(
        rules.containers,
        "reference",
        "services.tf",
        "{ initProcessEnabled = true }",
        '{ capabilities = { add = ["SYS_PTRACE"] } }',
    ),
    Defect(rules.containers, "reference", "services.tf", "aws_cloudwatch_log_group.web.name", '"somewhere"'),
    Defect(rules.literal_secrets, "reference", "services.tf", '"LOG_LEVEL"', '"SMTP_PASSWORD"'),
    Defect(
        rules.literal_secrets, "reference", "services.tf", "aws_secretsmanager_secret.stripe_key.arn", "var.stripe_key"
    ),
    Defect(rules.values_in_the_state, "reference", "secrets.tf", "secret_string_wo         =", "secret_string ="),
    Defect(
        rules.values_in_the_state,
        "reference",
        "database.tf",
        "manage_master_user_password   = true",
        "password = var.x",
    ),
    Defect(rules.values_in_the_state, "reference", "database.tf", "", PASSWORD),
    Defect(rules.open_ports, "reference", "load_balancer.tf", "", DATABASE_PORT),
    Defect(rules.open_ports, "reference", "load_balancer.tf", "", INLINE),
    Defect(
        rules.open_ports,
        "reference",
        "database.tf",
        "referenced_security_group_id = aws_security_group.worker.id",
        'cidr_ipv4 = "0.0.0.0/0"',
    ),
    Defect(rules.open_ports, "reference", "load_balancer.tf", "to_port           = 443", "to_port = 444"),
    Defect(rules.public_subnets, "reference", "services.tf", "aws_subnet.private", "aws_subnet.public"),
    Defect(rules.public_subnets, "reference", "database.tf", "aws_subnet.isolated", "aws_subnet.public"),
    Defect(rules.encryption, "reference", "queue.tf", "aws_kms_key.main.arn", '"alias/aws/sqs"'),
    Defect(rules.encryption, "reference", "account/audit.tf", "kms_key_id = aws_kms_key.main.arn", ""),
    Defect(rules.encryption, "reference", "account/config.tf", "s3_kms_key_arn = aws_kms_key.main.arn", ""),
    Defect(rules.encryption, "reference", "services.tf", "kms_key_id        = aws_kms_key.main.arn", ""),
    Defect(rules.encryption, "reference", "bucket.tf", "kms_master_key_id = aws_kms_key.main.arn", ""),
    Defect(rules.encryption, "reference", "bootstrap/registry.tf", "kms_key         = aws_kms_key.main.arn", ""),
    Defect(rules.deletion, "reference", "bucket.tf", "force_destroy = false", "force_destroy = true"),
    Defect(rules.deletion, "reference", "database.tf", "skip_final_snapshot       = false", ""),
    Defect(rules.deletion, "reference", "secrets.tf", "recovery_window_in_days = 30", "recovery_window_in_days = 0"),
    Defect(
        rules.deletion,
        "development",
        "load_balancer.tf",
        "enable_deletion_protection = false",
        "enable_deletion_protection = true",
    ),
    Defect(rules.private_buckets, "reference", "bucket.tf", "ignore_public_acls      = true", ""),
    Defect(rules.private_buckets, "reference", "bucket.tf", "", ACL),
    Defect(rules.state_stays, "reference", "bootstrap/state.tf", "prevent_destroy = true", "prevent_destroy = false"),
    Defect(rules.state_stays, "reference", "account/bucket.tf", "prevent_destroy = true", "prevent_destroy = false"),
    Defect(rules.audit_record, "reference", "account/bucket.tf", "days = 365", "days = 90"),
    Defect(
        rules.audit_record,
        "reference",
        "account/alarms.tf",
        'metric_name         = "root-used"',
        'metric_name = "root-unused"',
    ),
    Defect(
        rules.audit_record, "reference", "account/alarms.tf", "[aws_sns_topic.alerts.arn]\n\n  # Nothing", "[]\n  #"
    ),
    Defect(
        rules.replaceable, "reference", "load_balancer.tf", "create_before_destroy = true", "prevent_destroy = false"
    ),
    Defect(rules.replaceable, "reference", "load_balancer.tf", 'name_prefix          = "web-"', 'name = "web"'),
    Defect(rules.replaceable, "reference", "database.tf", "name_prefix = ", "name = "),
    Defect(rules.replaceable, "reference", "dns.tf", "create_before_destroy = true", "create_before_destroy = false"),
)
