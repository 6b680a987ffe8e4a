"""For each fact and cloud a defect of a plan that breaks it: fact, module, resource, what is changed there.

The plans are those of the golden case `reference`, or of the case that is named.
"""

from __future__ import annotations

from dataclasses import dataclass

from facts.changes import Change, gone, inside, not_after, put, swap


@dataclass(frozen=True)
class Defect:
    """A change to one resource of a plan that breaks a fact."""

    fact: str
    address: str
    change: Change
    module: str = "."
    case: str = "reference"

    def __str__(self) -> str:
        return f"{self.fact}-{self.address}"


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

IP = "settings.0.ip_configuration.0"
GCP = (
    Defect("only_the_balancer_is_reachable", "google_cloud_run_v2_service.web", put("ingress", "INGRESS_TRAFFIC_ALL")),
    Defect(
        "only_the_balancer_is_reachable",
        "google_storage_bucket_iam_member.web_assets_object_user",
        put("member", "allUsers"),
    ),
    Defect("routes_lead_to_their_container", "google_compute_url_map.main", put("default_service", "x")),
    Defect(
        "routes_lead_to_their_container",
        "google_compute_url_map.main",
        put("path_matcher.0.path_rule.0.service", "x"),
        case="two-containers",
    ),
    Defect(
        "routes_lead_to_their_container",
        "google_compute_region_network_endpoint_group.web",
        put("cloud_run.0.service", "x"),
    ),
    Defect(
        "plain_http_is_redirected",
        "google_compute_url_map.redirect",
        put("default_url_redirect.0.https_redirect", False),
    ),
    Defect("tls_is_modern", "google_compute_ssl_policy.main", put("min_tls_version", "TLS_1_0")),
    Defect(
        "tls_is_modern", "google_certificate_manager_certificate.main", put("managed.0.domains.0", "other.example.com")
    ),
    Defect(
        "health_check_asks_the_port",
        "google_cloud_run_v2_service.web",
        put("template.0.containers.0.ports.0.container_port", 80),
    ),
    Defect(
        "health_check_asks_the_port",
        "google_cloud_run_v2_service.web",
        put("template.0.containers.0.liveness_probe.0.http_get.0.path", "/"),
    ),
    Defect("variables_arrive", "google_cloud_run_v2_service.web", put("template.0.containers.0.env.0.name", "X")),
    Defect("variables_arrive", "google_cloud_run_v2_service.web", put("template.0.containers.0.env.0.value", "x")),
    Defect("nothing_runs_with_privileges", "google_cloud_run_v2_service.web", put("template.0.service_account", "x")),
    Defect(
        "scaling_is_as_written", "google_cloud_run_v2_service.web", put("template.0.scaling.0.max_instance_count", 2)
    ),
    Defect(
        "scaling_is_as_written", "google_cloud_run_v2_worker_pool.worker", put("scaling.0.manual_instance_count", 1)
    ),
    Defect("jobs_run_as_written", "google_cloud_scheduler_job.nightly", put("time_zone", "UTC")),
    Defect("jobs_run_as_written", "google_cloud_run_v2_job.nightly", put("template.0.template.0.timeout", "60s")),
    Defect(
        "containers_hold_only_their_grants",
        "google_storage_bucket_iam_member.nightly_assets_object_viewer",
        put("role", "roles/storage.admin"),
    ),
    Defect("containers_hold_only_their_grants", "google_pubsub_topic_iam_member.web_jobs_publisher", gone),
    Defect(
        "secrets_have_only_their_readers",
        "google_secret_manager_secret_iam_member.web_stripe_key_secret_accessor",
        put("member", "user:x@example.com"),
    ),
    Defect("databases_are_private", "google_sql_database_instance.orders_db", put(f"{IP}.ipv4_enabled", True)),
    Defect(
        "databases_are_encrypted",
        "google_sql_database_instance.orders_db",
        put(f"{IP}.ssl_mode", "ALLOW_UNENCRYPTED_AND_ENCRYPTED"),
    ),
    Defect("databases_are_encrypted", "google_sql_database_instance.orders_db", put("encryption_key_name", None)),
    Defect(
        "databases_can_be_restored",
        "google_sql_database_instance.orders_db",
        put("settings.0.availability_type", "ZONAL"),
    ),
    Defect("databases_can_be_restored", "google_sql_database_instance.orders_db", put("deletion_protection", False)),
    Defect("only_connected_containers_get_through", "google_compute_firewall.web_to_orders_db", gone),
    Defect("only_connected_containers_get_through", "google_compute_firewall.https", put("allow.0.ports", ["0-65535"])),
    Defect("only_connected_containers_get_through", "google_compute_firewall.deny_egress", gone),
    Defect("buckets_are_private", "google_storage_bucket.assets", put("public_access_prevention", "inherited")),
    Defect(
        "buckets_are_private",
        "google_storage_bucket.state",
        put("uniform_bucket_level_access", False),
        module="bootstrap",
    ),
    Defect("buckets_are_encrypted", "google_storage_bucket.assets", put("encryption", [])),
    Defect("buckets_keep_versions", "google_storage_bucket.assets", put("versioning.0.enabled", False)),
    Defect("caches_are_private_and_encrypted", "google_memorystore_instance.sessions", put("kms_key", None)),
    Defect("queues_keep_what_fails", "google_pubsub_subscription.jobs", put("dead_letter_policy", [])),
    Defect("queues_keep_what_fails", "google_pubsub_topic_iam_member.jobs_dead_letter_forwarding", gone),
    Defect(
        "alarms_watch_what_exists",
        "google_monitoring_alert_policy.web_service_cpu",
        swap("conditions.0.condition_threshold.0.filter", "shop-prod-web", "shop-prod-old"),
    ),
    Defect(
        "alarms_watch_what_exists",
        "google_monitoring_alert_policy.error_rate",
        swap(
            "conditions.0.condition_prometheus_query_language.0.query", 'url_map_name="shop-prod"', 'url_map_name="old"'
        ),
    ),
    Defect("alarms_tell_somebody", "google_monitoring_alert_policy.error_rate", put("notification_channels", [])),
    Defect("logs_are_kept_as_written", "google_logging_project_bucket_config.main", put("retention_days", 7)),
    Defect("logs_are_kept_as_written", "google_logging_project_sink.main", swap("filter", "shop-prod-nightly", "x")),
    Defect(
        "changes_are_recorded",
        "google_project_iam_audit_config.main",
        put("audit_log_config.0.exempted_members", ["user:ops@example.com"]),
        module="account",
    ),
    Defect(
        "changes_are_recorded",
        "google_logging_project_sink.main",
        swap("filter", "googleapis.com/data_access", "googleapis.com/activity"),
        module="account",
    ),
    Defect(
        "changes_are_recorded",
        "google_project_iam_audit_config.main",
        not_after("google_logging_project_sink.main"),
        module="account",
        case="development",
    ),
    Defect(
        "records_are_guarded",
        "google_logging_project_bucket_config.main",
        put("retention_days", 90),
        module="account",
        case="two-containers",
    ),
    Defect("records_are_guarded", "google_logging_project_bucket_config.main", put("locked", True), module="account"),
    Defect(
        "records_are_guarded",
        "google_logging_project_bucket_config.main",
        put("cmek_settings.0.kms_key_name", "x"),
        module="account",
    ),
    Defect(
        "tampering_is_told",
        "google_monitoring_alert_policy.record_changed",
        swap("conditions.0.condition_matched_log.0.filter", "shop-prod-audit$", "shop-prod$"),
        module="account",
    ),
    Defect(
        "tampering_is_told",
        "google_monitoring_notification_channel.email_2",
        gone,
        module="account",
        case="two-containers",
    ),
    Defect(
        "logs_exist_before_their_writers",
        "google_logging_project_sink.main",
        not_after("google_logging_project_bucket_config.main"),
    ),
    Defect("the_way_in_exists_first", "google_compute_url_map.main", not_after("google_cloud_run_v2_service.web")),
    Defect(
        "grants_exist_before_their_users",
        "google_cloud_run_v2_service.web",
        not_after("google_pubsub_topic_iam_member.web_jobs_publisher"),
    ),
    Defect(
        "grants_exist_before_their_users", "google_cloud_run_v2_job.nightly", not_after("google_sql_user.orders_db")
    ),
    Defect("foundations_exist_first", "google_compute_network.main", not_after("time_sleep.apis")),
    Defect(
        "foundations_exist_first", "google_cloud_run_v2_worker_pool.worker", not_after("google_compute_router_nat.main")
    ),
    Defect("labels_reach_everything", "google_storage_bucket.assets", put("effective_labels.team", "other")),
    Defect("state_is_guarded", "google_storage_bucket.state", put("versioning.0.enabled", False), module="bootstrap"),
    Defect(
        "images_stay_what_they_are",
        "google_artifact_registry_repository.main",
        put("kms_key_name", None),
        module="bootstrap",
    ),
    Defect("keys_rotate", "google_kms_crypto_key.main", put("rotation_period", None)),
)

DEFECTS = {"aws": AWS, "gcp": GCP}
