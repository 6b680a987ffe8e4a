"""What Auto Scaling groups of EC2 have on every platform: metrics, a shell on a machine, who hears of failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws.alarms import Metric
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Grant
from cloudgen.stack.base import Address, Template
from cloudgen.stack.naming import fit

FAILURES = (
    "EC2 Instance Launch Unsuccessful",
    "EC2 Auto Scaling Instance Refresh Failed",
    "EC2 Auto Scaling Instance Refresh Rollback Started",
    "EC2 Auto Scaling Instance Refresh Rollback Failed",
)
"""Events of machines that do not come up, and of versions that AWS takes back.

https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-autoscaling.html
"""
AUTOSCALING_ROLE = "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
"""The role of EC2 Auto Scaling itself. AWS makes it with the first group of an account."""


@dataclass(frozen=True)
class FailedMachines:
    """What sends a mail when a machine cannot be started, or a new version does not work."""

    label: str
    rule_name: str
    event_pattern: Mapping[str, Any]
    message_paths: Mapping[str, str]
    message: str

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The rule and its target."""
        return tuple(Address(kind, self.label) for kind in ("aws_cloudwatch_event_rule", "aws_cloudwatch_event_target"))


def failed_machines(foundation: Foundation, what: str, groups: Sequence[Address]) -> FailedMachines:
    """Decide how somebody learns of machines that do not come up; `what` tells rules of one deployment apart.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
    """
    return FailedMachines(
        label=f"failed_{what}",
        # 64 characters is the limit of a rule's name.
        rule_name=fit(f"{foundation.prefix}-failed-{what}", 64),
        event_pattern={
            "source": ["aws.autoscaling"],
            "detail-type": FAILURES,
            "detail": {"AutoScalingGroupName": [group.name for group in groups]},
        },
        message_paths={"group": "$.detail.AutoScalingGroupName", "what": "$.detail-type"},
        message=f'"Machines of {foundation.prefix} failed: <group>. <what>"',
    )


def autoscaling_role(foundation: Foundation) -> Template:
    """The role, by ARN, that encrypts the disks of machines with the customer's key."""
    return foundation.account.arn("iam", f"role/{AUTOSCALING_ROLE}", regional=False)


def group_metric(name: str, group: Address) -> Metric:
    """A metric of the group itself.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html
    """
    return Metric("AWS/AutoScaling", name, "Average", {"AutoScalingGroupName": group.name})


def session(foundation: Foundation) -> tuple[Grant, ...]:
    """What a shell on a machine takes, by Session Manager: no port is open for it, and no key lies anywhere.

    The policy of AWS for this, AmazonSSMManagedInstanceCore, also reads every parameter of the account. Only channels
    of messages cannot be told apart by ARN.
    https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
    """
    machines = foundation.account.arn("ec2", "instance/*")
    channels = ("CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel")
    return (
        Grant("RegisterForSessions", ("ssm:UpdateInstanceInformation",), (machines,)),
        Grant("OpenSessions", tuple(f"ssmmessages:{channel}" for channel in channels), ("*",)),
    )
