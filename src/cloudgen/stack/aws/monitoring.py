"""Monitoring: alarms on what users and operators feel, the topic that carries them, and the dashboard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cloudgen.dataclass import dataclass
from cloudgen.spec.units import DAY
from cloudgen.stack.aws.addresses import BALANCER, TOPIC
from cloudgen.stack.aws.alarms import Alarm, Metric, Notice, Query
from cloudgen.stack.aws.dashboard import Dashboard, dashboard
from cloudgen.stack.aws.entrance.load_balancer import LoadBalancer, TargetGroup
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.platforms.workload import Ground, Workload
from cloudgen.stack.aws.scheduler import Scheduler
from cloudgen.stack.aws.storage.resource import Resource
from cloudgen.stack.aws.uptime import UptimeCheck, uptime_check
from cloudgen.stack.base import Address, Template
from cloudgen.stack.naming import digest
from cloudgen.stack.thresholds import ERRORS, tell_alarms


@dataclass(frozen=True)
class Subscription:
    """Somebody who is told."""

    label: str
    email: str

    @property
    def address(self) -> Address:
        """The subscription's address."""
        return Address("aws_sns_topic_subscription", self.label)


@dataclass(frozen=True)
class Monitoring:
    """Alarms and dashboard, rendered by monitoring.tf."""

    topic_name: str
    alarm_arns: Template
    """The alarms that may publish to the topic, as a pattern."""
    events: bool
    """Whether EventBridge publishes to the topic as well, for the ground of a platform or for a resource."""
    subscriptions: tuple[Subscription, ...]
    metric_alarms: tuple[Alarm, ...]
    math_alarms: tuple[Alarm, ...]
    notices: tuple[Notice, ...]
    """Events that resources report."""
    uptime: UptimeCheck | None
    dashboard: Dashboard | None

    @property
    def topic(self) -> Address:
        """The topic's address."""
        return TOPIC

    @property
    def elsewhere(self) -> UptimeCheck | None:
        """The check from outside, where its alarm is in another region and needs a provider block of its own."""
        return self.uptime if self.uptime and self.uptime.elsewhere else None

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of monitoring.tf."""
        topic = (Address("data.aws_iam_policy_document", "alerts"), Address("aws_sns_topic_policy", "alerts"))
        return (
            TOPIC,
            *topic,
            *(each.address for each in self.subscriptions),
            *(alarm.address for alarm in self.alarms),
            *(block for notice in self.notices for block in notice.blocks),
            *(self.uptime.blocks if self.uptime else ()),
            *((Address("aws_cloudwatch_dashboard", "main"),) if self.dashboard else ()),
        )

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """Every alarm."""
        return (*self.metric_alarms, *self.math_alarms)


def monitoring(
    foundation: Foundation,
    balancer: LoadBalancer | None,
    workloads: Sequence[Workload],
    grounds: Sequence[Ground],
    scheduler: Scheduler | None,
    resources: Sequence[Resource],
    others: Sequence[Alarm] = (),
) -> Monitoring:
    """Decide the alarms, who is told, and the dashboard. `others` are alarms on what no workload or resource owns."""
    spec = foundation.deployment.monitoring
    _explain_retention(foundation)
    tell_alarms(spec, foundation.problems)
    alarms = [
        *(_balancer_alarms(foundation, balancer) if balancer else ()),
        *others,
        *(alarm for workload in workloads for alarm in workload.alarms),
        *(scheduler.alarms if scheduler else ()),
        *(alarm for ground in grounds for alarm in ground.alarms),
        *(alarm for resource in resources for alarm in resource.alarms),
    ]
    told = subscriptions(foundation)
    notices = tuple(notice for resource in resources for notice in resource.notices)
    return Monitoring(
        topic_name=f"{foundation.prefix}-alerts",
        alarm_arns=foundation.account.arn("cloudwatch", f"alarm:{foundation.prefix}-*"),
        events=bool(notices) or any(ground.publishes for ground in grounds),
        subscriptions=told,
        metric_alarms=tuple(alarm for alarm in alarms if alarm.metric is not None),
        math_alarms=tuple(alarm for alarm in alarms if alarm.metric is None),
        notices=notices,
        uptime=uptime_check(foundation, balancer, {each.label: each.email for each in told}),
        dashboard=dashboard(foundation, balancer, workloads, scheduler, resources) if spec.dashboard else None,
    )


def subscriptions(foundation: Foundation) -> tuple[Subscription, ...]:
    """Everybody who is told, each once. Labels follow from the address: who stays has nothing to confirm again."""
    emails = dict.fromkeys(foundation.deployment.monitoring.alerts.email)
    return tuple(Subscription(f"email_{digest(email)}", email) for email in emails)


def _explain_retention(foundation: Foundation) -> None:
    stated, offered = foundation.deployment.monitoring.logs.retention // DAY, foundation.log_retention
    if offered != stated:
        foundation.problems.warning(
            "approximated",
            f"logs are kept for {offered} days: CloudWatch does not offer {stated}",
            ("monitoring", "logs", "retention"),
        )


def _balancer_alarms(foundation: Foundation, balancer: LoadBalancer) -> Iterator[Alarm]:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html."""
    yield _error_rate(foundation)
    for group in balancer.target_groups:
        if group.invoked:
            # Its platform watches it: there is no check that could fail, and no time that the load balancer measures.
            continue
        yield _latency(foundation, group)
        yield Alarm(
            label=f"{group.label}_service_unhealthy",
            name=f"{foundation.prefix}-{group.entry.container}-service-unhealthy",
            description=(
                f"A {group.entry.member} of {group.entry.container} has failed its health check for ten minutes"
            ),
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
        name=f"{foundation.prefix}-{group.entry.container}-service-latency",
        description=f"{group.entry.container}: 5% of requests have taken longer than {milliseconds} ms for 15 minutes",
        metric=_balancer_metric("TargetResponseTime", "p95", group, period=300),
        comparison="GreaterThanThreshold",
        threshold=milliseconds / 1000,
        evaluation_periods=3,
        datapoints_to_alarm=3,
    )


def _balancer_metric(name: str, statistic: str, group: TargetGroup, period: int = 60) -> Metric:
    dimensions = {"LoadBalancer": BALANCER.arn_suffix, "TargetGroup": group.address.arn_suffix}
    return Metric("AWS/ApplicationELB", name, statistic, dimensions, period)
