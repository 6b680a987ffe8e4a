"""What Google Cloud makes of each part of a spec, in few words."""

from __future__ import annotations

from collections.abc import Iterator

from cloudgen.stack.gcp.parts import GcpParts
from cloudgen.stack.summary import SummaryRow, duration_text


def summary(stack: GcpParts) -> Iterator[SummaryRow]:
    """Yield the rows, part by part."""
    yield from _containers(stack)
    yield from _load_balancer(stack)
    yield from _network(stack)
    yield from _storage(stack)
    yield from _secrets(stack)
    yield from _monitoring(stack)
    yield from _scaling(stack)


def _containers(stack: GcpParts) -> Iterator[SummaryRow]:
    for workload in stack.workloads:
        yield workload.given.row


def _load_balancer(stack: GcpParts) -> Iterator[SummaryRow]:
    balancer = stack.load_balancer
    if balancer is None:
        return
    protocol = "HTTPS, HTTP redirected" if balancer.https else "HTTP"
    values = {"serves": protocol, "from": "one address for the whole world"}
    yield SummaryRow("load balancer", "entrance", "google_compute_global_forwarding_rule", values)
    for backend in balancer.backends:
        check = {"health check": backend.entry.asked}
        yield SummaryRow("load balancer", f"to {backend.container}", backend.address.type, check)
    if stack.dns:
        yield SummaryRow("load balancer", "domain", "google_dns_record_set", {"zone": stack.dns.zone})
        if stack.dns.certificate:
            values = {"covers": ", ".join(name.domain for name in stack.dns.names)}
            yield SummaryRow("load balancer", "certificate", "google_certificate_manager_certificate", values)
    if balancer.redirected:
        values = {"redirected": ", ".join(balancer.redirected.hosts)}
        yield SummaryRow("load balancer", "aliases", "google_compute_url_map", values)
    if balancer.firewall:
        rules = {"rules": "those that Google preconfigures"}
        yield SummaryRow("load balancer", "firewall", "google_compute_security_policy", rules)


def _network(stack: GcpParts) -> Iterator[SummaryRow]:
    net = stack.network
    values = {"range": net.cidr, "zones": f"all of {net.region}"}
    yield SummaryRow("network", "network", "google_compute_network", values)
    if net.nat:
        yield SummaryRow("network", "way out", "google_compute_router_nat", {"gateways": "1 for the region"})
    values = {"reaches": "Google's own services"}
    yield SummaryRow("network", "private endpoints", "google_compute_subnetwork", values)
    if net.flow_logs:
        kept = {"kept": f"{stack.monitoring.logs.retention} d, a sample"}
        yield SummaryRow("network", "flow logs", "google_compute_subnetwork", kept)


def _storage(stack: GcpParts) -> Iterator[SummaryRow]:
    for resource in stack.storage:
        yield resource.row


def _secrets(stack: GcpParts) -> Iterator[SummaryRow]:
    for secret in stack.secrets:
        yield SummaryRow("secrets", secret.name, secret.address.type, {"version": secret.version})
    if stack.key:
        days = duration_text(int(stack.key.destroy_after.removesuffix("s")))
        yield SummaryRow("secrets", "key", stack.key.address.type, {"deleted after": days})


def _monitoring(stack: GcpParts) -> Iterator[SummaryRow]:
    watching = stack.monitoring
    told = str(len(watching.channels)) if watching.channels else "nobody"
    alarms = {"number": str(len(watching.alarms)), "told by mail": told}
    if watching.alarms:
        yield SummaryRow("monitoring", "alarms", "google_monitoring_alert_policy", alarms)
    kept = {"kept": f"{watching.logs.retention} d"}
    yield SummaryRow("monitoring", "logs", "google_logging_project_bucket_config", kept)
    if stack.audit:
        number = str(len(stack.audit.alarms)) if stack.audit.alarms else "none, as nobody is told"
        values = {"kept": f"{stack.audit.retention} d", "alarms": number}
        yield SummaryRow("monitoring", "audit trail", "google_project_iam_audit_config", values)
    if watching.dashboard:
        yield SummaryRow("monitoring", "dashboard", "google_monitoring_dashboard", {"name": stack.prefix})
    if watching.uptime:
        asked = {"asks": watching.uptime.path}
        yield SummaryRow("monitoring", "uptime check", "google_monitoring_uptime_check_config", asked)


def _scaling(stack: GcpParts) -> Iterator[SummaryRow]:
    for workload in stack.workloads:
        if workload.given.scaling:
            yield workload.given.scaling
