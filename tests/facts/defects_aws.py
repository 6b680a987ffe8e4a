"""Defects of plans on AWS, at least one for each fact."""

from __future__ import annotations

from facts.changes import gone, inside, not_after, put, swap
from facts.defect import Defect

DEFINITION = "container_definitions"

AWS = (
    Defect(
        "only_the_balancer_is_reachable", "aws_ecs_service.web", put("network_configuration.0.assign_public_ip", True)
    ),
    Defect(
        "only_the_balancer_is_reachable",
        "aws_vpc_security_group_ingress_rule.orders_db_from_web",
        put("cidr_ipv4", "0.0.0.0/0"),
    ),
    Defect("routes_lead_to_their_container", "aws_lb_listener.https", put("default_action.0.target_group_arn", "x")),
    Defect(
        "routes_lead_to_their_container", "aws_lb_listener_rule.api_api_v2", put("priority", 900), case="two-containers"
    ),
    Defect(
        "routes_lead_to_their_container",
        "aws_lb_listener_rule.api_api",
        put("action.0.target_group_arn", "x"),
        case="two-containers",
    ),
    Defect("plain_http_is_redirected", "aws_lb_listener.http", put("default_action.0.redirect.0.protocol", "HTTP")),
    Defect("tls_is_modern", "aws_lb_listener.https", put("ssl_policy", "ELBSecurityPolicy-2016-08")),
    Defect("tls_is_modern", "aws_acm_certificate.main", put("domain_name", "other.example.com")),
    Defect("health_check_asks_the_port", "aws_lb_target_group.web", put("health_check.0.path", "/")),
    Defect("health_check_asks_the_port", "aws_lb_target_group.web", put("port", 80)),
    Defect(
        "health_check_asks_the_port",
        "aws_ecs_task_definition.web",
        inside(DEFINITION, put("0.portMappings.0.containerPort", 80)),
    ),
    Defect("variables_arrive", "aws_ecs_task_definition.web", inside(DEFINITION, put("0.environment.1.value", "x"))),
    Defect("variables_arrive", "aws_ecs_task_definition.web", inside(DEFINITION, put("0.environment.1.name", "X"))),
    Defect(
        "nothing_runs_with_privileges",
        "aws_ecs_task_definition.worker",
        inside(DEFINITION, put("0.readonlyRootFilesystem", False)),
    ),
    Defect("nothing_runs_with_privileges", "aws_ecs_task_definition.worker", inside(DEFINITION, put("0.user", "0"))),
    Defect("scaling_is_as_written", "aws_appautoscaling_target.web", put("max_capacity", 2)),
    Defect("jobs_run_as_written", "aws_scheduler_schedule.nightly", put("schedule_expression_timezone", "UTC")),
    Defect("jobs_run_as_written", "aws_ecs_task_definition.nightly", inside(DEFINITION, put("0.command.3", "60s"))),
    Defect("containers_hold_only_their_grants", "aws_iam_role_policy.web_task", swap("policy", "s3:PutObject", "s3:*")),
    Defect("containers_hold_only_their_grants", "aws_iam_role_policy.worker_task", gone),
    Defect("containers_hold_only_their_grants", "aws_iam_role_policy.web_task", swap("policy", "kms:ViaService", "x")),
    Defect(
        "secrets_have_only_their_readers",
        "aws_iam_role_policy.worker_task",
        swap("policy", "sqs:ReceiveMessage", "secretsmanager:GetSecretValue"),
    ),
    Defect(
        "secrets_have_only_their_readers",
        "aws_ecs_task_definition.web",
        inside(DEFINITION, put("0.secrets.1.valueFrom", "x")),
    ),
    Defect("databases_are_private", "aws_db_instance.orders_db", put("publicly_accessible", True)),
    Defect("databases_are_private", "aws_db_subnet_group.main", put("subnet_ids.0", "subnet-public")),
    Defect("databases_are_encrypted", "aws_db_instance.orders_db", put("storage_encrypted", False)),
    Defect("databases_are_encrypted", "aws_db_parameter_group.orders_db", put("parameter", [])),
    Defect("databases_can_be_restored", "aws_db_instance.orders_db", put("backup_retention_period", 1)),
    Defect("databases_can_be_restored", "aws_db_instance.orders_db", put("multi_az", False)),
    Defect("only_connected_containers_get_through", "aws_vpc_security_group_ingress_rule.orders_db_from_web", gone),
    Defect(
        "only_connected_containers_get_through",
        "aws_vpc_security_group_egress_rule.worker_to_internet",
        put("from_port", 0),
    ),
    Defect("buckets_are_private", "aws_s3_bucket_public_access_block.assets", put("block_public_policy", False)),
    Defect("buckets_are_private", "aws_s3_bucket_policy.state", gone, module="bootstrap"),
    Defect("buckets_are_encrypted", "aws_s3_bucket_server_side_encryption_configuration.assets", gone),
    Defect(
        "buckets_keep_versions",
        "aws_s3_bucket_versioning.assets",
        put("versioning_configuration.0.status", "Suspended"),
    ),
    Defect(
        "caches_are_private_and_encrypted",
        "aws_elasticache_replication_group.sessions",
        put("transit_encryption_enabled", False),
    ),
    Defect("queues_keep_what_fails", "aws_sqs_queue.jobs", inside("redrive_policy", put("maxReceiveCount", 50))),
    Defect("queues_keep_what_fails", "aws_sqs_queue_redrive_allow_policy.jobs_dead_letter", gone),
    Defect(
        "alarms_watch_what_exists", "aws_cloudwatch_metric_alarm.web_service_cpu", put("dimensions.ServiceName", "x")
    ),
    Defect("alarms_watch_what_exists", "aws_cloudwatch_metric_alarm.jobs_queue_dead_letters", gone),
    Defect("alarms_tell_somebody", "aws_cloudwatch_metric_alarm.error_rate", put("alarm_actions", [])),
    Defect("alarms_tell_somebody", "aws_sns_topic_subscription.email_1", gone),
    Defect("logs_are_kept_as_written", "aws_cloudwatch_log_group.web", put("retention_in_days", 7)),
    Defect("changes_are_recorded", "aws_cloudtrail.main", put("is_multi_region_trail", False), module="account"),
    Defect("changes_are_recorded", "aws_cloudtrail.main", put("enable_logging", False), module="account"),
    Defect("changes_are_recorded", "aws_config_configuration_recorder_status.main", gone, module="account"),
    Defect(
        "changes_are_recorded",
        "aws_config_configuration_recorder.main",
        put("recording_group.0.all_supported", False),
        module="account",
    ),
    Defect("records_are_guarded", "aws_s3_bucket.audit", put("force_destroy", True), module="account"),
    Defect(
        "records_are_guarded",
        "aws_s3_bucket_lifecycle_configuration.audit",
        put("rule.0.expiration.0.days", 90),
        module="account",
    ),
    Defect(
        "records_are_guarded",
        "aws_s3_bucket_policy.audit",
        swap("policy", ":trail/shop-prod", ":trail/*"),
        module="account",
    ),
    Defect("records_are_guarded", "aws_cloudwatch_log_group.audit", put("retention_in_days", 30), module="account"),
    Defect("records_are_guarded", "aws_cloudtrail.main", put("enable_log_file_validation", False), module="account"),
    Defect("tampering_is_told", "aws_sns_topic_subscription.email_1", gone, module="account"),
    Defect("tampering_is_told", "aws_cloudwatch_metric_alarm.record_changed", gone, module="account"),
    Defect(
        "tampering_is_told",
        "aws_cloudwatch_log_metric_filter.record_changed",
        swap("pattern", "StopLogging", "StartLogging"),
        module="account",
    ),
    Defect("tampering_is_told", "aws_cloudwatch_metric_alarm.root_used", put("alarm_actions", []), module="account"),
    Defect("logs_exist_before_their_writers", "aws_ecs_task_definition.web", not_after("aws_cloudwatch_log_group.web")),
    Defect(
        "logs_exist_before_their_writers",
        "aws_db_instance.orders_db",
        not_after("aws_cloudwatch_log_group.orders_db_upgrade"),
    ),
    Defect("the_way_in_exists_first", "aws_ecs_service.web", not_after("aws_lb_listener.https")),
    Defect("grants_exist_before_their_users", "aws_ecs_service.web", not_after("aws_iam_role_policy.web_task")),
    Defect("grants_exist_before_their_users", "aws_scheduler_schedule.nightly", not_after("aws_db_instance.orders_db")),
    Defect("foundations_exist_first", "aws_ecs_service.web", not_after("aws_ecs_cluster_capacity_providers.main")),
    Defect("foundations_exist_first", "aws_ecs_service.worker", not_after("aws_route.private_internet")),
    Defect("labels_reach_everything", "aws_lb.main", put("tags_all.team", "other")),
    Defect("state_is_guarded", "aws_s3_bucket.state", put("force_destroy", True), module="bootstrap"),
    Defect(
        "images_stay_what_they_are",
        "aws_ecr_repository.web",
        put("image_tag_mutability", "MUTABLE"),
        module="bootstrap",
    ),
    Defect("keys_rotate", "aws_kms_key.main", put("enable_key_rotation", False)),
)
