"""How well Google Cloud does what each field of the spec asks for.

What depends on the platform of a container stands in `platforms/<platform>/parity.py`.
"""

from __future__ import annotations

from cloudgen.stack.gcp.platforms import PLATFORMS, module
from cloudgen.stack.parity import Parity, Table, approximated, exact, ignored, in_some_cases, offered, unsupported

TITLE = "Google Cloud"

TABLE: Table = {
    "version": exact("the version of the format, for every cloud the same"),
    "name": exact("every resource name begins with it"),
    "environment": exact("picks the profile, and stands in every resource name"),
    "labels": exact("default labels of the provider, on every resource that takes labels"),
    "state.backend": exact("remote is a bucket of Cloud Storage, which locks by itself, made by bootstrap/"),
    "targets.gcp.region": exact("the region of the provider"),
    "targets.gcp.project": exact("the project of the provider"),
    "load_balancer.domain": exact("an A record in Cloud DNS"),
    "load_balancer.dns_zone": exact("the managed zone that the records stand in"),
    "load_balancer.create_zone": exact("a managed zone in Cloud DNS, signed"),
    "load_balancer.tls": exact("a certificate of Certificate Manager, which renews it, and a redirect from HTTP"),
    "load_balancer.waf": exact("Cloud Armor with the rules that Google preconfigures"),
    "load_balancer.routes.path": exact("a path rule of the URL map; the longest path that fits wins"),
    "load_balancer.routes.container": exact("the backend service that the rule leads to"),
    "networking.cidr": exact("cut into the range of the containers and that of the databases, /22 or larger"),
    "networking.zones": ignored("subnetworks belong to the region, and Cloud Run spreads instances over its zones"),
    "networking.nat": exact(
        "Cloud NAT for the region, or none",
        per_zone=approximated("one Cloud NAT serves all zones of the region, and outlives any of them"),
    ),
    "networking.private_endpoints": exact("Google's own services are reached from private addresses, in any case"),
    "networking.flow_logs": approximated("Google records a sample of the connections, not each one"),
    "storage.databases.*.engine": exact("Cloud SQL, edition Enterprise"),
    "storage.databases.*.version": exact("the major version of the engine; Cloud SQL installs minor ones"),
    "storage.databases.*.size": in_some_cases(
        "approximated", "db-f1-micro, db-g1-small, then 1 to 8 vCPU of its own; no shared CPU with high availability"
    ),
    "storage.databases.*.disk": in_some_cases("approximated", "SSD that grows up to ten times, in whole GiB"),
    "storage.databases.*.high_availability": exact("a regional instance: a standby in another zone"),
    "storage.databases.*.backups.retention": in_some_cases(
        "approximated", "so many daily backups are kept; any second can be restored for 7 days at most"
    ),
    "storage.databases.*.backups.point_in_time": in_some_cases(
        "approximated", "the logs of the server are kept; a standby needs them in any case"
    ),
    "storage.buckets.*.versioning": exact("versioning of the bucket in Cloud Storage"),
    "storage.buckets.*.expire_noncurrent_after": exact("a lifecycle rule of the bucket"),
    "storage.caches.*.engine": approximated(
        "Memorystore for Valkey without TLS: clients do not know the authority of its certificates"
    ),
    "storage.caches.*.size": exact(
        "CUSTOM_PICO, CUSTOM_MICRO, CUSTOM_MINI, STANDARD_SMALL, HIGHMEM_MEDIUM and _XLARGE"
    ),
    "storage.caches.*.replicas": exact("replicas in other zones, one of which takes over"),
    "storage.queues.*.ack_deadline": exact("the acknowledgement deadline of the subscription"),
    "storage.queues.*.max_deliveries": approximated("Pub/Sub counts deliveries by estimate, and may deliver once more"),
    "storage.queues.*.retention": exact("the retention of the subscription"),
    "monitoring.logs.retention": exact("a log bucket of its own, which keeps them so long"),
    "monitoring.alerts.email": exact("notification channels"),
    "monitoring.alerts.error_rate": exact("an alert policy on the 5xx of the load balancer"),
    "monitoring.alerts.latency_p95": exact("an alert policy on the p95 of each backend service"),
    "monitoring.alerts.cpu": exact("an alert policy for each service, database and cache"),
    "monitoring.alerts.database_disk": exact("an alert policy for each database"),
    "monitoring.dashboard": exact("a dashboard of Cloud Monitoring"),
    "monitoring.uptime_checks": in_some_cases(
        "ignored", "asked every minute from around the world, if there is a balancer"
    ),
    "monitoring.audit": exact(
        "Cloud Audit Logs of all services, of data access, too, in a module of their own, account/"
    ),
    "security.encryption": exact("a key of Cloud KMS, or the keys of Google"),
    "security.secrets.*.version": exact("a new version in Secret Manager, which starts new instances"),
    "security.deletion_protection": exact("of services, databases, secrets, keys and buckets with content"),
    "security.continuous_deployment": unsupported(
        "continuous deployment is not supported on gcp yet",
        "run deploy.sh from your pipeline, with credentials of its own",
    ),
}


def parity() -> Parity:
    """How well Google Cloud supports the spec: what holds on every platform, and what each adds to that."""
    modules = {name: module(name) for name in PLATFORMS}
    platform = offered("gcp", {name: each.RUNS for name, each in modules.items()})
    common = {**TABLE, "compute.platform": platform, "containers.*.platform": platform}
    return Parity(common, {name: each.PARITY for name, each in modules.items()})
