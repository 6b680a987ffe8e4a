"""How well Google Cloud does what each field of the spec asks for."""

from __future__ import annotations

from cloudgen.stack.parity import Parity, Support, Table, approximated, exact, ignored, in_some_cases, unsupported

TITLE = "Google Cloud"


def _platform(name: str) -> Support:
    return unsupported(f"platform {name} is not supported on gcp yet", "use platform: containers")


PLATFORM = exact(
    "services, worker pools and jobs of Cloud Run",
    virtual_machines=_platform("virtual_machines"),
    kubernetes=_platform("kubernetes"),
    functions=_platform("functions"),
)
CAPACITY = exact(
    "Cloud Run, which starts and stops instances by itself",
    spot=ignored("Cloud Run has no spot capacity: containers run uninterrupted, at the usual price"),
    instances=unsupported("capacity instances is not supported on gcp yet", "use capacity: serverless"),
)
SIZE = in_some_cases("approximated", "Cloud Run has whole vCPU for a server, from 1: the next larger pair is used")
MEMORY = exact("goes with cpu, where it is told if the pair is another one")
ARCHITECTURE = exact(
    "Cloud Run runs images for amd64", arm64=approximated("Cloud Run runs images for amd64 only: they are built for it")
)
DOCKERFILE = exact("in the Dockerfile, which is the same for every target")
MIN = in_some_cases("approximated", "the least number of instances; a worker pool has so many always, and at least 1")
MAX = exact("the greatest number of instances of a service; a worker pool does not scale by itself")
CPU = ignored("Cloud Run aims at 60% CPU by itself, and cannot be told another share")
REQUESTS = in_some_cases("approximated", "the requests that an instance takes at once, at most 1000")
SCHEDULES = ignored(
    "Cloud Run has no scaling by the clock: it scales by load between min and max at all times",
    "raise min if a burst finds too few instances",
)

TABLE: Table = {
    "version": exact("the version of the format, for every cloud the same"),
    "name": exact("every resource name begins with it"),
    "environment": exact("picks the profile, and stands in every resource name"),
    "labels": exact("default labels of the provider, on every resource that takes labels"),
    "state.backend": exact("remote is a bucket of Cloud Storage, which locks by itself, made by bootstrap/"),
    "targets.gcp.region": exact("the region of the provider"),
    "targets.gcp.project": exact("the project of the provider"),
    "compute.platform": PLATFORM,
    "compute.capacity": CAPACITY,
    "compute.size": SIZE,
    "compute.cpu": SIZE,
    "compute.memory": MEMORY,
    "compute.architecture": ARCHITECTURE,
    "compute.kubernetes": unsupported("a cluster of Kubernetes is not supported on gcp yet", "remove the section"),
    "containers.*.platform": PLATFORM,
    "containers.*.capacity": CAPACITY,
    "containers.*.size": SIZE,
    "containers.*.cpu": SIZE,
    "containers.*.memory": MEMORY,
    "containers.*.architecture": ARCHITECTURE,
    "containers.*.build.context": exact("the folder that deploy.sh builds the image from"),
    "containers.*.build.python": DOCKERFILE,
    "containers.*.build.package_manager": DOCKERFILE,
    "containers.*.build.app": DOCKERFILE,
    "containers.*.build.interface": DOCKERFILE,
    "containers.*.build.packages": DOCKERFILE,
    "containers.*.dockerfile": exact("deploy.sh builds the image from it, and pushes it to Artifact Registry"),
    "containers.*.image": exact("the image that Cloud Run runs, from Artifact Registry, Docker Hub or ghcr.io"),
    "containers.*.command": exact("the arguments of the container"),
    "containers.*.user": in_some_cases(
        "ignored", "the user in the Dockerfile; an image runs as the user that it names"
    ),
    "containers.*.read_only": ignored(
        "the root file system can be written; what is written takes memory, and goes with the instance"
    ),
    "containers.*.port": exact("the port of the container; Cloud Run tells it as PORT"),
    "containers.*.health_check.path": exact("a startup and a liveness probe ask it"),
    "containers.*.health_check.interval": exact("the period of the liveness probe"),
    "containers.*.health_check.timeout": exact("the timeout of both probes"),
    "containers.*.health_check.grace_period": in_some_cases(
        "approximated", "the startup probe asks so long, and two minutes more for the network, at most 240 seconds"
    ),
    "containers.*.environment": exact("the environment of the container"),
    "containers.*.secrets": exact("Cloud Run reads them from Secret Manager when an instance starts"),
    "containers.*.connects_to": exact("firewall rules, grants to the service account, environment variables"),
    "containers.*.scaling.min": MIN,
    "containers.*.scaling.max": MAX,
    "containers.*.scaling.cpu": CPU,
    "containers.*.scaling.requests_per_instance": REQUESTS,
    "containers.*.scaling.schedules": SCHEDULES,
    "containers.*.schedule.cron": exact("Cloud Scheduler reads it as crontab does"),
    "containers.*.schedule.timezone": exact("the time zone of Cloud Scheduler"),
    "containers.*.schedule.timeout": exact("the time that an attempt of the job may take"),
    "containers.*.schedule.retries": exact("the job repeats an attempt that failed"),
    "containers.*.trigger": unsupported(
        "a trigger is not supported on gcp yet", "let a worker consume a queue, or run a job by schedule"
    ),
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
    "storage.caches.*.backups": exact("a backup each day, kept for 7 days"),
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
    "scaling.min": MIN,
    "scaling.max": MAX,
    "scaling.cpu": CPU,
    "scaling.requests_per_instance": REQUESTS,
    "scaling.schedules": SCHEDULES,
}


def parity() -> Parity:
    """How well the cloud supports the spec."""
    return Parity(TABLE)
