"""Monitoring: alarms on what users and operators feel, the topic that carries them, and the dashboard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws.alarms import Alarm, Metric, Query
from cloudgen.stack.aws.dashboard import Dashboard, dashboard
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.jobs import CLUSTER, Jobs
from cloudgen.stack.aws.load_balancer import LoadBalancer, TargetGroup
from cloudgen.stack.aws.resource import Resource
from cloudgen.stack.aws.services import Service
from cloudgen.stack.base import Address, Template

BALANCER = Address("aws_lb", "main")
MEMORY = 90.0
"""Per cent of its memory from which a service is in danger: at 100 the kernel ends its process."""
ERRORS = 5
"""Server errors in five minutes below which the error rate does not count: one error of three requests is no outage."""


@dataclass(frozen=True)
class Subscription:
    """Somebody who is told."""

    label: str
    email: str


@dataclass(frozen=True)
class Monitoring:
    """Alarms and dashboard, rendered by monitoring.tf."""

    topic_name: str
    alarm_arns: Template
    """The alarms that may publish to the topic, as a pattern."""
    events: bool
    """Whether EventBridge publishes to the topic as well: failed jobs."""
    subscriptions: tuple[Subscription, ...]
    metric_alarms: tuple[Alarm, ...]
    math_alarms: tuple[Alarm, ...]
    dashboard: Dashboard | None

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """Every alarm."""
        return (*self.metric_alarms, *self.math_alarms)


def monitoring(
    foundation: Foundation,
    balancer: LoadBalancer | None,
    services: Sequence[Service],
    jobs: Jobs | None,
    resources: Sequence[Resource],
) -> Monitoring:
    """Decide the alarms, who is told, and the dashboard."""
    spec = foundation.deployment.monitoring
    _explain_retention(foundation)
    if not spec.alerts.email:
        foundation.problems.warning(
            "nobody-is-told",
            "alarms are made, but nobody is told when one goes off",
            ("monitoring", "alerts", "email"),
            "list addresses under monitoring.alerts.email",
        )
    alarms = [
        *(_balancer_alarms(foundation, balancer) if balancer else ()),
        *(alarm for service in services for alarm in _service_alarms(foundation, service)),
        *(jobs.alarms if jobs else ()),
        *(alarm for resource in resources for alarm in resource.alarms),
    ]
    _check_names(foundation, alarms)
    return Monitoring(
        topic_name=f"{foundation.prefix}-alerts",
        alarm_arns=foundation.account.arn("cloudwatch", f"alarm:{foundation.prefix}-*"),
        events=jobs is not None,
        subscriptions=subscriptions(foundation),
        metric_alarms=tuple(alarm for alarm in alarms if alarm.metric is not None),
        math_alarms=tuple(alarm for alarm in alarms if alarm.metric is None),
        dashboard=dashboard(foundation, balancer, services, jobs, resources) if spec.dashboard else None,
    )


def subscriptions(foundation: Foundation) -> tuple[Subscription, ...]:
    """Everybody who is told, each once."""
    emails = dict.fromkeys(foundation.deployment.monitoring.alerts.email)
    return tuple(Subscription(f"email_{index + 1}", email) for index, email in enumerate(emails))


def _explain_retention(foundation: Foundation) -> None:
    stated, offered = foundation.deployment.monitoring.logs.retention // 86400, foundation.log_retention
    if offered != stated:
        foundation.problems.warning(
            "approximated",
            f"logs are kept for {offered} days: CloudWatch does not offer {stated}",
            ("monitoring", "logs", "retention"),
        )


def _check_names(foundation: Foundation, alarms: Sequence[Alarm]) -> None:
    """Refuse specs whose names meet in an alarm: container `web` and a database `web-service`."""
    seen: set[str] = set()
    for alarm in alarms:
        if alarm.name in seen:
            foundation.problems.error(
                "duplicate-name",
                f"two alarms would be called {alarm.name}",
                ("storage",),
                "give the container or the thing in storage another name",
            )
        seen.add(alarm.name)


def _balancer_alarms(foundation: Foundation, balancer: LoadBalancer) -> Iterator[Alarm]:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html."""
    yield _error_rate(foundation)
    for group in balancer.target_groups:
        yield _latency(foundation, group)
        yield Alarm(
            label=f"{group.label}_service_unhealthy",
            name=f"{foundation.prefix}-{group.container}-service-unhealthy",
            description=f"A task of {group.container} has failed its health check for ten minutes",
            metric=_balancer_metric("UnHealthyHostCount", "Maximum", group),
            comparison="GreaterThanThreshold",
            threshold=0,
            evaluation_periods=10,
            datapoints_to_alarm=10,
        )


