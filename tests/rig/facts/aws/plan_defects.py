"""Defects of plans on AWS, at least one for each fact."""

from __future__ import annotations

from rig.facts.aws.capacity_defects import CAPACITY
from rig.facts.aws.function_defects import FUNCTIONS
from rig.facts.aws.machine_defects import MACHINES
from rig.facts.changes import gone, inside, not_after, put, swap
from rig.facts.plan_defect import PlanDefect

DEFINITION = "container_definitions"

AWS = (
    PlanDefect(
        "only_the_balancer_is_reachable", "aws_ecs_service.web", put("network_configuration.0.assign_public_ip", True)
    ),
    PlanDefect(
        "only_the_balancer_is_reachable",
        "aws_vpc_security_group_ingress_rule.orders_db_from_web",
        put("cidr_ipv4", "0.0.0.0/0"),
    ),
    PlanDefect(
        "routes_lead_to_their_container", "aws_lb_listener.https", put("default_action.0.target_group_arn", "x")
    ),
    PlanDefect(
        "routes_lead_to_their_container",
        "aws_lb_listener_rule.path_api_v2",
        put("priority", 40000),
        case="two-containers",
    ),
    PlanDefect(
        "routes_lead_to_their_container",
        "aws_lb_listener_rule.path_api",
        put("action.0.target_group_arn", "x"),
        case="two-containers",
    ),
    PlanDefect("aliases_redirect", "aws_lb_listener_rule.aliases", put("priority", 49000), case="two-containers"),
    PlanDefect(
        "aliases_redirect",
        "aws_lb_listener_rule.aliases",
        put("action.0.redirect.0.status_code", "HTTP_302"),
        case="two-containers",
    ),
    PlanDefect(
        "aliases_redirect",
        "aws_route53_record.alias_www_portal_example_com",
        put("alias.0.name", "other.example.com"),
        case="two-containers",
    ),
    PlanDefect(
        "aliases_redirect",
        "aws_lb_listener_certificate.alias_www_portal_example_com",
        put("certificate_arn", "x"),
        case="two-containers",
    ),
    PlanDefect("plain_http_is_redirected", "aws_lb_listener.http", put("default_action.0.redirect.0.protocol", "HTTP")),
    PlanDefect("tls_is_modern", "aws_lb_listener.https", put("ssl_policy", "ELBSecurityPolicy-2016-08")),
    PlanDefect("tls_is_modern", "aws_acm_certificate.main", put("domain_name", "other.example.com")),
    PlanDefect("health_check_asks_the_port", "aws_lb_target_group.web", put("health_check.0.path", "/")),
    PlanDefect("health_check_asks_the_port", "aws_lb_target_group.web", put("port", 8000)),
    PlanDefect(
        "health_check_asks_the_port",
        "aws_ecs_task_definition.web",
        inside(DEFINITION, put("0.portMappings.0.containerPort", 80)),
    ),
    PlanDefect(
        "variables_arrive", "aws_ecs_task_definition.web", inside(DEFINITION, put("0.environment.1.value", "x"))
    ),
    PlanDefect("variables_arrive", "aws_ecs_task_definition.web", inside(DEFINITION, put("0.environment.1.name", "X"))),
    PlanDefect(
        "nothing_runs_with_privileges",
        "aws_ecs_task_definition.worker",
        inside(DEFINITION, put("0.readonlyRootFilesystem", False)),
    ),
    PlanDefect(
        "nothing_runs_with_privileges", "aws_ecs_task_definition.worker", inside(DEFINITION, put("0.user", "0"))
    ),
    PlanDefect("scaling_is_as_written", "aws_appautoscaling_target.web", put("max_capacity", 2)),
    PlanDefect("jobs_run_as_written", "aws_scheduler_schedule.nightly", put("schedule_expression_timezone", "UTC")),
    PlanDefect("jobs_run_as_written", "aws_ecs_task_definition.nightly", inside(DEFINITION, put("0.command.3", "60s"))),
    PlanDefect(
        "containers_hold_only_their_grants", "aws_iam_role_policy.web_task", swap("policy", "s3:PutObject", "s3:*")
    ),
    PlanDefect("containers_hold_only_their_grants", "aws_iam_role_policy.worker_task", gone),
    PlanDefect(
        "containers_hold_only_their_grants", "aws_iam_role_policy.web_task", swap("policy", "kms:ViaService", "x")
    ),
    PlanDefect(
        "secrets_have_only_their_readers",
        "aws_iam_role_policy.worker_task",
        swap("policy", "sqs:ReceiveMessage", "secretsmanager:GetSecretValue"),
    ),
    PlanDefect(
        "secrets_have_only_their_readers",
        "aws_ecs_task_definition.web",
        inside(DEFINITION, put("0.secrets.1.valueFrom", "x")),
    ),
    PlanDefect("databases_are_private", "aws_db_instance.orders_db", put("publicly_accessible", True)),
    PlanDefect("databases_are_private", "aws_db_subnet_group.main", put("subnet_ids.0", "subnet-public")),
    PlanDefect("databases_are_encrypted", "aws_db_instance.orders_db", put("storage_encrypted", False)),
    PlanDefect("databases_are_encrypted", "aws_db_parameter_group.orders_db", put("parameter", [])),
    PlanDefect("databases_can_be_restored", "aws_db_instance.orders_db", put("backup_retention_period", 1)),
    PlanDefect("databases_can_be_restored", "aws_db_instance.orders_db", put("multi_az", False)),
    PlanDefect("only_connected_containers_get_through", "aws_vpc_security_group_ingress_rule.orders_db_from_web", gone),
    PlanDefect(
        "only_connected_containers_get_through",
        "aws_vpc_security_group_egress_rule.worker_to_internet",
        put("from_port", 0),
    ),
    PlanDefect("buckets_are_private", "aws_s3_bucket_public_access_block.assets", put("block_public_policy", False)),
    PlanDefect("buckets_are_private", "aws_s3_bucket_policy.state", gone, module="bootstrap"),
    PlanDefect("buckets_are_encrypted", "aws_s3_bucket_server_side_encryption_configuration.assets", gone),
    PlanDefect(
        "buckets_keep_versions",
        "aws_s3_bucket_versioning.assets",
        put("versioning_configuration.0.status", "Suspended"),
    ),
    PlanDefect(
        "caches_are_private_and_encrypted",
        "aws_elasticache_replication_group.sessions",
        put("transit_encryption_enabled", False),
    ),
    PlanDefect(
        "kept_folders_are_mounted",
        "aws_efs_access_point.web_app_covers",
        put("root_directory.0.path", "/"),
        case="repository",
    ),
    PlanDefect(
        "kept_folders_are_mounted",
        "aws_ecs_task_definition.web",
        inside(DEFINITION, put("0.mountPoints.3.containerPath", "/app/other")),
        case="repository",
    ),
    PlanDefect("kept_folders_are_private", "aws_efs_file_system_policy.web_app_covers", gone, case="repository"),
    PlanDefect(
        "kept_folders_are_private",
        "aws_vpc_security_group_ingress_rule.web_app_covers_from_web",
        put("from_port", 0),
        case="repository",
    ),
    PlanDefect(
        "kept_folders_are_private",
        "aws_iam_role_policy.web_task",
        swap("policy", "AccessPointArn", "AccessedViaMountTarget"),
        case="repository",
    ),
    PlanDefect(
        "kept_folders_are_private", "aws_efs_file_system.web_app_covers", put("kms_key_id", "x"), case="repository"
    ),
    PlanDefect("kept_folders_can_be_restored", "aws_efs_backup_policy.web_app_covers", gone, case="repository"),
    PlanDefect(
        "grants_exist_before_their_users",
        "aws_ecs_service.web",
        not_after("aws_efs_mount_target.web_app_covers"),
        case="repository",
    ),
    PlanDefect("queues_keep_what_fails", "aws_sqs_queue.jobs", inside("redrive_policy", put("maxReceiveCount", 50))),
    PlanDefect("queues_keep_what_fails", "aws_sqs_queue_redrive_allow_policy.jobs_dead_letter", gone),
    PlanDefect(
        "alarms_watch_what_exists", "aws_cloudwatch_metric_alarm.web_service_cpu", put("dimensions.ServiceName", "x")
    ),
    PlanDefect("alarms_watch_what_exists", "aws_cloudwatch_metric_alarm.jobs_queue_dead_letters", gone),
    PlanDefect("alarms_tell_somebody", "aws_cloudwatch_metric_alarm.error_rate", put("alarm_actions", [])),
    PlanDefect("alarms_tell_somebody", "aws_sns_topic_subscription.email_af3c8254", gone),
    PlanDefect("logs_are_kept_as_written", "aws_cloudwatch_log_group.web", put("retention_in_days", 7)),
    PlanDefect("changes_are_recorded", "aws_cloudtrail.main", put("is_multi_region_trail", False), module="account"),
    PlanDefect("changes_are_recorded", "aws_cloudtrail.main", put("enable_logging", False), module="account"),
    PlanDefect("changes_are_recorded", "aws_config_configuration_recorder_status.main", gone, module="account"),
    PlanDefect(
        "changes_are_recorded",
        "aws_config_configuration_recorder.main",
        put("recording_group.0.all_supported", False),
        module="account",
    ),
    PlanDefect("records_are_guarded", "aws_s3_bucket.audit", put("force_destroy", True), module="account"),
    PlanDefect(
        "records_are_guarded",
        "aws_s3_bucket_lifecycle_configuration.audit",
        put("rule.0.expiration.0.days", 90),
        module="account",
    ),
    PlanDefect(
        "records_are_guarded",
        "aws_s3_bucket_policy.audit",
        swap("policy", ":trail/shop-prod", ":trail/*"),
        module="account",
    ),
    PlanDefect("records_are_guarded", "aws_cloudwatch_log_group.audit", put("retention_in_days", 30), module="account"),
    PlanDefect(
        "records_are_guarded", "aws_cloudtrail.main", put("enable_log_file_validation", False), module="account"
    ),
    PlanDefect("tampering_is_told", "aws_sns_topic_subscription.email_af3c8254", gone, module="account"),
    PlanDefect("tampering_is_told", "aws_cloudwatch_metric_alarm.record_changed", gone, module="account"),
    PlanDefect(
        "tampering_is_told",
        "aws_cloudwatch_log_metric_filter.record_changed",
        swap("pattern", "StopLogging", "StartLogging"),
        module="account",
    ),
    PlanDefect(
        "tampering_is_told", "aws_cloudwatch_metric_alarm.root_used", put("alarm_actions", []), module="account"
    ),
    PlanDefect(
        "logs_exist_before_their_writers", "aws_ecs_task_definition.web", not_after("aws_cloudwatch_log_group.web")
    ),
    PlanDefect(
        "logs_exist_before_their_writers",
        "aws_db_instance.orders_db",
        not_after("aws_cloudwatch_log_group.orders_db_upgrade"),
    ),
    PlanDefect("the_way_in_exists_first", "aws_ecs_service.web", not_after("aws_lb_listener.https")),
    PlanDefect("grants_exist_before_their_users", "aws_ecs_service.web", not_after("aws_iam_role_policy.web_task")),
    PlanDefect(
        "grants_exist_before_their_users", "aws_scheduler_schedule.nightly", not_after("aws_db_instance.orders_db")
    ),
    PlanDefect("foundations_exist_first", "aws_ecs_service.web", not_after("aws_ecs_cluster_capacity_providers.main")),
    PlanDefect("foundations_exist_first", "aws_ecs_service.worker", not_after("aws_route.private_internet")),
    PlanDefect("labels_reach_everything", "aws_lb.main", put("tags_all.team", "other")),
    PlanDefect("state_is_guarded", "aws_s3_bucket.state", put("force_destroy", True), module="bootstrap"),
    PlanDefect(
        "images_stay_what_they_are",
        "aws_ecr_repository.images",
        put("image_tag_mutability", "MUTABLE"),
        module="bootstrap",
    ),
    PlanDefect("keys_rotate", "aws_kms_key.main", put("enable_key_rotation", False)),
    *MACHINES,
    *FUNCTIONS,
    *CAPACITY,
)
