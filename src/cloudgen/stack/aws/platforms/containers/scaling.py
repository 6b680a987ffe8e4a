"""How many tasks of a service run: target tracking and scheduled actions."""

from __future__ import annotations

from collections.abc import Iterator

from cloudgen.dataclass import dataclass
from cloudgen.errors import SpecPath
from cloudgen.spec.scaling import Scaling
from cloudgen.stack.aws.addresses import BALANCER
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.platforms.schedules import expression
from cloudgen.stack.aws.platforms.workload import Entry
from cloudgen.stack.base import Address, Template, join, label
from cloudgen.stack.naming import digest
from cloudgen.stack.workload import Wanted


@dataclass(frozen=True)
class TargetTracking:
    """A policy that keeps a metric near its target."""

    label: str
    name: str
    metric: str
    target: float
    resource_label: Template | None = None
    """Which target group the metric is about, for metrics of the load balancer."""


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


def limits(foundation: Foundation, wanted: Wanted) -> Scaling:
    """Return the limits of a service, with one task at least where nothing could ever start the first one.

    Without a task there is no metric to scale by.
    https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
    """
    scaling = wanted.scaling
    if scaling.min or any(change.min for change in scaling.schedules):
        return scaling
    foundation.problems.warning(
        "approximated",
        f"container `{wanted.name}`: where no task runs, AWS has no load to start one by; it has 1 at least",
        wanted.at("scaling", "min"),
        "start and stop it by scaling.schedules to have none at times",
    )
    return scaling.model_copy(update={"min": 1})


def autoscaling(foundation: Foundation, wanted: Wanted, scaling: Scaling, entry: Entry | None) -> Autoscaling | None:
    """Decide the scaling of a service; None when its number of tasks is fixed."""
    name = label(wanted.name)
    if scaling.min == scaling.max and not scaling.schedules:
        return None
    policies = []
    if scaling.cpu is not None:
        policies.append(TargetTracking(f"{name}_cpu", "cpu", "ECSServiceAverageCPUUtilization", scaling.cpu))
    if scaling.requests_per_instance is not None and entry is not None:
        # The metric counts requests a minute and target; the spec counts requests in a second.
        # https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PredefinedMetricSpecification.html
        policies.append(
            TargetTracking(
                f"{name}_requests",
                "requests",
                "ALBRequestCountPerTarget",
                scaling.requests_per_instance * 60,
                join(BALANCER.arn_suffix, "/", entry.address.arn_suffix),
            )
        )
        foundation.problems.warning(
            "approximated",
            f"container `{wanted.name}`: AWS counts requests by the minute, the spec by the second: "
            f"scaling aims at {scaling.requests_per_instance * 60} requests a minute and task",
            wanted.at("scaling", "requests_per_instance"),
        )
    elif wanted.says("scaling", "requests_per_instance"):
        foundation.problems.warning(
            "ignored",
            "requests_per_instance has no effect, because no route of the load balancer leads to the container",
            wanted.at("scaling", "requests_per_instance"),
        )
    _warn_of_ratchets(foundation, wanted, scaling)
    schedules = _scheduled(foundation, name, scaling, wanted.at("scaling", "schedules"))
    target = Address("aws_appautoscaling_target", name)
    return Autoscaling(target, scaling.min, scaling.max, tuple(policies), tuple(schedules))


def _warn_of_ratchets(foundation: Foundation, wanted: Wanted, scaling: Scaling) -> None:
    """Say where schedules set a limit to one value only: it stays in force until another schedule changes it."""
    for limit in ("min", "max"):
        values = {getattr(schedule, limit) for schedule in scaling.schedules} - {None}
        if len(values) == 1 and values != {getattr(scaling, limit)}:
            (value,) = values
            foundation.problems.warning(
                "never-back",
                f"container `{wanted.name}`: schedules set {limit} to {value} and never back to "
                f"{getattr(scaling, limit)}: it stays {value}",
                wanted.at("scaling", "schedules"),
                f"add a schedule with {limit}: {getattr(scaling, limit)}",
            )


def _scheduled(foundation: Foundation, label: str, scaling: Scaling, path: SpecPath) -> Iterator[ScheduledAction]:
    times: set[str] = set()
    for index, schedule in enumerate(scaling.schedules):
        where = (*path, index)
        if (schedule.min or 0) > (schedule.max or scaling.max):
            foundation.problems.error(
                "out-of-range", "min is greater than the max that is in force", where, "give the schedule a max as well"
            )
        if schedule.max is not None and schedule.max < (schedule.min if schedule.min is not None else scaling.min):
            foundation.problems.error(
                "out-of-range", "max is less than the min that is in force", where, "give the schedule a min as well"
            )
        # The time alone names it, not its place in the list: the others stay what they are when one is removed.
        time = digest(f"{schedule.cron} {schedule.timezone}", 6)
        if time in times:
            foundation.problems.error(
                "duplicate", "another schedule has the same time", where, "write min and max into one schedule"
            )
        times.add(time)
        yield ScheduledAction(
            label=f"{label}_{time}",
            name=f"schedule-{time}",
            schedule=expression(foundation, schedule.cron, (*where, "cron")),
            timezone=schedule.timezone,
            min=schedule.min,
            max=schedule.max,
        )
