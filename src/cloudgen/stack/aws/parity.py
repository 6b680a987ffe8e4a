"""How well AWS does what each field of the spec asks for; each platform and each kind of storage has its own table."""

from __future__ import annotations

from cloudgen.stack.aws import storage
from cloudgen.stack.aws.platforms import PLATFORMS, module
from cloudgen.stack.aws.storage import KINDS
from cloudgen.stack.parity import Parity, Table, approximated, exact, in_some_cases, offered, unsupported

TITLE = "AWS"

COMMON: Table = {
    "version": exact("the version of the format, for every cloud the same"),
    "name": exact("every resource name begins with it"),
    "environment": exact("picks the profile, and stands in every resource name"),
    "labels": exact("default tags of the provider, on every resource that takes tags"),
    "state.backend": exact("remote is a bucket of S3 with a lock file, made by bootstrap/"),
    "targets.aws.region": exact("the region of the provider"),
    "targets.aws.account": exact("terraform refuses any other account"),
    "targets.aws.zones": exact("the zones of the subnets"),
    "load_balancer.domain": exact("an alias record in Route 53"),
    "load_balancer.aliases": exact("a record, a certificate and a redirect of the listener for each name (301)"),
    "load_balancer.dns_zone": exact("the hosted zone that the records stand in"),
    "load_balancer.create_zone": exact("a hosted zone in Route 53"),
    "load_balancer.tls": exact("a certificate of ACM, which renews it, and a redirect from HTTP"),
    "load_balancer.waf": exact("AWS WAF with the groups of rules that AWS manages"),
    "load_balancer.waf_exceptions": exact("the common rules do not look at requests below these paths"),
    "load_balancer.routes.path": exact("a rule of the listener; the longest path that fits wins"),
    "load_balancer.routes.container": exact("the target group that the rule leads to"),
    "networking.cidr": exact("the range of the VPC, from /16 to /19"),
    "networking.zones": exact("so many zones have subnets"),
    "networking.nat": exact("no NAT gateway, one, or one in each zone"),
    "networking.private_endpoints": exact("interface endpoints; S3 has a gateway endpoint in any case"),
    "networking.flow_logs": exact("every connection, in CloudWatch Logs"),
    "monitoring.logs.retention": in_some_cases(
        "approximated", "CloudWatch offers fixed numbers of days: the next larger"
    ),
    "monitoring.alerts.email": exact("subscriptions of an SNS topic, each confirmed once"),
    "monitoring.alerts.error_rate": exact("an alarm on the 5xx of load balancer and tasks"),
    "monitoring.alerts.latency_p95": exact("an alarm on the p95 of each target group"),
    "monitoring.alerts.cpu": exact("an alarm for each service, database and cache"),
    "monitoring.alerts.database_disk": approximated(
        "RDS reports free bytes, so they are counted against the disk's size at the start, not its present one",
        needs="storage.databases",
    ),
    "monitoring.dashboard": exact("a dashboard of CloudWatch"),
    "monitoring.uptime_checks": in_some_cases(
        "ignored", "a health check of Route 53, with an alarm in us-east-1, if there is a balancer"
    ),
    "monitoring.audit": exact("CloudTrail in every region and AWS Config, in a module of their own, account/"),
    "security.encryption": exact("a key of KMS, or the keys of AWS"),
    "security.secrets.*.version": exact("a new version in Secrets Manager, which replaces the tasks that read it"),
    "security.not_secrets": exact("for reviewers: what is named there may stand in the output"),
    "security.deletion_protection": exact("of the load balancer, databases, kept folders and buckets with content"),
    "security.continuous_deployment": unsupported(
        "continuous deployment is not supported on aws yet",
        "run deploy.sh from your pipeline, with credentials of its own",
    ),
}
"""The fields that belong to no platform and to no kind of storage."""


def parity() -> Parity:
    """How well AWS supports the spec, on each of its platforms."""
    modules = {name: module(name) for name in PLATFORMS}
    platform = offered("aws", {name: each.RUNS for name, each in modules.items()})
    choice = {"compute.platform": platform, "containers.*.platform": platform}
    stored = {key: held for kind in KINDS for key, held in storage.module(kind).PARITY.items()}
    return Parity({**COMMON, **stored, **choice}, {name: each.PARITY for name, each in modules.items()})
