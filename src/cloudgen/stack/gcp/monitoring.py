"""Monitoring: alert policies on what users and operators feel, who is told, the dashboard, and where logs are kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address, Ref, join
from cloudgen.stack.gcp.addresses import BALANCER_ADDRESS, DASHBOARD, NAT, UPTIME_CHECK
from cloudgen.stack.gcp.alarms import Alarm, Channel, Query, Threshold, channels
from cloudgen.stack.gcp.dashboard import Dashboard, dashboard
from cloudgen.stack.gcp.entrance.load_balancer import Backend, LoadBalancer
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.logs import Logs, logs
from cloudgen.stack.gcp.network.network import Network
from cloudgen.stack.gcp.platforms.workload import Entry, Ground, Workload, by_kind, running_first
from cloudgen.stack.gcp.storage.resource import Resource
from cloudgen.stack.thresholds import ERRORS, tell_alarms

CERTIFICATE_DAYS = 14
RESERVED_PATHS = re.compile(r"/healthz|/eventlog|/_ah/.*")
"""Paths that the front end of Cloud Run keeps for itself. https://cloud.google.com/run/docs/issues#reserved_url_paths"""


@dataclass(frozen=True)
class UptimeCheck:
    """A request from several places of the world, every minute."""

    name: str
    host: str | Ref
    path: str
    https: bool
    project: str

    @property
    def domain(self) -> bool:
        """Whether it asks a domain, which can become another one, and not the address of the load balancer."""
        return isinstance(self.host, str)

    @property
    def port(self) -> int:
        """Where it asks."""
        return 443 if self.https else 80


@dataclass(frozen=True)
class Monitoring:
    """Alert policies, dashboard and logs, rendered by monitoring.tf."""

    channels: tuple[Channel, ...]
    alarms: tuple[Alarm, ...]
    uptime: UptimeCheck | None
    dashboard: Dashboard | None
    logs: Logs

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Channels, policies, uptime check, dashboard and logs."""
        return (
            *(channel.address for channel in self.channels),
            *((UPTIME_CHECK,) if self.uptime else ()),
            *(alarm.address for alarm in self.alarms),
            *((DASHBOARD,) if self.dashboard else ()),
            *self.logs.blocks,
        )

    @property
    def channel_names(self) -> tuple[Ref, ...]:
        """What alert policies name the channels by."""
        return tuple(channel.address.name for channel in self.channels)

    @property
    def apis(self) -> tuple[str, ...]:
        """The APIs that it needs."""
        return ("logging", "monitoring")


def monitoring(
    foundation: Foundation,
    balancer: LoadBalancer | None,
    workloads: Sequence[Workload],
    grounds: Sequence[Ground],
    resources: Sequence[Resource],
    network: Network,
) -> Monitoring:
    """Decide the alert policies, who is told, the dashboard, and where logs are kept."""
    spec = foundation.deployment.monitoring
    _explain(foundation, balancer)
    uptime = _uptime_check(foundation, balancer) if spec.uptime_checks and balancer else None
    alarms = [
        *(_balancer_alarms(foundation, balancer) if balancer else ()),
        *([_uptime_alarm(foundation, uptime)] if uptime else ()),
        *([_certificate_alarm(foundation)] if uptime and uptime.https else ()),
        *([_nat_alarm(foundation)] if network.nat else ()),
        *(alarm for workload in running_first(workloads) for alarm in workload.alarms),
        *(alarm for ground in grounds for alarm in ground.alarms),
        *(alarm for resource in resources for alarm in resource.alarms),
    ]
    sources = (*by_kind(workloads), *((balancer,) if balancer else ()), *resources, network)
    origins = [origin for source in sources for origin in source.logs]
    return Monitoring(
        channels=channels(foundation),
        alarms=tuple(alarms),
        uptime=uptime,
        dashboard=dashboard(foundation, balancer, workloads, resources) if spec.dashboard else None,
        logs=logs(foundation, origins),
    )


def _explain(foundation: Foundation, balancer: LoadBalancer | None) -> None:
    spec, problems = foundation.deployment.monitoring, foundation.problems
    if spec.uptime_checks and balancer is None:
        problems.warning(
            "ignored",
            "without a load balancer there is nothing that could be asked from outside",
            ("monitoring", "uptime_checks"),
            "add the section load_balancer",
        )
    if spec.uptime_checks and balancer is not None and _is_kept(balancer.default.entry):
        problems.warning(
            "unreachable-path",
            f"from outside, Google answers {balancer.default.entry.path} itself, with 404: the uptime check would fail",
            ("containers", balancer.default.container, "health_check", "path"),
            "answer another path, such as /health, and write it here",
        )
    tell_alarms(spec, foundation.problems)


def _is_kept(entry: Entry) -> bool:
    """Whether the path that an uptime check asks never reaches the workload: machines have no such front end."""
    return entry.serverless is not None and RESERVED_PATHS.fullmatch(entry.path) is not None


def _uptime_check(foundation: Foundation, balancer: LoadBalancer) -> UptimeCheck:
    spec = foundation.deployment.load_balancer
    return UptimeCheck(
        name=foundation.prefix,
        host=(spec.domain if spec else None) or BALANCER_ADDRESS.address,
        path=balancer.default.entry.path,
        https=balancer.https,
        project=foundation.project,
    )


def _uptime_alarm(foundation: Foundation, uptime: UptimeCheck) -> Alarm:
    """At least two places got no answer.

    A check of the address cannot be created before its forerunner goes: the address would be created anew, too, and its
    name is taken. So the policy, which Google wants gone first, is replaced with the check.

    https://cloud.google.com/monitoring/uptime-checks/uptime-alerting-policies
    """
    return Alarm(
        label="uptime",
        name=f"{foundation.prefix}: cannot be reached",
        description="The application does not answer requests from several places of the world.",
        condition=Threshold(
            filter=join(
                'metric.type = "monitoring.googleapis.com/uptime_check/check_passed"'
                ' AND resource.type = "uptime_url" AND metric.labels.check_id = "',
                UPTIME_CHECK.uptime_check_id,
                '"',
            ),
            aligner="ALIGN_NEXT_OLDER",
            period=1200,
            reducer="REDUCE_COUNT_FALSE",
            group_by=("resource.label.host",),
            value=1,
        ),
        duration=60,
        severity="CRITICAL",
        replaced_with=None if uptime.domain else UPTIME_CHECK.uptime_check_id,
    )


def _certificate_alarm(foundation: Foundation) -> Alarm:
    """Google renews a certificate a month before it ends: one that has two weeks left was not renewed.

    https://cloud.google.com/monitoring/uptime-checks/ssl-certificate-expiration
    """
    return Alarm(
        label="certificate",
        name=f"{foundation.prefix}: certificate ends soon",
        description=f"The certificate ends in less than {CERTIFICATE_DAYS} days and was not renewed. Look at the DNS "
        "record that proves the domain, and at CAA records of the domain.",
        condition=Threshold(
            filter=join(
                'metric.type = "monitoring.googleapis.com/uptime_check/time_until_ssl_cert_expires"'
                ' AND resource.type = "uptime_url" AND metric.labels.check_id = "',
                UPTIME_CHECK.uptime_check_id,
                '"',
            ),
            aligner="ALIGN_NEXT_OLDER",
            period=1200,
            reducer="REDUCE_MEAN",
            group_by=("resource.label.host",),
            comparison="COMPARISON_LT",
            value=CERTIFICATE_DAYS,
        ),
        duration=600,
    )


def _nat_alarm(foundation: Foundation) -> Alarm:
    """Cloud NAT dropped packets because it had no port left for a connection.

    https://cloud.google.com/nat/docs/monitoring
    """
    return Alarm(
        label="nat",
        name=f"{foundation.prefix}: no ports for the way out",
        description="Cloud NAT has no port left for connections to the internet and drops them.",
        condition=Threshold(
            filter=join(
                'metric.type = "router.googleapis.com/nat/dropped_sent_packets_count"'
                ' AND resource.type = "nat_gateway" AND metric.labels.reason = "OUT_OF_RESOURCES"'
                ' AND resource.labels.gateway_name = "',
                NAT.name,
                '"',
            ),
            aligner="ALIGN_DELTA",
            reducer="REDUCE_SUM",
            value=0,
        ),
    )


def _balancer_alarms(foundation: Foundation, balancer: LoadBalancer) -> Iterator[Alarm]:
    """https://cloud.google.com/load-balancing/docs/https/https-logging-monitoring#monitoring_metrics."""
    yield _error_rate(foundation, balancer)
    for backend in balancer.backends:
        yield _latency(foundation, backend)


