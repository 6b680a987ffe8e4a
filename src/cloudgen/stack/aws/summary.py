"""What AWS makes of each part of a spec, in few words."""

from __future__ import annotations

from collections.abc import Iterator

from cloudgen.stack.aws.parts import AwsParts
from cloudgen.stack.summary import SummaryRow


def summary(stack: AwsParts) -> Iterator[SummaryRow]:
    """Yield the rows, part by part."""
    yield from (workload.given.row for workload in stack.workloads)
    yield from _load_balancer(stack)
    yield from _network(stack)
    yield from (resource.row for resource in stack.storage)
    yield from _secrets(stack)
    yield from _monitoring(stack)
    yield from (row for workload in stack.workloads if (row := workload.given.scaling))


def _load_balancer(stack: AwsParts) -> Iterator[SummaryRow]:
    balancer = stack.load_balancer
    if balancer is None:
        return
    protocol = "HTTPS, HTTP redirected" if balancer.https else "HTTP"
    values = {"serves": protocol, "from": f"one region, {stack.account.region}"}
    yield SummaryRow("load balancer", "entrance", "aws_lb", values)
    for group in balancer.target_groups:
        entry = group.entry
        check = {"health check": f"{entry.path} every {entry.interval} s, by the load balancer"}
        yield SummaryRow("load balancer", f"to {entry.container}", group.address.type, check)
    if stack.dns:
        yield SummaryRow("load balancer", "domain", "aws_route53_record", {"zone": stack.dns.zone})
        if stack.dns.certificate:
            values = {"covers": ", ".join(name.domain for name in stack.dns.names)}
            yield SummaryRow("load balancer", "certificate", "aws_acm_certificate", values)
    if balancer.redirect:
        values = {"redirected": ", ".join(balancer.redirect.hosts)}
        yield SummaryRow("load balancer", "aliases", "aws_lb_listener_rule", values)
    if balancer.firewall:
        rules = {"rules": "groups that AWS manages"}
        yield SummaryRow("load balancer", "firewall", "aws_wafv2_web_acl", rules)


def _network(stack: AwsParts) -> Iterator[SummaryRow]:
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


def _secrets(stack: AwsParts) -> Iterator[SummaryRow]:
    for secret in stack.secrets:
        values = {"version": str(secret.version)}
        yield SummaryRow("secrets", secret.name, secret.address.type, values)
    if stack.key:
        values = {"deleted after": f"{stack.key.deletion_window} d"}
        yield SummaryRow("secrets", "key", stack.key.address.type, values)


def _monitoring(stack: AwsParts) -> Iterator[SummaryRow]:
    watching = stack.monitoring
    who = str(len(watching.subscriptions)) if watching.subscriptions else "nobody"
    alarms = {"number": str(len(watching.alarms)), "told by mail": who}
    yield SummaryRow("monitoring", "alarms", "aws_cloudwatch_metric_alarm", alarms)
    for log in [log for workload in stack.workloads for log in workload.logs][:1]:
        yield SummaryRow("monitoring", "logs", log.address.type, {"kept": f"{log.retention} d"})
    if stack.audit:
        told = str(len(stack.audit.alarms.events)) if stack.audit.alarms else "none, as nobody is told"
        values = {"kept": f"{stack.audit.trail.retention_days} d", "alarms": told}
        yield SummaryRow("monitoring", "audit trail", "aws_cloudtrail", values)
    if watching.dashboard:
        values = {"name": watching.dashboard.name}
        yield SummaryRow("monitoring", "dashboard", "aws_cloudwatch_dashboard", values)
    if watching.uptime:
        yield SummaryRow("monitoring", "uptime check", watching.uptime.address.type, {"asks": watching.uptime.path})
