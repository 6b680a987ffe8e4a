"""Mutations on AWS that moto and a schema accept, and the rules of AWS's servers must refuse."""

from __future__ import annotations

from rig.mutations.mutation import Check, Mutation

RULE, APPLY = Check.RULE, Check.APPLY
ALL, WORKER, SMALL, LEAST, DEVELOPMENT = "reference", "worker-only", "smallest", "no-balancer", "development"

# fmt: off
SERVERS: tuple[Mutation, ...] = (
    Mutation("maintenance-during-backups", "aws/_database.tf.j2",
           '"sun:04:30-sun:05:30"', '"sun:03:30-sun:04:30"',
           DEVELOPMENT, RULE, "[windows]"),
    Mutation("insights-kept-for-a-month", "aws/_database.tf.j2",
           "performance_insights_retention_period = 7", "performance_insights_retention_period = 30",
           DEVELOPMENT, RULE, "[insights]"),
    Mutation("monitoring-without-a-role", "aws/_database.tf.j2",
           "monitoring_role_arn             = {{ database.monitoring_role.address.arn }}", "",
           DEVELOPMENT, RULE, "[enhanced-monitoring]"),
    Mutation("parameters-of-another-version", "aws/_database.tf.j2",
           "{{ database.family }}", '"postgres15"',
           DEVELOPMENT, APPLY, "[parameter-family]"),
    Mutation("database-logs-of-another-name", "aws/_database.tf.j2",
           "{{ group.name }}", '{{ group.name ~ "-2" }}',
           DEVELOPMENT, APPLY, "[rds-logs]"),
    Mutation("health-checks-that-overtake-each-other", "aws/_target_group.tf.j2",
           "{{ group.entry.timeout }}", "60",
           DEVELOPMENT, RULE, "[target-health]"),
    Mutation("two-rules-in-one-place", "aws/_firewall.tf.j2",
           "priority = 20", "priority = 10",
           SMALL, RULE, "[waf-rules]"),
    Mutation("firewall-log-of-another-name", "aws/_firewall.tf.j2",
           "{{ stack.load_balancer.firewall.log_group }}", '"firewall-logs"',
           SMALL, APPLY, "[waf-log]"),
    Mutation("alarms-without-the-key", "aws/kms.tf.j2",
           '"cloudwatch.amazonaws.com"', '"ec2.amazonaws.com"',
           SMALL, APPLY, "[alarms-arrive]"),
    Mutation("events-under-a-condition", "aws/kms.tf.j2",
           'Principal = { Service = "events.amazonaws.com" }',
           'Principal = { Service = "events.amazonaws.com" }\n'
           '        Condition = { StringEquals = { "aws:SourceAccount" = {{ stack.key.account }} } }',
           ALL, APPLY, "[events-arrive]"),
    Mutation("logs-without-the-key", "aws/kms.tf.j2",
           "{{ stack.key.logs_principal }}", '"ec2.amazonaws.com"',
           WORKER, APPLY, "[log-key]"),
    Mutation("policy-and-block-at-once", "aws/_bucket.tf.j2",
           "depends_on = [{{ bucket.public_access_block }}]", "",
           WORKER, APPLY, ("[policy-order]", "[lucky-order] aws_s3_bucket_policy.pages needs")),
    Mutation("old-versions-before-there-are-any", "aws/_bucket.tf.j2",
           "depends_on = [{{ bucket.versioning }}]", "",
           WORKER, APPLY, ("[versions-first]", "[lucky-order] aws_s3_bucket_lifecycle_configuration.pages needs")),
    Mutation("access-that-nobody-logs", "aws/bucket.tf.j2",
           '"logging.s3.amazonaws.com"', '"ec2.amazonaws.com"',
           WORKER, APPLY, "[access-logged]"),
    Mutation("roles-of-another-service", "aws/iam.tf.j2",
           "identifiers = {{ trust.principals }}", 'identifiers = ["ec2.amazonaws.com"]',
           WORKER, APPLY, "[roles-taken]"),
    Mutation("deployment-without-room", "aws/containers/_service.tf.j2",
           "deployment_maximum_percent         = 200", "deployment_maximum_percent = 100",
           LEAST, RULE, "[deployment]"),
    Mutation("schedule-of-a-crontab", "aws/containers/jobs.tf.j2",
           "{{ workload.schedule.expression }}", '"cron(0 2 * * *)"',
           ALL, RULE, "[schedule-clock]"),
    Mutation("images-that-all-go-first", "aws/bootstrap/registry.tf.j2",
           "{{ stack.bootstrap.lifecycle_policy }}",
           '{ rules = [{ rulePriority = 1, selection = { tagStatus = "any" } }, '
           '{ rulePriority = 2, selection = { tagStatus = "untagged" } }] }',
           LEAST, RULE, "[image-cleanup]"),
    Mutation("trail-without-a-star", "aws/account/audit.tf.j2",
           "{{ stack.audit.trail.log_group_arn }}", "aws_cloudwatch_log_group.audit.arn",
           ALL, APPLY, "[trail-log]"),
    Mutation("trail-under-a-condition", "aws/account/audit.tf.j2",
           "    # CloudTrail supports no condition on the account for this role.",
           "    condition {\n"
           '      test     = "StringEquals"\n'
           '      variable = "aws:SourceAccount"\n'
           "      values   = [{{ stack.audit.recorder.account }}]\n"
           "    }",
           ALL, APPLY, "[trail-role]"),
    Mutation("trail-that-cannot-write", "aws/account/bucket.tf.j2",
           '["s3:PutObject"]', '["s3:PutObjectAcl"]',
           ALL, APPLY, "[trail-bucket]"),
    Mutation("trail-before-its-bucket-is-ready", "aws/account/audit.tf.j2",
           "depends_on = {{ stack.audit.before_trail }}", "",
           DEVELOPMENT, APPLY, ("[trail-bucket]", "[trail-role]", "[lucky-order] aws_cloudtrail.main needs")),
    Mutation("trail-whose-key-it-may-not-see", "aws/account/kms.tf.j2",
           '"kms:DescribeKey"', '"kms:Decrypt"',
           ALL, APPLY, "[trail-key]"),
    Mutation("recorder-before-its-channel", "aws/account/config.tf.j2",
           "depends_on = [aws_config_delivery_channel.main]", "",
           DEVELOPMENT, APPLY,
           ("[recorder-starts]", "[lucky-order] aws_config_configuration_recorder_status.main needs")),
    Mutation("alarm-of-what-nobody-counts", "aws/account/alarms.tf.j2",
           "    name      = {{ event.metric.name }}", '    name      = "events"',
           ALL, APPLY, "[metrics-made]"),
)
# fmt: on
