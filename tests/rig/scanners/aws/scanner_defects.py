"""What the rules for AWS must catch, one by one."""

from __future__ import annotations

from rig.scanners.aws import blind_spots as rules
from rig.scanners.aws import policies
from rig.scanners.aws.survival_defects import SURVIVAL_DEFECTS
from rig.scanners.tree import ScannerDefect

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
    ScannerDefect(policies.key_policies, "reference", "kms.tf", ROOT, "*"),
    ScannerDefect(policies.key_policies, "reference", "bootstrap/kms.tf", ROOT, "arn:aws:iam::*:root"),
    ScannerDefect(policies.key_policies, "reference", "kms.tf", EVENTS, 'Principal = "*"'),
    ScannerDefect(policies.key_policies, "reference", "kms.tf", '["kms:Decrypt", "kms:GenerateDataKey*"]', '"kms:*"'),
    ScannerDefect(policies.key_policies, "reference", "kms.tf", '"kms:Describe*"', '"kms:CreateGrant"'),
    ScannerDefect(policies.key_policies, "reference", "kms.tf", "events.amazonaws.com", "sns.amazonaws.com"),
    ScannerDefect(policies.key_policies, "reference", "account/kms.tf", '"kms:DescribeKey"', '"kms:PutKeyPolicy"'),
    ScannerDefect(
        policies.role_trust, "reference", "account/config.tf", '"aws:SourceAccount"', '"aws:RequestedRegion"'
    ),
    ScannerDefect(policies.role_trust, "reference", "account/audit.tf", CLOUDTRAIL, CONDITIONED),
    ScannerDefect(policies.key_policies, "machines", "kms.tf", "aws:PrincipalArn", "aws:UserAgent"),
    ScannerDefect(policies.key_policies, "machines", "kms.tf", "kms:GrantIsForAWSResource", "aws:SecureTransport"),
    *(
        ScannerDefect(rule, "machines", "virtual_machines.tf", old, new)
        for rule, old, new in (
            (rules.machines, 'http_tokens                 = "required"', 'http_tokens                 = "optional"'),
            (rules.machines, "http_put_response_hop_limit = 1", "http_put_response_hop_limit = 2"),
            (rules.machines, "  update_default_version = true", '  update_default_version = true\n  key_name = "k"'),
            (rules.machines, 'health_check_type         = "ELB"', 'health_check_type         = "EC2"'),
            (rules.machines, "propagate_at_launch = true", "propagate_at_launch = false"),
            (rules.disks, "encrypted             = true", "encrypted             = false"),
            (rules.disks, "kms_key_id            = aws_kms_key.main.arn\n      delete", "delete"),
            (rules.user_data, '"--cap-drop=ALL",', '"--privileged",'),
            (rules.user_data, "GREETING ", "API_TOKEN "),
        )
    ),
    *(
        ScannerDefect(rule, "instances", "instances.tf", old, new)
        for rule, old, new in (
            (rules.machines, "http_put_response_hop_limit = 1", "http_put_response_hop_limit = 2"),
            (rules.disks, "encrypted             = true", "encrypted             = false"),
            (rules.pools, '    "ECS_AWSVPC_BLOCK_IMDS=true",\n', ""),
            (rules.pools, "protect_from_scale_in = true", "protect_from_scale_in = false"),
            (rules.pools, "force_delete          = true", "force_delete          = false"),
            (rules.pools, 'managed_termination_protection = "ENABLED"', 'managed_termination_protection = "DISABLED"'),
            (rules.pools, 'managed_draining               = "ENABLED"', 'managed_draining               = "DISABLED"'),
            (rules.pools, 'status                 = "ENABLED"', 'status                 = "DISABLED"'),
        )
    ),
    ScannerDefect(policies.action_wildcards, "instances", "iam.tf", '"ecs:Poll"', '"ecs:*"'),
    ScannerDefect(policies.resource_policies, "reference", "account/bucket.tf", '"aws:SourceArn"', '"aws:UserAgent"'),
    ScannerDefect(policies.role_trust, "reference", "iam.tf", '"aws:SourceAccount"', '"aws:RequestedRegion"'),
    ScannerDefect(
        policies.role_trust, "reference", "iam.tf", '["ecs-tasks.amazonaws.com"]', '["ecs-tasks.amazonaws.com", "x"]'
    ),
    ScannerDefect(policies.role_trust, "reference", "iam.tf", 'type        = "Service"', 'type = "AWS"'),
    ScannerDefect(
        policies.role_trust, "reference", "iam.tf", "data.aws_iam_policy_document.ecs_tasks_trust.json", '"{}"'
    ),
    ScannerDefect(policies.action_wildcards, "functions", "iam.tf", '"ArnNotEquals"', '"ArnEquals"'),
    ScannerDefect(policies.action_wildcards, "functions", "iam.tf", '"ec2:DescribeSubnets"', '"ec2:RunInstances"'),
    ScannerDefect(policies.action_wildcards, "reference", "iam.tf", '"s3:GetObject"', '"s3:*"'),
    ScannerDefect(policies.action_wildcards, "reference", "iam.tf", '"sqs:SendMessage"', '"*"'),
    ScannerDefect(
        policies.action_wildcards, "reference", "iam.tf", "[aws_secretsmanager_secret.stripe_key.arn, ", '["*", '
    ),
    ScannerDefect(policies.action_wildcards, "reference", "iam.tf", "actions   = [", "not_actions = ["),
    ScannerDefect(policies.resource_policies, "reference", "monitoring.tf", "events.amazonaws.com", "s3.amazonaws.com"),
    ScannerDefect(policies.resource_policies, "reference", "monitoring.tf", 'type        = "Service"', 'type = "*"'),
    ScannerDefect(policies.resource_policies, "reference", "bucket.tf", '"aws:SourceArn"', '"aws:UserAgent"'),
    ScannerDefect(policies.plain_http, "reference", "bucket.tf", 'effect    = "Deny"', 'effect    = "Allow"'),
    ScannerDefect(policies.plain_http, "reference", "queue.tf", 'values   = ["false"]', 'values   = ["true"]'),
    ScannerDefect(
        policies.plain_http, "reference", "bootstrap/state.tf", 'actions   = ["s3:*"]', 'actions = ["s3:GetObject"]'
    ),
    ScannerDefect(
        policies.plain_http,
        "reference",
        "queue.tf",
        "queue_url = aws_sqs_queue.jobs_dead_letter.id",
        "queue_url = aws_sqs_queue.jobs.id",
    ),
    ScannerDefect(
        rules.separate_roles, "reference", "services.tf", "iam_role.web_task.arn", "iam_role.web_execution.arn"
    ),
    ScannerDefect(
        rules.separate_roles, "reference", "services.tf", "iam_role.worker_task.arn", "iam_role.web_task.arn"
    ),
    ScannerDefect(rules.separate_roles, "reference", "jobs.tf", "aws_iam_role.nightly_task.arn", "null"),
    ScannerDefect(rules.containers, "reference", "services.tf", "essential              = true", "privileged = true"),
    ScannerDefect(rules.containers, "reference", "services.tf", "readonlyRootFilesystem = true", ""),
    ScannerDefect(
        rules.containers,
        "prebuilt-image",
        "services.tf",
        "readonlyRootFilesystem = false",
        "readonlyRootFilesystem = true",
    ),
    ScannerDefect(rules.containers, "reference", "jobs.tf", '"10001:10001"', '"0:0"'),
    ScannerDefect(
        rules.containers,
        "reference",
        "services.tf",
        "{ initProcessEnabled = true }",
        '{ capabilities = { add = ["SYS_PTRACE"] } }',
    ),
    ScannerDefect(rules.containers, "reference", "services.tf", "aws_cloudwatch_log_group.web.name", '"somewhere"'),
    ScannerDefect(rules.literal_secrets, "reference", "services.tf", '"LOG_LEVEL"', '"SMTP_PASSWORD"'),
    ScannerDefect(
        rules.literal_secrets, "reference", "services.tf", "aws_secretsmanager_secret.stripe_key.arn", "var.stripe_key"
    ),
    ScannerDefect(
        rules.values_in_the_state, "reference", "secrets.tf", "secret_string_wo         =", "secret_string ="
    ),
    ScannerDefect(
        rules.values_in_the_state,
        "reference",
        "database.tf",
        "manage_master_user_password   = true",
        "password = var.x",
    ),
    ScannerDefect(rules.values_in_the_state, "reference", "database.tf", "", PASSWORD),
    ScannerDefect(rules.open_ports, "reference", "load_balancer.tf", "", DATABASE_PORT),
    ScannerDefect(rules.open_ports, "reference", "load_balancer.tf", "", INLINE),
    ScannerDefect(
        rules.open_ports,
        "reference",
        "database.tf",
        "referenced_security_group_id = aws_security_group.worker.id",
        'cidr_ipv4 = "0.0.0.0/0"',
    ),
    ScannerDefect(rules.open_ports, "reference", "load_balancer.tf", "to_port           = 443", "to_port = 444"),
    ScannerDefect(rules.public_subnets, "reference", "services.tf", "aws_subnet.private", "aws_subnet.public"),
    ScannerDefect(rules.public_subnets, "reference", "database.tf", "aws_subnet.isolated", "aws_subnet.public"),
    ScannerDefect(rules.encryption, "reference", "queue.tf", "aws_kms_key.main.arn", '"alias/aws/sqs"'),
    ScannerDefect(rules.encryption, "reference", "account/audit.tf", "kms_key_id = aws_kms_key.main.arn", ""),
    ScannerDefect(rules.encryption, "reference", "account/config.tf", "s3_kms_key_arn = aws_kms_key.main.arn", ""),
    ScannerDefect(rules.encryption, "reference", "services.tf", "kms_key_id        = aws_kms_key.main.arn", ""),
    ScannerDefect(rules.encryption, "reference", "bucket.tf", "kms_master_key_id = aws_kms_key.main.arn", ""),
    ScannerDefect(rules.encryption, "reference", "bootstrap/registry.tf", "kms_key         = aws_kms_key.main.arn", ""),
    ScannerDefect(rules.deletion, "reference", "bucket.tf", "force_destroy = false", "force_destroy = true"),
    ScannerDefect(rules.deletion, "reference", "database.tf", "skip_final_snapshot       = false", ""),
    ScannerDefect(
        rules.deletion, "reference", "secrets.tf", "recovery_window_in_days = 30", "recovery_window_in_days = 0"
    ),
    ScannerDefect(
        rules.deletion,
        "development",
        "load_balancer.tf",
        "enable_deletion_protection = false",
        "enable_deletion_protection = true",
    ),
    ScannerDefect(rules.private_buckets, "reference", "bucket.tf", "ignore_public_acls      = true", ""),
    ScannerDefect(rules.private_buckets, "reference", "bucket.tf", "", ACL),
    ScannerDefect(rules.encryption, "repository", "file_system.tf", "kms_key_id      = aws_kms_key.main.arn", ""),
    ScannerDefect(
        rules.state_stays, "repository", "file_system.tf", "prevent_destroy = true", "prevent_destroy = false"
    ),
    ScannerDefect(policies.plain_http, "repository", "file_system.tf", 'values   = ["false"]', 'values   = ["true"]'),
    ScannerDefect(rules.mounted_files, "repository", "file_system.tf", "uid = 10001", "uid = 0"),
    ScannerDefect(rules.mounted_files, "repository", "file_system.tf", '"/files"', '"/"'),
    ScannerDefect(rules.mounted_files, "repository", "services.tf", 'iam             = "ENABLED"', ""),
    ScannerDefect(
        rules.state_stays, "reference", "bootstrap/state.tf", "prevent_destroy = true", "prevent_destroy = false"
    ),
    ScannerDefect(
        rules.state_stays, "reference", "account/bucket.tf", "prevent_destroy = true", "prevent_destroy = false"
    ),
    ScannerDefect(rules.audit_record, "reference", "account/bucket.tf", "days = 365", "days = 90"),
    ScannerDefect(
        rules.audit_record,
        "reference",
        "account/alarms.tf",
        'metric_name         = "root-used"',
        'metric_name = "root-unused"',
    ),
    ScannerDefect(
        rules.audit_record, "reference", "account/alarms.tf", "[aws_sns_topic.alerts.arn]\n\n  # Nothing", "[]\n  #"
    ),
    ScannerDefect(
        rules.replaceable, "reference", "load_balancer.tf", "create_before_destroy = true", "prevent_destroy = false"
    ),
    ScannerDefect(rules.replaceable, "reference", "load_balancer.tf", 'name_prefix          = "web-"', 'name = "web"'),
    ScannerDefect(rules.replaceable, "reference", "database.tf", "name_prefix = ", "name = "),
    ScannerDefect(
        rules.replaceable, "reference", "dns.tf", "create_before_destroy = true", "create_before_destroy = false"
    ),
    *SURVIVAL_DEFECTS,
)
