"""The check from outside: Route 53 asks the application from several places of the world.

Route 53 keeps what it measures in us-east-1 only, and an alarm publishes to a topic of its own region. In any other
region the alarm therefore has a topic of its own there, with subscriptions of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws.addresses import BALANCER, TOPIC
from cloudgen.stack.aws.alarms import Alarm, Metric
from cloudgen.stack.aws.arns import GLOBAL
from cloudgen.stack.aws.entrance.load_balancer import LoadBalancer
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.base import Address, Ref, Template, join

HEALTH_CHECK = Address("aws_route53_health_check", "main")
WITHOUT_CHECKS = "aws-us-gov"
"""https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-r53.html"""


@dataclass(frozen=True)
class Told:
    """Somebody who is told, by a topic of another region."""

    label: str
    email: str


@dataclass(frozen=True)
class UptimeCheck:
    """What is asked from outside, rendered by _uptime.tf.j2."""

    name: str
    host: str | Ref
    path: str
    https: bool
    alarm: Alarm
    elsewhere: bool
    """Whether the alarm is in another region than everything else."""
    topic_name: str
    alarm_arn: Template
    subscriptions: tuple[Told, ...]
    """Everybody who is told, where the topic is one of its own."""

    @property
    def address(self) -> Address:
        """The address of the check."""
        return HEALTH_CHECK

    @property
    def type(self) -> str:
        """The protocol that it asks by."""
        return "HTTPS" if self.https else "HTTP"

    @property
    def port(self) -> int:
        """The port of that protocol."""
        return 443 if self.https else 80

    @property
    def topic(self) -> Address:
        """What carries the alarm."""
        return Address("aws_sns_topic", "uptime") if self.elsewhere else TOPIC

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of _uptime.tf.j2."""
        if not self.elsewhere:
            return (HEALTH_CHECK, self.alarm.address)
        told = (Address("aws_sns_topic_subscription", each.label) for each in self.subscriptions)
        policy = (Address("data.aws_iam_policy_document", "uptime"), Address("aws_sns_topic_policy", "uptime"))
        return (HEALTH_CHECK, self.topic, *policy, *told, self.alarm.address)


def uptime_check(
    foundation: Foundation, balancer: LoadBalancer | None, emails: Mapping[str, str]
) -> UptimeCheck | None:
    """Decide the check; None where the spec asks for none. `emails` are the addresses by label of a subscription.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
    """
    spec, account = foundation.deployment.load_balancer, foundation.account
    path = ("monitoring", "uptime_checks")
    if not foundation.deployment.monitoring.uptime_checks:
        return None
    if account.partition == WITHOUT_CHECKS:
        foundation.problems.error(
            "unsupported", f"Route 53 has no health checks in {account.region}", path, "set uptime_checks: false"
        )
        return None
    if balancer is None:
        foundation.problems.warning(
            "ignored",
            "without a load balancer there is nothing that could be asked from outside",
            path,
            "add the section load_balancer",
        )
        return None
    entry = next(group.entry for group in balancer.target_groups if not group.by_rule)
    name = f"{foundation.prefix}-uptime"
    return UptimeCheck(
        name=foundation.prefix,
        host=(spec.domain if spec else None) or BALANCER.dns_name,
        path=entry.path,
        https=balancer.https,
        alarm=_alarm(name),
        elsewhere=account.second_region is not None,
        topic_name=name,
        alarm_arn=join(f"arn:{account.partition}:cloudwatch:{GLOBAL}:", account.id, f":alarm:{name}"),
        subscriptions=tuple(Told(f"uptime_{label}", email) for label, email in emails.items()),
    )


def _alarm(name: str) -> Alarm:
    """Most places got no answer three times. Without a measurement nobody knows, which is as bad."""
    return Alarm(
        label="uptime",
        name=name,
        description="The application does not answer requests from several places of the world",
        metric=Metric("AWS/Route53", "HealthCheckStatus", "Minimum", {"HealthCheckId": HEALTH_CHECK.id}),
        comparison="LessThanThreshold",
        threshold=1,
        evaluation_periods=2,
        datapoints_to_alarm=2,
        missing_data="breaching",
    )