def _error_rate(foundation: Foundation, balancer: LoadBalancer) -> Alarm:
    """The share of requests that end in a 5xx, whether the containers or the load balancer itself answered so.

    Metrics in PromQL: https://cloud.google.com/monitoring/promql/promql-mapping
    """
    percent = foundation.deployment.monitoring.alerts.error_rate

    def requests(*labels: str) -> str:
        matchers = ",".join(('monitored_resource="https_lb_rule"', f'url_map_name="{balancer.name}"', *labels))
        return f"loadbalancing_googleapis_com:https_request_count{{{matchers}}}[5m]"

    errors = requests('response_code_class="500"')
    return Alarm(
        label="error_rate",
        name=f"{foundation.prefix}: server errors",
        description=f"More than {percent:g}% of requests, at least {ERRORS} in five minutes, end in a server error.",
        condition=Query(
            f"sum(rate({errors})) / sum(rate({requests()})) > {percent / 100:g} and sum(increase({errors})) >= {ERRORS}"
        ),
        duration=300,
        severity="CRITICAL",
    )


def _latency(foundation: Foundation, backend: Backend) -> Alarm:
    milliseconds = foundation.deployment.monitoring.alerts.latency_p95
    return Alarm(
        label=f"{backend.label}_service_latency",
        name=f"{foundation.prefix}: {backend.container} is slow",
        description=f"{backend.container}: 5% of requests have taken longer than {milliseconds} ms for 15 minutes.",
        condition=Threshold(
            filter='metric.type = "loadbalancing.googleapis.com/https/backend_latencies"'
            f' AND resource.type = "https_lb_rule" AND resource.labels.backend_target_name = "{backend.name}"',
            aligner="ALIGN_DELTA",
            reducer="REDUCE_PERCENTILE_95",
            group_by=("resource.label.backend_target_name",),
            value=milliseconds,
        ),
        duration=900,
    )
