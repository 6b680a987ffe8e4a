"""Mutations on AWS by which the output would not survive an edit or a failed start."""

from __future__ import annotations

from rig.mutations.mutation import Check, Mutation

RULE = Check.BLIND_SPOT
FACT = Check.FACT
ALL, SITE, WORKER, SMALL, DEVELOPMENT = "reference", "two-containers", "worker-only", "smallest", "development"
IMAGE = "prebuilt-image"
PATTERNS = "values = {{ rule.patterns }}\n    }\n  }\n"
FIRST = "\n  lifecycle {\n    create_before_destroy = true\n  }\n"

# fmt: off
EDITS: tuple[Mutation, ...] = (
    Mutation("rules-created-first", "aws/load_balancer.tf.j2",
           PATTERNS, PATTERNS + FIRST,
           SITE, RULE, "aws_lb.main: is created before the old one goes, as aws_lb_listener_rule."),
    Mutation("cache-created-first", "aws/_cache.tf.j2",
           "ignore_changes = [engine_version]", "create_before_destroy = true",
           ALL, RULE, "aws_elasticache_replication_group.sessions: is created before the old one goes"),
    Mutation("group-created-first-with-a-role", "aws/_database.tf.j2",
           "  skip_destroy = true\n",
           "  skip_destroy = true\n  tags = { Role = {{ database.monitoring_role.address.arn }} }\n",
           DEVELOPMENT, RULE, "aws_iam_role.rds_monitoring: is created before the old one goes"),
    Mutation("policies-that-name-the-server", "aws/iam.tf",
           "local.orders_db_password_arn", "aws_db_instance.orders_db.master_user_secret[0].secret_arn",
           ALL, RULE, "is read anew with each change of aws_db_instance.orders_db", times=3),
    Mutation("images-deleted-by-another-key", "aws/bootstrap/registry.tf.j2",
           "[encryption_configuration]", "[tags]",
           SMALL, RULE, "aws_ecr_repository.images: another encryption deletes its images"),
    Mutation("settings-that-go-before-the-window", "aws/_database.tf.j2",
           "skip_destroy = true", "skip_destroy = false",
           DEVELOPMENT, RULE, "aws_db_parameter_group.orders_db: goes while it is used"),
    Mutation("revisions-that-go-while-they-run", "aws/containers/_task.tf.j2",
           "skip_destroy = true", "skip_destroy = false",
           WORKER, RULE, "aws_ecs_task_definition.worker: goes while it is used"),
    Mutation("schedules-taken-back", "aws/containers/_service.tf.j2",
           "[min_capacity, max_capacity]", "[max_capacity]",
           ALL, RULE, "aws_appautoscaling_target.web: each plan takes back what a schedule has set"),
    Mutation("scaling-taken-back", "aws/containers/_service.tf.j2",
           "[desired_count]", "[tags]",
           ALL, RULE, "aws_ecs_service.web: each plan takes back what autoscaling has set"),
    Mutation("target-group-of-one-port", "aws/_target_group.tf.j2",
           "{{ group.port }}", "{{ group.entry.port }}",
           SMALL, RULE, "another port of its container replaces it"),
    Mutation("balancer-without-a-way-out", "aws/load_balancer.tf.j2",
           "{{ stack.load_balancer.before }}", "[{{ stack.load_balancer.log_policy }}]",
           SMALL, RULE, "aws_lb.main: AWS refuses it before there is a way to the internet"),
    Mutation("redirect-to-a-closed-port", "aws/load_balancer.tf.j2",
           "  depends_on = [aws_lb_listener.https]\n", "",
           ALL, RULE, "aws_lb_listener.http: sends visitors to a port that nothing serves yet"),
    Mutation("services-replaced-by-another-capacity", "aws/containers/_service.tf.j2",
           "  force_new_deployment = true\n", "",
           WORKER, RULE, "aws_ecs_service.worker: another capacity replaces it"),
    Mutation("subnets-that-go-while-they-are-used", "aws/network.tf.j2",
           "create_before_destroy = true", "create_before_destroy = false",
           WORKER, RULE, "aws_subnet.private: is destroyed while it is used", times=3),
    Mutation("certificate-that-goes-while-it-is-used", "aws/dns.tf.j2",
           "create_before_destroy = true", "create_before_destroy = false",
           ALL, RULE, "aws_acm_certificate.main: is destroyed while it is used"),
    Mutation("subscription-by-position", "aws/monitoring.tf",
           '"email_af3c8254"', '"email_1"',
           ALL, RULE, "aws_sns_topic_subscription.email_1: another address before it"),
    Mutation("another-site-watched-from-outside", "aws/_uptime.tf.j2",
           "{{ stack.monitoring.uptime.host }}", '"other.example.com"',
           IMAGE, FACT, "alarms_watch_what_exists: aws_route53_health_check.main: asks another host"),
    Mutation("an-outage-that-nobody-hears-of", "aws/_uptime.tf.j2",
           "alarm_actions       = [{{ stack.monitoring.uptime.topic.arn }}]", "alarm_actions = []",
           IMAGE, FACT, "alarms_tell_somebody: aws_cloudwatch_metric_alarm.uptime: tells nobody"),
    Mutation("certificate-of-another-watched", "aws/monitoring.tf",
           "CertificateArn = aws_acm_certificate.main.arn", 'CertificateArn = "arn:aws:acm:eu-west-1:1:certificate/1"',
           IMAGE, FACT, "alarms_watch_what_exists: aws_cloudwatch_metric_alarm.certificate: watches"),
)
