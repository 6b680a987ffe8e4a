"""Attributes that cannot change in place: changing one replaces the resource.

The bindings do not record it; this is the part that matters for what cloudgen emits, from the provider's argument
references ("Changing this forces a new resource to be created") and the `ForceNew` of its source.
"""

from __future__ import annotations

NAMED = ("name",)
REGIONAL = ("name", "region")
LOCATED = ("name", "location")
GRANT = ("role", "member")

FORCE_NEW: dict[str, tuple[str, ...]] = {
    "google_artifact_registry_repository": ("repository_id", "location", "format", "kms_key_name"),
    "google_certificate_manager_certificate": (*LOCATED, "managed.domains", "managed.dns_authorizations", "scope"),
    "google_certificate_manager_certificate_map": NAMED,
    "google_certificate_manager_certificate_map_entry": ("name", "map", "hostname", "matcher"),
    "google_certificate_manager_dns_authorization": (*LOCATED, "domain"),
    "google_cloud_run_v2_job": LOCATED,
    "google_cloud_run_v2_job_iam_member": (*LOCATED, *GRANT),
    "google_cloud_run_v2_service": LOCATED,
    "google_cloud_run_v2_service_iam_member": (*LOCATED, *GRANT),
    "google_cloud_run_v2_worker_pool": LOCATED,
    "google_cloud_scheduler_job": REGIONAL,
    "google_compute_backend_service": NAMED,
    "google_compute_firewall": ("name", "network", "direction"),
    "google_compute_global_address": ("name", "address", "address_type", "network", "prefix_length", "purpose"),
    "google_compute_global_forwarding_rule": ("name", "ip_address", "load_balancing_scheme", "port_range"),
    "google_compute_health_check": NAMED,
    "google_compute_managed_ssl_certificate": ("name", "managed.domains"),
    "google_compute_network": ("name", "auto_create_subnetworks"),
    "google_compute_region_autoscaler": REGIONAL,
    "google_compute_region_instance_group_manager": ("name", "region", "base_instance_name"),
    "google_compute_region_instance_template": (
        *("name", "name_prefix", "region", "machine_type", "metadata", "metadata_startup_script", "tags"),
        *("disk.source_image", "disk.disk_size_gb", "disk.disk_type", "network_interface.subnetwork"),
        *("service_account.email", "scheduling.preemptible", "scheduling.provisioning_model"),
    ),
    "google_compute_region_network_endpoint_group": (
        *("name", "region", "network_endpoint_type", "cloud_run.service", "cloud_run.tag", "cloud_run.url_mask"),
    ),
    "google_compute_router": ("name", "network", "region"),
    "google_compute_router_nat": ("name", "router", "region"),
    "google_compute_security_policy": ("name", "type"),
    "google_compute_ssl_policy": NAMED,
    "google_compute_subnetwork": ("name", "network", "region", "purpose"),
    "google_compute_target_http_proxy": NAMED,
    "google_compute_target_https_proxy": NAMED,
    "google_compute_url_map": NAMED,
    "google_container_cluster": (
        *("name", "location", "network", "subnetwork", "enable_autopilot", "networking_mode", "datapath_provider"),
        *("initial_node_count", "ip_allocation_policy.cluster_secondary_range_name"),
    ),
    "google_container_node_pool": ("name", "location", "cluster", "initial_node_count"),
    "google_dns_managed_zone": ("name", "dns_name", "visibility"),
    "google_dns_record_set": ("name", "managed_zone"),
    "google_eventarc_trigger": LOCATED,
    "google_iam_workload_identity_pool": ("workload_identity_pool_id",),
    "google_iam_workload_identity_pool_provider": ("workload_identity_pool_id", "workload_identity_pool_provider_id"),
    "google_kms_crypto_key": ("name", "key_ring", "purpose", "destroy_scheduled_duration"),
    "google_kms_crypto_key_iam_member": ("crypto_key_id", *GRANT),
    "google_kms_key_ring": LOCATED,
    "google_logging_project_bucket_config": ("bucket_id", "location", "project"),
    "google_logging_project_exclusion": NAMED,
    "google_logging_project_sink": ("name", "unique_writer_identity"),
    "google_memorystore_instance": (
        *("instance_id", "location", "authorization_mode", "transit_encryption_mode", "mode", "kms_key"),
        *("zone_distribution_config.mode", "desired_auto_created_endpoints.network"),
    ),
    "google_monitoring_uptime_check_config": ("period", "monitored_resource.type", "monitored_resource.labels"),
    "google_network_connectivity_service_connection_policy": ("name", "location", "network", "service_class"),
    "google_project_iam_audit_config": ("project", "service"),
    "google_project_iam_member": ("project", *GRANT),
    "google_project_service": ("service", "project"),
    "google_pubsub_subscription": ("name", "topic", "enable_message_ordering", "filter"),
    "google_pubsub_subscription_iam_member": ("subscription", *GRANT),
    "google_pubsub_topic": NAMED,
    "google_pubsub_topic_iam_member": ("topic", *GRANT),
    "google_secret_manager_secret": (
        *("secret_id", "replication.auto.customer_managed_encryption", "replication.user_managed.replicas"),
    ),
    "google_secret_manager_secret_iam_member": ("secret_id", *GRANT),
    "google_secret_manager_secret_version": ("secret", "secret_data", "secret_data_wo_version"),
    "google_service_account": ("account_id",),
    "google_service_account_iam_member": ("service_account_id", *GRANT),
    "google_service_networking_connection": ("network", "service"),
    "google_sql_database": ("name", "instance"),
    "google_sql_database_instance": ("name", "region", "encryption_key_name"),
    "google_sql_user": ("name", "instance", "host", "type"),
    "google_storage_bucket": LOCATED,
    "google_storage_bucket_iam_member": ("bucket", *GRANT),
}

CHANGES_IN_PLACE = (
    "google_monitoring_alert_policy",
    "google_monitoring_dashboard",
    "google_monitoring_notification_channel",
)
"""Types of which nothing that cloudgen says forces a replacement: the server names them."""