def _error_rate(foundation: Foundation) -> Alarm:
    """The share of requests that end in a 5xx, whether the tasks or the load balancer itself answered so.

    `RequestCount` leaves out the requests for which no target was found, which end in a 5xx of the load balancer.
    """
    percent = foundation.deployment.monitoring.alerts.error_rate

    def count(name: str) -> Metric:
        return Metric("AWS/ApplicationELB", name, "Sum", {"LoadBalancer": BALANCER.arn_suffix}, period=300)

    return Alarm(
        label="error_rate",
        name=f"{foundation.prefix}-error-rate",
        description=f"More than {percent:g}% of requests, and at least {ERRORS} in five minutes, end in a server error",
        queries=(
            Query(
                "rate",
                expression=f"IF(errors >= {ERRORS}, 100 * errors / (FILL(requests, 0) + FILL(balancer, 0)), 0)",
                label="Server errors, % of requests",
                return_data=True,
            ),
            Query("errors", expression="FILL(balancer, 0) + FILL(targets, 0)", label="Server errors"),
            Query("balancer", metric=count("HTTPCode_ELB_5XX_Count")),
            Query("targets", metric=count("HTTPCode_Target_5XX_Count")),
            Query("requests", metric=count("RequestCount")),
        ),
        comparison="GreaterThanThreshold",
        threshold=percent,
        evaluation_periods=2,
        datapoints_to_alarm=2,
    )


def _latency(foundation: Foundation, group: TargetGroup) -> Alarm:
    milliseconds = foundation.deployment.monitoring.alerts.latency_p95
    return Alarm(
        label=f"{group.label}_service_latency",
        name=f"{foundation.prefix}-{group.container}-service-latency",
        description=f"{group.container}: 5% of requests have taken longer than {milliseconds} ms for 15 minutes",
        metric=_balancer_metric("TargetResponseTime", "p95", group, period=300),
        comparison="GreaterThanThreshold",
        threshold=milliseconds / 1000,
        evaluation_periods=3,
        datapoints_to_alarm=3,
    )


def _balancer_metric(name: str, statistic: str, group: TargetGroup, period: int = 60) -> Metric:
    dimensions = {"LoadBalancer": BALANCER.arn_suffix, "TargetGroup": group.address.arn_suffix}
    return Metric("AWS/ApplicationELB", name, statistic, dimensions, period)


def _service_alarms(foundation: Foundation, service: Service) -> Iterator[Alarm]:
    """CPU and memory in use, and tasks that do not come up.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
    """
    limits = (
        ("CPU", "CPUUtilization", foundation.deployment.monitoring.alerts.cpu),
        ("memory", "MemoryUtilization", MEMORY),
    )
    dimensions = {"ClusterName": CLUSTER.name, "ServiceName": service.address.name}
    for title, metric, percent in limits:
        yield Alarm(
            label=f"{service.label}_service_{title.lower()}",
            name=f"{foundation.prefix}-{service.name}-service-{title.lower()}",
            description=f"{service.name} has used more than {percent:g}% of its {title} for 15 minutes",
            metric=Metric("AWS/ECS", metric, "Average", dimensions, period=300),
            comparison="GreaterThanThreshold",
            threshold=percent,
            evaluation_periods=3,
            datapoints_to_alarm=3,
        )
    yield Alarm(
        label=f"{service.label}_service_tasks",
        name=f"{foundation.prefix}-{service.name}-service-tasks",
        description=f"Fewer tasks of {service.name} than wanted have run for 15 minutes",
        queries=(
            Query("missing", expression="desired - FILL(running, 0)", label="Missing tasks", return_data=True),
            Query("desired", metric=Metric("ECS/ContainerInsights", "DesiredTaskCount", "Average", dimensions)),
            Query("running", metric=Metric("ECS/ContainerInsights", "RunningTaskCount", "Average", dimensions)),
        ),
        comparison="GreaterThanOrEqualToThreshold",
        threshold=1,
        evaluation_periods=15,
        datapoints_to_alarm=15,
    )
