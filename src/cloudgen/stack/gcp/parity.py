"""How well Google Cloud does what each field of the spec asks for.

Each platform and each kind of storage has a table of its own.
"""

from __future__ import annotations

from cloudgen.stack.gcp import storage
from cloudgen.stack.gcp.platforms import PLATFORMS, module
from cloudgen.stack.gcp.storage import KINDS
from cloudgen.stack.parity import Parity, Table, approximated, exact, ignored, in_some_cases, offered, unsupported

TITLE = "Google Cloud"

COMMON: Table = {
    "version": exact("the version of the format, for every cloud the same"),
    "name": exact("every resource name begins with it"),
    "environment": exact("picks the profile, and stands in every resource name"),
    "labels": exact("default labels of the provider, on every resource that takes labels"),
    "state.backend": exact("remote is a bucket of Cloud Storage, which locks by itself, made by bootstrap/"),
    "targets.gcp.region": exact("the region of the provider"),
    "targets.gcp.project": exact("the project of the provider"),
    "load_balancer.domain": exact("an A record in Cloud DNS"),
    "load_balancer.aliases": exact("a record, a certificate and a redirect of the URL map for each name (301)"),
    "load_balancer.dns_zone": exact("the managed zone that the records stand in"),
    "load_balancer.create_zone": exact("a managed zone in Cloud DNS, signed"),
    "load_balancer.tls": exact("a certificate of Certificate Manager, which renews it, and a redirect from HTTP"),
    "load_balancer.waf": exact("Cloud Armor with the rules that Google preconfigures"),
    "load_balancer.waf_exceptions": exact("the rules that search requests pass over those below these paths"),
    "load_balancer.routes.path": exact("a path rule of the URL map; the longest path that fits wins"),
    "load_balancer.routes.container": exact("the backend service that the rule leads to"),
    "networking.cidr": exact(
        "cut into the range of the containers and that of the databases, /22 or larger; fixed once it is deployed"
    ),
    "networking.zones": ignored("subnetworks belong to the region, and Cloud Run spreads instances over its zones"),
    "networking.nat": exact(
        "Cloud NAT for the region, or none",
        per_zone=approximated("one Cloud NAT serves all zones of the region, and outlives any of them"),
    ),
    "networking.private_endpoints": exact("Google's own services are reached from private addresses, in any case"),
    "networking.flow_logs": approximated("Google records a sample of the connections, not each one"),
    "monitoring.logs.retention": exact("a log bucket of its own, which keeps them so long"),
    "monitoring.alerts.email": exact("notification channels"),
    "monitoring.alerts.error_rate": exact("an alert policy on the 5xx of the load balancer"),
    "monitoring.alerts.latency_p95": exact("an alert policy on the p95 of each backend service"),
    "monitoring.alerts.cpu": exact("an alert policy for each service, database and cache"),
    "monitoring.alerts.database_disk": exact("an alert policy for each database"),
    "monitoring.dashboard": exact("a dashboard of Cloud Monitoring"),
    "monitoring.uptime_checks": in_some_cases(
        "ignored", "asked every minute from around the world, the certificate too, if there is a balancer"
    ),
    "monitoring.audit": exact(
        "Cloud Audit Logs of all services, of data access, too, in a module of their own, account/"
    ),
    "security.encryption": exact("a key of Cloud KMS, or the keys of Google"),
    "security.secrets.*.version": exact("a new version in Secret Manager, which starts new instances"),
    "security.not_secrets": exact("for reviewers: what is named there may stand in the output"),
    "security.deletion_protection": exact(
        "of databases, caches, secrets, keys, buckets, images and the zone; what runs holds no data"
    ),
    "security.continuous_deployment": unsupported(
        "continuous deployment is not supported on gcp yet",
        "run deploy.sh from your pipeline, with credentials of its own",
    ),
}


def parity() -> Parity:
    """How well Google Cloud supports the spec: what holds on every platform, and what each adds to that."""
    modules = {name: module(name) for name in PLATFORMS}
    platform = offered("gcp", {name: each.RUNS for name, each in modules.items()})
    choice = {"compute.platform": platform, "containers.*.platform": platform}
    stored = {key: held for kind in KINDS for key, held in storage.module(kind).PARITY.items()}
    return Parity({**COMMON, **stored, **choice}, {name: each.PARITY for name, each in modules.items()})
