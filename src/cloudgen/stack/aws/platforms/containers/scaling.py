"""How many tasks of a service run: target tracking and scheduled actions."""

from __future__ import annotations

from collections.abc import Iterator

from cloudgen.dataclass import dataclass
from cloudgen.errors import SpecPath
from cloudgen.spec.scaling import Scaling
from cloudgen.stack.aws.addresses import BALANCER
from cloudgen.stack.aws.alarms import Metric
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.platforms.limits import Backlog, TargetTracking, changes, requests_a_minute, tell_ratchets
from cloudgen.stack.aws.platforms.schedules import expression
from cloudgen.stack.aws.platforms.workload import Entry
from cloudgen.stack.base import Address, join, label
from cloudgen.stack.workload import Wanted

UNIT = "task"
"""What messages call one instance of a container."""


@dataclass(frozen=True)
class ScheduledAction:
    """A change of the limits at a time of day. A limit that is None stays as it is."""

    label: str
    name: str
    schedule: str
    timezone: str
    min: int | None
    max: int | None

    @property
    def has_min(self) -> bool:
        """Whether the action changes the fewest tasks; 0 is a change, too."""
        return self.min is not None

    @property
    def has_max(self) -> bool:
        """Whether the action changes the most tasks."""
        return self.max is not None


@dataclass(frozen=True)
class Autoscaling:
    """The limits of a service and what moves it between them."""

    target: Address
    min: int
    max: int
    policies: tuple[TargetTracking, ...]
    schedules: tuple[ScheduledAction, ...]

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The target, its policies and its scheduled actions."""
        policies = (Address("aws_appautoscaling_policy", policy.label) for policy in self.policies)
        actions = (Address("aws_appautoscaling_scheduled_action", action.label) for action in self.schedules)
        return (self.target, *policies, *actions)


def autoscaling(
    foundation: Foundation, wanted: Wanted, scaling: Scaling, entry: Entry | None, waits: Backlog | None, tasks: Metric
) -> Autoscaling | None:
    """Decide the scaling of a service; None when its number of tasks is fixed.

    `waits` are the messages that it scales by, and `tasks` counts those that run.
    """
    name = label(wanted.name)
    if scaling.min == scaling.max and not scaling.schedules:
        return None
    policies = []
    if scaling.cpu is not None:
        policies.append(TargetTracking(f"{name}_cpu", "cpu", scaling.cpu, "ECSServiceAverageCPUUtilization"))
    requests = requests_a_minute(foundation, wanted, scaling, UNIT)
    if requests is not None and entry is not None:
        metric = join(BALANCER.arn_suffix, "/", entry.address.arn_suffix)
        policies.append(TargetTracking(f"{name}_requests", "requests", requests, "ALBRequestCountPerTarget", metric))
    if waits is not None:
        queries = waits.queries(tasks, UNIT)
        policies.append(TargetTracking(f"{name}_messages", "messages", waits.each, queries=queries))
    tell_ratchets(foundation, wanted, scaling)
    schedules = _scheduled(foundation, name, scaling, wanted.at("scaling", "schedules"))
    target = Address("aws_appautoscaling_target", name)
    return Autoscaling(target, scaling.min, scaling.max, tuple(policies), tuple(schedules))


def _scheduled(foundation: Foundation, label: str, scaling: Scaling, path: SpecPath) -> Iterator[ScheduledAction]:
    for time, schedule, where in changes(foundation, scaling, path):
        yield ScheduledAction(
            label=f"{label}_{time}",
            name=f"schedule-{time}",
            schedule=expression(foundation, schedule.cron, (*where, "cron")),
            timezone=schedule.timezone,
            min=schedule.min,
            max=schedule.max,
        )
