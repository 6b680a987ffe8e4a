"""What AWS makes of each part of a spec, in few words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cloudgen.stack.summary import SummaryRow, duration_text, instances_text, size_text

if TYPE_CHECKING:
    from cloudgen.stack.aws.platforms.containers.tasks import Task
    from cloudgen.stack.aws.stack import AwsStack


def summary(stack: AwsStack) -> Iterator[SummaryRow]:
    """Yield the rows, part by part."""
    yield from _containers(stack)
    yield from _load_balancer(stack)
    yield from _network(stack)
    yield from _storage(stack)
    yield from _secrets(stack)
    yield from _monitoring(stack)
    yield from _scaling(stack)


def _containers(stack: AwsStack) -> Iterator[SummaryRow]:
    for service in stack.services:
        number = stack.deployment.containers[service.name].port
        port = {"port": str(number)} if number else {}
        yield SummaryRow("containers", service.name, service.address.type, {**_task(service.task), **port})
    for job in stack.jobs.jobs if stack.jobs else ():
        schedule = {
            "schedule": f"{job.schedule} {job.timezone}",
            "timeout": duration_text(job.timeout) if job.timeout else "none",
            "retries": f"{job.retries} of the start",
        }
        yield SummaryRow("containers", job.name, "aws_scheduler_schedule", {**_task(job.task), **schedule})


def _task(task: Task) -> dict[str, str]:
    return {
        "size": size_text(task.cpu / 1024, task.memory),
        "runs on": f"{task.capacity_provider}, {task.architecture}",
    }


def _load_balancer(stack: AwsStack) -> Iterator[SummaryRow]:
    balancer = stack.load_balancer
    if balancer is None:
        return
    protocol = "HTTPS, HTTP redirected" if balancer.https else "HTTP"
    values = {"serves": protocol, "from": f"one region, {stack.account.region}"}
    yield SummaryRow("load balancer", "entrance", "aws_lb", values)
    for group in balancer.target_groups:
        check = {"health check": f"{group.path} every {group.interval} s, by the load balancer"}
        yield SummaryRow("load balancer", f"to {group.container}", group.address.type, check)
    if stack.dns:
        yield SummaryRow("load balancer", "domain", "aws_route53_record", {"zone": stack.dns.zone})
        if stack.dns.certificate:
            values = {"covers": stack.dns.domain}
            yield SummaryRow("load balancer", "certificate", "aws_acm_certificate", values)
    if balancer.firewall:
        rules = {"rules": "groups that AWS manages"}
        yield SummaryRow("load balancer", "firewall", "aws_wafv2_web_acl", rules)


def _network(stack: AwsStack) -> Iterator[SummaryRow]:
    net = stack.network
    values = {"range": net.cidr, "zones": ", ".join(net.zones)}
    yield SummaryRow("network", "network", "aws_vpc", values)
    if net.has_nat:
        count = len(net.nat_zones)
        gateways = f"{count}, one in each zone" if count == len(net.zones) else str(count)
        yield SummaryRow("network", "way out", "aws_nat_gateway", {"gateways": gateways})
    if net.endpoints:
        values = {"reaches": ", ".join(endpoint.label.replace("_", ".") for endpoint in net.endpoints)}
        yield SummaryRow("network", "private endpoints", "aws_vpc_endpoint", values)
    if net.flow_logs:
        yield SummaryRow("network", "flow logs", "aws_flow_log", {"kept": f"{net.flow_logs.retention} d"})


def _storage(stack: AwsStack) -> Iterator[SummaryRow]:
    for database in stack.databases:
        values = {
            "engine": f"{database.engine.title} {database.version}",
            "size": database.instance_class.name,
            "disk": f"{database.disk} to {database.max_disk} GiB",
            "standby": "in a second zone" if database.multi_az else "none",
            "backups": f"{database.backup_days} d, any second of them",
        }
        yield SummaryRow("database", database.name, database.address.type, values)
    for bucket in stack.buckets:
        values = {"versioning": bucket.versioning_status, "old versions": f"{bucket.noncurrent_days} d"}
        yield SummaryRow("bucket", bucket.name, bucket.address.type, values)
    for cache in stack.caches:
        values = {
            "engine": f"{cache.engine} {cache.engine_version}",
            "size": f"{cache.nodes} x {cache.node_type}",
            "TLS": "yes",
        }
        yield SummaryRow("cache", cache.name, cache.address.type, values)
    for queue in stack.queues:
        values = {
            "deadline": duration_text(queue.visibility_timeout),
            "retention": duration_text(queue.retention),
            "deliveries": str(queue.max_deliveries),
        }
        yield SummaryRow("queue", queue.name, queue.address.type, values)


def _secrets(stack: AwsStack) -> Iterator[SummaryRow]:
    for secret in stack.secrets:
        values = {"version": str(secret.version)}
        yield SummaryRow("secrets", secret.name, secret.address.type, values)
    if stack.key:
        values = {"deleted after": f"{stack.key.deletion_window} d"}
        yield SummaryRow("secrets", "key", stack.key.address.type, values)


def _monitoring(stack: AwsStack) -> Iterator[SummaryRow]:
    watching = stack.monitoring
    who = str(len(watching.subscriptions)) if watching.subscriptions else "nobody"
    alarms = {"number": str(len(watching.alarms)), "told by mail": who}
    yield SummaryRow("monitoring", "alarms", "aws_cloudwatch_metric_alarm", alarms)
    if stack.tasks:
        kept = {"kept": f"{stack.tasks[0].log_retention} d"}
        yield SummaryRow("monitoring", "logs", stack.tasks[0].log_group_address.type, kept)
    if stack.audit:
        told = str(len(stack.audit.alarms.events)) if stack.audit.alarms else "none, as nobody is told"
        values = {"kept": f"{stack.audit.trail.retention_days} d", "alarms": told}
        yield SummaryRow("monitoring", "audit trail", "aws_cloudtrail", values)
    if watching.dashboard:
        values = {"name": watching.dashboard.name}
        yield SummaryRow("monitoring", "dashboard", "aws_cloudwatch_dashboard", values)


def _scaling(stack: AwsStack) -> Iterator[SummaryRow]:
    for service in stack.services:
        if service.scaling is None:
            values = {"instances": instances_text(service.desired_count, service.desired_count)}
            yield SummaryRow("scaling", service.name, service.address.type, values)
            continue
        limits = service.scaling
        values = {"instances": instances_text(limits.min, limits.max)}
        for policy in limits.policies:
            unit = {"cpu": "% on average", "requests": " a minute, each task"}[policy.name]
            values[policy.name] = f"{policy.target:g}{unit}"
        if limits.schedules:
            values["by the clock"] = f"{len(limits.schedules)} changes" if len(limits.schedules) > 1 else "1 change"
        yield SummaryRow("scaling", service.name, limits.target.type, values)
