"""How many machines run: target tracking and scheduled actions of an Auto Scaling group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cloudgen.dataclass import dataclass
from cloudgen.errors import SpecPath
from cloudgen.spec.scaling import Scaling
from cloudgen.stack.aws.addresses import BALANCER
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.platforms.connections import Connections
from cloudgen.stack.aws.platforms.groups import group_metric
from cloudgen.stack.aws.platforms.limits import (
    TargetTracking,
    backlog,
    changes,
    limits,
    requests_a_minute,
    tell_ratchets,
)
from cloudgen.stack.aws.platforms.schedules import unix_cron
from cloudgen.stack.aws.platforms.workload import Entry
from cloudgen.stack.base import Address, join, label
from cloudgen.stack.workload import Wanted

UNIT = "machine"
"""What messages call one instance of a container."""
METRICS = ("GroupDesiredCapacity", "GroupInServiceInstances")
"""What the group counts: how many machines there should be, and how many work."""


@dataclass(frozen=True)
class ScheduledAction:
    """A change of the limits at a time of day. -1 leaves a limit as it is."""

    label: str
    name: str
    recurrence: str
    timezone: str
    min: int
    max: int

    @property
    def unchanged(self) -> int:
        """What leaves the number of machines alone; the group moves it into the limits by itself.

        https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/autoscaling_schedule
        """
        return -1


@dataclass(frozen=True)
class Autoscaling:
    """The limits of a group and what moves it between them."""

    min: int
    max: int
    policies: tuple[TargetTracking, ...]
    schedules: tuple[ScheduledAction, ...]

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The policies and scheduled actions."""
        policies = (Address("aws_autoscaling_policy", policy.label) for policy in self.policies)
        actions = (Address("aws_autoscaling_schedule", action.label) for action in self.schedules)
        return (*policies, *actions)


def autoscaling(
    foundation: Foundation, wanted: Wanted, links: Connections, group: Address, entry: Entry | None
) -> Autoscaling:
    """Decide the limits of a group of machines, and what changes their number."""
    scaling = limits(foundation, wanted, UNIT)
    fixed = scaling.min == scaling.max and not scaling.schedules
    policies = () if fixed else tuple(_policies(foundation, wanted, links, scaling, group, entry))
    tell_ratchets(foundation, wanted, scaling)
    schedules = _scheduled(foundation, label(wanted.name), scaling, wanted.at("scaling", "schedules"))
    return Autoscaling(scaling.min, scaling.max, policies, tuple(schedules))


def _policies(
    foundation: Foundation, wanted: Wanted, links: Connections, scaling: Scaling, group: Address, entry: Entry | None
) -> Iterator[TargetTracking]:
    name = label(wanted.name)
    if scaling.cpu is not None:
        yield TargetTracking(f"{name}_cpu", "cpu", scaling.cpu, "ASGAverageCPUUtilization")
    requests = requests_a_minute(foundation, wanted, scaling, UNIT)
    if requests is not None and entry is not None:
        metric = join(BALANCER.arn_suffix, "/", entry.address.arn_suffix)
        yield TargetTracking(f"{name}_requests", "requests", requests, "ALBRequestCountPerTarget", metric)
    if waits := backlog(wanted, links):
        queries = waits.queries(group_metric("GroupInServiceInstances", group), UNIT)
        yield TargetTracking(f"{name}_messages", "messages", waits.each, queries=queries)


def _scheduled(foundation: Foundation, label: str, scaling: Scaling, path: SpecPath) -> Iterator[ScheduledAction]:
    for time, schedule, _ in changes(foundation, scaling, path):
        yield ScheduledAction(
            label=f"{label}_{time}",
            name=f"schedule-{time}",
            recurrence=unix_cron(schedule.cron),
            timezone=schedule.timezone,
            min=-1 if schedule.min is None else schedule.min,
            max=-1 if schedule.max is None else schedule.max,
        )


def units(policy: TargetTracking) -> Mapping[str, str]:
    """What `explain` says of a policy."""
    unit = {"cpu": "% on average", "requests": " a minute, each machine", "messages": " waiting, each machine"}
    return {policy.name: f"{policy.target:g}{unit[policy.name]}"}
