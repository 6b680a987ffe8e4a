"""What a resource refers to must exist, and cannot be deleted while something refers to it."""

from __future__ import annotations

from collections.abc import Iterator

from rig.standin import in_use
from rig.standin.cloud import Cloud
from rig.standin.configuration import Configuration
from rig.standin.violation import Violation

BACKENDS = ("google_compute_backend_service", "google_compute_backend_bucket")
NETWORK = ("google_compute_network",)
SUBNETWORK = ("google_compute_subnetwork",)
KEY = ("google_kms_crypto_key",)
PROXIES = ("google_compute_target_https_proxy", "google_compute_target_http_proxy")
GROUPS = (
    "google_compute_region_network_endpoint_group",
    "google_compute_network_endpoint_group",
    "google_compute_region_instance_group_manager",
)
TEMPLATES = ("google_compute_region_instance_template", "google_compute_instance_template")
CLOUD_RUN = ("google_cloud_run_v2_service",)

REFERENCES: dict[str, dict[str, tuple[str, ...]]] = {
    "google_certificate_manager_certificate": {
        "managed.dns_authorizations": ("google_certificate_manager_dns_authorization",)
    },
    "google_certificate_manager_certificate_map_entry": {
        "map": ("google_certificate_manager_certificate_map",),
        "certificates": ("google_certificate_manager_certificate",),
    },
    "google_cloud_run_v2_job": {
        "template.template.vpc_access.network_interfaces.network": NETWORK,
        "template.template.vpc_access.network_interfaces.subnetwork": SUBNETWORK,
    },
    "google_cloud_run_v2_service": {
        "template.vpc_access.network_interfaces.network": NETWORK,
        "template.vpc_access.network_interfaces.subnetwork": SUBNETWORK,
    },
    "google_cloud_run_v2_service_iam_member": {"name": CLOUD_RUN},
    "google_cloud_run_v2_job_iam_member": {"name": ("google_cloud_run_v2_job",)},
    "google_compute_backend_service": {
        "backend.group": GROUPS,
        "health_checks": ("google_compute_health_check",),
        "security_policy": ("google_compute_security_policy",),
    },
    "google_compute_firewall": {"network": NETWORK},
    "google_compute_global_address": {"network": NETWORK},
    "google_compute_global_forwarding_rule": {
        "target": PROXIES,
        "ip_address": ("google_compute_global_address",),
    },
    "google_compute_region_autoscaler": {"target": ("google_compute_region_instance_group_manager",)},
    "google_compute_region_instance_group_manager": {
        "version.instance_template": TEMPLATES,
        "auto_healing_policies.health_check": ("google_compute_health_check",),
    },
    "google_compute_region_instance_template": {"network_interface.subnetwork": SUBNETWORK},
    "google_compute_router": {"network": NETWORK},
    "google_compute_router_nat": {"router": ("google_compute_router",), "subnetwork.name": SUBNETWORK},
    "google_compute_subnetwork": {"network": NETWORK},
    "google_compute_target_http_proxy": {"url_map": ("google_compute_url_map",)},
    "google_compute_target_https_proxy": {
        "url_map": ("google_compute_url_map",),
        "ssl_policy": ("google_compute_ssl_policy",),
        "ssl_certificates": ("google_compute_managed_ssl_certificate",),
    },
    "google_compute_url_map": {
        "default_service": BACKENDS,
        "path_matcher.default_service": BACKENDS,
        "path_matcher.path_rule.service": BACKENDS,
    },
    "google_container_cluster": {"network": NETWORK, "subnetwork": SUBNETWORK},
    "google_container_node_pool": {"cluster": ("google_container_cluster",)},
    "google_dns_record_set": {"managed_zone": ("google_dns_managed_zone",)},
    "google_eventarc_trigger": {"destination.cloud_run_service.service": CLOUD_RUN},
    "google_iam_workload_identity_pool_provider": {"workload_identity_pool_id": ("google_iam_workload_identity_pool",)},
    "google_kms_crypto_key": {"key_ring": ("google_kms_key_ring",)},
    "google_kms_crypto_key_iam_member": {"crypto_key_id": KEY},
    "google_memorystore_instance": {"desired_auto_created_endpoints.network": NETWORK},
    "google_monitoring_alert_policy": {"notification_channels": ("google_monitoring_notification_channel",)},
    "google_network_connectivity_service_connection_policy": {
        "network": NETWORK,
        "psc_config.subnetworks": SUBNETWORK,
    },
    "google_pubsub_subscription": {
        "topic": ("google_pubsub_topic",),
        "dead_letter_policy.dead_letter_topic": ("google_pubsub_topic",),
    },
    "google_pubsub_subscription_iam_member": {"subscription": ("google_pubsub_subscription",)},
    "google_pubsub_topic_iam_member": {"topic": ("google_pubsub_topic",)},
    "google_secret_manager_secret_iam_member": {"secret_id": ("google_secret_manager_secret",)},
    "google_secret_manager_secret_version": {"secret": ("google_secret_manager_secret",)},
    "google_service_account_iam_member": {"service_account_id": ("google_service_account",)},
    "google_service_networking_connection": {"network": NETWORK},
    "google_sql_database": {"instance": ("google_sql_database_instance",)},
    "google_sql_database_instance": {"settings.ip_configuration.private_network": NETWORK},
    "google_sql_user": {"instance": ("google_sql_database_instance",)},
    "google_storage_bucket": {"logging.log_bucket": ("google_storage_bucket",)},
    "google_storage_bucket_iam_member": {"bucket": ("google_storage_bucket",)},
    "google_storage_notification": {"bucket": ("google_storage_bucket",), "topic": ("google_pubsub_topic",)},
}
"""For each type: the attributes that lead to others, and the types they may lead to."""
ENCRYPTED: dict[str, dict[str, tuple[str, ...]]] = {
    "google_artifact_registry_repository": {"kms_key_name": KEY},
    "google_logging_project_bucket_config": {"cmek_settings.kms_key_name": KEY},
    "google_memorystore_instance": {"kms_key": KEY},
    "google_pubsub_topic": {"kms_key_name": KEY},
    "google_secret_manager_secret": {"replication.user_managed.replicas.customer_managed_encryption.kms_key_name": KEY},
    "google_sql_database_instance": {"encryption_key_name": KEY},
    "google_storage_bucket": {"encryption.default_kms_key_name": KEY},
}
"""What a key encrypts: Google would let the key go, and with it the data."""
USES = {kind: {**REFERENCES.get(kind, {}), **ENCRYPTED.get(kind, {})} for kind in sorted({*REFERENCES, *ENCRYPTED})}
RUNNING = ("google_cloud_run_v2_service", "google_cloud_run_v2_job", "google_cloud_run_v2_worker_pool")
LOOSE = ("google_compute_global_forwarding_rule.ip_address", "google_dns_record_set.managed_zone")
"""References that may also name something that is not Terraform's: an IP address, an existing zone."""


