"""Defects of plans on Google Cloud, at least one for each fact."""

from __future__ import annotations

from rig.facts.changes import gone, not_after, put, swap
from rig.facts.gcp.function_defects import FUNCTIONS
from rig.facts.gcp.machine_defects import MACHINES
from rig.facts.plan_defect import PlanDefect

IP = "settings.0.ip_configuration.0"

GCP = (
    PlanDefect(
        "only_the_balancer_is_reachable", "google_cloud_run_v2_service.web", put("ingress", "INGRESS_TRAFFIC_ALL")
    ),
    PlanDefect(
        "only_the_balancer_is_reachable",
        "google_storage_bucket_iam_member.web_assets_object_user",
        put("member", "allUsers"),
    ),
    PlanDefect("routes_lead_to_their_container", "google_compute_url_map.main", put("default_service", "x")),
    PlanDefect(
        "routes_lead_to_their_container",
        "google_compute_url_map.main",
        put("path_matcher.0.path_rule.0.service", "x"),
        case="two-containers",
    ),
    PlanDefect(
        "routes_lead_to_their_container",
        "google_compute_region_network_endpoint_group.web",
        put("cloud_run.0.service", "x"),
    ),
    PlanDefect(
        "aliases_redirect",
        "google_compute_url_map.main",
        put("path_matcher.1.default_url_redirect.0.strip_query", True),
        case="two-containers",
    ),
    PlanDefect(
        "aliases_redirect",
        "google_dns_record_set.alias_www_portal_example_com",
        put("rrdatas.0", "192.0.2.1"),
        case="two-containers",
    ),
    PlanDefect(
        "aliases_redirect",
        "google_certificate_manager_certificate.alias_www_portal_example_com",
        put("managed.0.domains.0", "portal.example.com"),
        case="two-containers",
    ),
    PlanDefect(
        "plain_http_is_redirected",
        "google_compute_url_map.redirect",
        put("default_url_redirect.0.https_redirect", False),
    ),
    PlanDefect("tls_is_modern", "google_compute_ssl_policy.main", put("min_tls_version", "TLS_1_0")),
    PlanDefect(
        "tls_is_modern", "google_certificate_manager_certificate.main", put("managed.0.domains.0", "other.example.com")
    ),
    PlanDefect(
        "health_check_asks_the_port",
        "google_cloud_run_v2_service.web",
        put("template.0.containers.0.ports.0.container_port", 80),
    ),
    PlanDefect(
        "health_check_asks_the_port",
        "google_cloud_run_v2_service.web",
        put("template.0.containers.0.liveness_probe.0.http_get.0.path", "/"),
    ),
    PlanDefect(
        "health_check_asks_the_port",
        "google_cloud_run_v2_service.web",
        put("template.0.containers.0.startup_probe.0.http_get.0.http_headers", []),
        case="connections",
    ),
    PlanDefect("variables_arrive", "google_cloud_run_v2_service.web", put("template.0.containers.0.env.0.name", "X")),
    PlanDefect("variables_arrive", "google_cloud_run_v2_service.web", put("template.0.containers.0.env.0.value", "x")),
    PlanDefect(
        "nothing_runs_with_privileges", "google_cloud_run_v2_service.web", put("template.0.service_account", "x")
    ),
    PlanDefect(
        "scaling_is_as_written", "google_cloud_run_v2_service.web", put("template.0.scaling.0.max_instance_count", 2)
    ),
    PlanDefect(
        "scaling_is_as_written", "google_cloud_run_v2_worker_pool.worker", put("scaling.0.max_instance_count", 1)
    ),
    PlanDefect("jobs_run_as_written", "google_cloud_scheduler_job.nightly", put("time_zone", "UTC")),
    PlanDefect("jobs_run_as_written", "google_cloud_run_v2_job.nightly", put("template.0.template.0.timeout", "60s")),
    *(
        PlanDefect("commands_run_as_their_container", "google_cloud_run_v2_job.web_run", change)
        for change in (
            put("template.0.template.0.containers.0.args", ["false"]),
            put("template.0.template.0.containers.0.image", "x"),
            put("template.0.template.0.containers.0.resources.0.limits.memory", "1Mi"),
            put("template.0.template.0.containers.0.env.0.value", "x"),
            put("template.0.template.0.max_retries", 3),
            put("template.0.template.0.service_account", "x"),
            put("template.0.template.0.vpc_access.0.network_interfaces.0.tags", []),
        )
    ),
    PlanDefect(
        "commands_run_as_their_container",
        "google_cloud_run_v2_job.web_release",
        put("template.0.template.0.containers.0.args", ["true"]),
        case="connections",
    ),
    PlanDefect(
        "containers_hold_only_their_grants",
        "google_storage_bucket_iam_member.nightly_assets_object_viewer",
        put("role", "roles/storage.admin"),
    ),
    PlanDefect("containers_hold_only_their_grants", "google_pubsub_topic_iam_member.web_jobs_publisher", gone),
    PlanDefect(
        "secrets_have_only_their_readers",
        "google_secret_manager_secret_iam_member.web_stripe_key_secret_accessor",
        put("member", "user:x@example.com"),
    ),
    PlanDefect("databases_are_private", "google_sql_database_instance.orders_db", put(f"{IP}.ipv4_enabled", True)),
    PlanDefect(
        "databases_are_encrypted",
        "google_sql_database_instance.orders_db",
        put(f"{IP}.ssl_mode", "ALLOW_UNENCRYPTED_AND_ENCRYPTED"),
    ),
    PlanDefect("databases_are_encrypted", "google_sql_database_instance.orders_db", put("encryption_key_name", None)),
    PlanDefect(
        "databases_can_be_restored",
        "google_sql_database_instance.orders_db",
        put("settings.0.availability_type", "ZONAL"),
    ),
    PlanDefect(
        "databases_can_be_restored", "google_sql_database_instance.orders_db", put("deletion_protection", False)
    ),
    PlanDefect("only_connected_containers_get_through", "google_compute_firewall.web_to_orders_db", gone),
    PlanDefect(
        "only_connected_containers_get_through", "google_compute_firewall.https", put("allow.0.ports", ["0-65535"])
    ),
    PlanDefect("only_connected_containers_get_through", "google_compute_firewall.deny_egress", gone),
    PlanDefect("buckets_are_private", "google_storage_bucket.assets", put("public_access_prevention", "inherited")),
    PlanDefect(
        "buckets_are_private",
        "google_storage_bucket.state",
        put("uniform_bucket_level_access", False),
        module="bootstrap",
    ),
    PlanDefect("buckets_are_encrypted", "google_storage_bucket.assets", put("encryption", [])),
    PlanDefect("buckets_keep_versions", "google_storage_bucket.assets", put("versioning.0.enabled", False)),
    PlanDefect("caches_are_private_and_encrypted", "google_memorystore_instance.sessions", put("kms_key", None)),
    PlanDefect(
        "kept_folders_are_mounted",
        "google_cloud_run_v2_service.web",
        put("template.0.containers.0.volume_mounts.0.mount_path", "/app/other"),
        case="repository",
    ),
    PlanDefect(
        "kept_folders_are_mounted",
        "google_cloud_run_v2_service.web",
        put("template.0.volumes.0.gcs.0.mount_options", []),
        case="repository",
    ),
    PlanDefect(
        "kept_folders_are_private",
        "google_storage_bucket_iam_member.web_web_app_covers_object_user",
        put("member", "allAuthenticatedUsers"),
        case="repository",
    ),
    PlanDefect(
        "kept_folders_can_be_restored",
        "google_storage_bucket.web_app_covers",
        put("versioning.0.enabled", False),
        case="repository",
    ),
    PlanDefect("queues_keep_what_fails", "google_pubsub_subscription.jobs", put("dead_letter_policy", [])),
    PlanDefect("queues_keep_what_fails", "google_pubsub_topic_iam_member.jobs_dead_letter_forwarding", gone),
    PlanDefect(
        "alarms_watch_what_exists",
        "google_monitoring_alert_policy.web_service_cpu",
        swap("conditions.0.condition_threshold.0.filter", "shop-prod-web", "shop-prod-old"),
    ),
    PlanDefect(
        "alarms_watch_what_exists",
        "google_monitoring_alert_policy.error_rate",
        swap(
            "conditions.0.condition_prometheus_query_language.0.query", 'url_map_name="shop-prod"', 'url_map_name="old"'
        ),
    ),
    PlanDefect("alarms_tell_somebody", "google_monitoring_alert_policy.error_rate", put("notification_channels", [])),
    PlanDefect("logs_are_kept_as_written", "google_logging_project_bucket_config.main", put("retention_days", 7)),
    PlanDefect(
        "logs_are_kept_as_written", "google_logging_project_sink.main", swap("filter", "shop-prod-nightly", "x")
    ),
    PlanDefect(
        "changes_are_recorded",
        "google_project_iam_audit_config.main",
        put("audit_log_config.0.exempted_members", ["user:ops@example.com"]),
        module="account",
    ),
    PlanDefect(
        "changes_are_recorded",
        "google_logging_project_sink.main",
        swap("filter", "googleapis.com/data_access", "googleapis.com/activity"),
        module="account",
    ),
    PlanDefect(
        "changes_are_recorded",
        "google_project_iam_audit_config.main",
        not_after("google_logging_project_sink.main"),
        module="account",
        case="development",
    ),
    PlanDefect(
        "records_are_guarded",
        "google_logging_project_bucket_config.main",
        put("retention_days", 90),
        module="account",
        case="two-containers",
    ),
    PlanDefect(
        "records_are_guarded", "google_logging_project_bucket_config.main", put("locked", True), module="account"
    ),
    PlanDefect(
        "records_are_guarded",
        "google_logging_project_bucket_config.main",
        put("cmek_settings.0.kms_key_name", "x"),
        module="account",
    ),
    PlanDefect(
        "tampering_is_told",
        "google_monitoring_alert_policy.record_changed",
        swap("conditions.0.condition_matched_log.0.filter", "shop-prod-audit$", "shop-prod$"),
        module="account",
    ),
    PlanDefect(
        "tampering_is_told",
        "google_monitoring_notification_channel.email_dev_example_com_eb2b",
        gone,
        module="account",
        case="two-containers",
    ),
    PlanDefect(
        "logs_exist_before_their_writers",
        "google_logging_project_sink.main",
        not_after("google_logging_project_bucket_config.main"),
    ),
    PlanDefect("the_way_in_exists_first", "google_compute_url_map.main", not_after("google_cloud_run_v2_service.web")),
    PlanDefect(
        "grants_exist_before_their_users",
        "google_cloud_run_v2_service.web",
        not_after("google_pubsub_topic_iam_member.web_jobs_publisher"),
    ),
    PlanDefect(
        "grants_exist_before_their_users", "google_cloud_run_v2_job.nightly", not_after("google_sql_user.orders_db")
    ),
    PlanDefect("foundations_exist_first", "google_compute_network.main", not_after("time_sleep.apis")),
    PlanDefect(
        "foundations_exist_first", "google_cloud_run_v2_worker_pool.worker", not_after("google_compute_router_nat.main")
    ),
    PlanDefect("labels_reach_everything", "google_storage_bucket.assets", put("effective_labels.team", "other")),
    PlanDefect(
        "state_is_guarded", "google_storage_bucket.state", put("versioning.0.enabled", False), module="bootstrap"
    ),
    PlanDefect(
        "images_stay_what_they_are",
        "google_artifact_registry_repository.main",
        put("kms_key_name", None),
        module="bootstrap",
    ),
    PlanDefect("keys_rotate", "google_kms_crypto_key.main", put("rotation_period", None)),
    *FUNCTIONS,
    *MACHINES,
)
