"""The addresses by which the parts of the stack know each other; each block is rendered by the part it belongs to."""

from __future__ import annotations

from cloudgen.stack.base import Address, label

APIS_READY = Address("time_sleep", "apis")
"""The wait after the APIs of a module were switched on; the first resource of each part depends on it."""

KEY_READY = Address("time_sleep", "key")
"""The wait after service agents were allowed to use the key of a module."""
GRANTS_READY = Address("time_sleep", "grants")
"""The wait after the service accounts of containers were granted what they need."""

NETWORK = Address("google_compute_network", "main")
SUBNETWORK = Address("google_compute_subnetwork", "main")
"""The regional subnetwork that the containers, and the endpoints of caches, have their addresses in."""

ROUTER = Address("google_compute_router", "main")
NAT = Address("google_compute_router_nat", "main")
"""The way of the containers to the internet."""

DENY_EGRESS = Address("google_compute_firewall", "deny_egress")
HTTPS = Address("google_compute_firewall", "https")
"""The rule that lets all containers out by HTTPS."""

SERVICES_RANGE = Address("google_compute_global_address", "services")
"""The range that is handed to Google for Cloud SQL (private service access)."""
SERVICES_CONNECTION = Address("google_service_networking_connection", "services")
"""The peering with Google's network: Cloud SQL cannot have a private address before it."""

CONNECTION_POLICY = Address("google_network_connectivity_service_connection_policy", "caches")
"""What lets Memorystore put its endpoints into the network."""

BALANCER_ADDRESS = Address("google_compute_global_address", "load_balancer")
URL_MAP = Address("google_compute_url_map", "main")
"""The routes of the load balancer; its metrics are labelled with the name of the URL map."""

REDIRECT = Address("google_compute_url_map", "redirect")
FIREWALL_POLICY = Address("google_compute_security_policy", "main")
SSL_POLICY = Address("google_compute_ssl_policy", "main")
FORWARDING = {name: Address("google_compute_global_forwarding_rule", name) for name in ("http", "https")}
HTTPS_PROXY = Address("google_compute_target_https_proxy", "main")
HTTP_PROXY = Address("google_compute_target_http_proxy", "main")

ZONE = Address("google_dns_managed_zone", "main")
RECORD = Address("google_dns_record_set", "main")
ZONES = Address("data.google_dns_managed_zones", "main")
AUTHORIZATION = Address("google_certificate_manager_dns_authorization", "main")
PROOF = Address("google_dns_record_set", "authorization")
CERTIFICATE = Address("google_certificate_manager_certificate", "main")
CERTIFICATE_MAP = Address("google_certificate_manager_certificate_map", "main")
CERTIFICATE_MAP_ENTRY = Address("google_certificate_manager_certificate_map_entry", "main")

KEY = Address("google_kms_crypto_key", "main")
"""The customer's key. Each module that encrypts has one of this address."""
KEY_RING = Address("google_kms_key_ring", "main")

UPTIME_CHECK = Address("google_monitoring_uptime_check_config", "main")
LOG_BUCKET = Address("google_logging_project_bucket_config", "main")
LOG_EXCLUSION = Address("google_logging_project_exclusion", "main")
DASHBOARD = Address("google_monitoring_dashboard", "main")
LOG_SINK = Address("google_logging_project_sink", "main")
AUDIT_CONFIG = Address("google_project_iam_audit_config", "main")
"""What of the whole project is recorded, in the module account/."""

STATE_BUCKET = Address("google_storage_bucket", "state")
REGISTRY = Address("google_artifact_registry_repository", "main")
"""The state's bucket and the registry of images, in the module bootstrap/."""


def run_service(container: str) -> Address:
    """The Cloud Run service of a container with a port, or of a function."""
    return Address("google_cloud_run_v2_service", label(container))


def may_start(container: str) -> Address:
    """The wait after what starts a function was granted what it needs.

    Each function has one of its own: one may publish to the queue that starts another.
    """
    return Address("time_sleep", label(f"{container}-trigger"))


def backend(its_label: str) -> Address:
    """The backend service of the load balancer with this Terraform label."""
    return Address("google_compute_backend_service", its_label)


def subscription(queue: str) -> Address:
    """The subscription that a queue of the spec is consumed by."""
    return Address("google_pubsub_subscription", label(queue))