def name_of(path: tuple[str | int, ...]) -> str:
    """Return the dotted name that a path leads along."""
    return ".".join(str(key) for key in path if isinstance(key, str))


def exists(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """Everything that a resource refers to exists."""
    for path, text, targets in in_use.referred(resource, REFERENCES):
        loose = f"{resource.type}.{name_of(path)}" in LOOSE
        found = cloud.find(text, *targets)
        if found is not None:
            cloud.rely(found)
        elif not loose and not other_project(text, resource.project):
            yield Violation(path, f"404 notFound: {text!r} is no {' or '.join(targets)} that exists")


def other_project(text: str, project: str) -> bool:
    """Whether a reference leads to a project that is not under test."""
    words = text.split("/v1/")[-1].split("/")
    return words[0] == "projects" and len(words) > 1 and words[1] != project


def unused(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """Nothing refers to a resource that goes, and no image that lies in it runs."""
    yield from in_use.unused(resource, cloud, USES, "resourceInUseByAnotherResource")
    if resource.type == "google_monitoring_uptime_check_config":
        check = str(resource.values.get("uptime_check_id"))
        for thing in cloud.all("google_monitoring_alert_policy"):
            if check in str(thing.get("conditions")):
                yield Violation((), f"failedPrecondition: {thing.id} is about it (conditions)")
    if resource.type == "google_artifact_registry_repository":
        values = resource.values
        place = f"{values.get('location')}-docker.pkg.dev/{resource.project}/{values.get('repository_id')}/"
        for thing in cloud.all(*RUNNING):
            if place in str(thing.get("template")):
                yield Violation((), f"{thing.id} runs an image that lies in it, and would be gone with it")
