"""What holds for scaling on every platform of AWS: one instance at least, what its number follows, and the clock."""

from __future__ import annotations

from collections.abc import Iterator

from cloudgen.dataclass import dataclass
from cloudgen.errors import SpecPath
from cloudgen.spec.scaling import Scaling, ScalingSchedule
from cloudgen.stack.aws.alarms import Metric, Query
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.platforms.connections import Connections
from cloudgen.stack.base import Template
from cloudgen.stack.naming import digest
from cloudgen.stack.workload import Wanted


@dataclass(frozen=True)
class TargetTracking:
    """A policy that keeps a metric near its target: one that AWS has, or metric math."""

    label: str
    name: str
    target: float
    metric: str | None = None
    resource_label: Template | None = None
    """Which target group the metric is about, for metrics of the load balancer."""
    queries: tuple[Query, ...] = ()


@dataclass(frozen=True)
class Backlog:
    """What waits for a container."""

    waiting: Metric
    """The messages in its queue that nobody has taken."""
    each: int
    """How many of them each instance should have."""

    def queries(self, running: Metric, unit: str) -> tuple[Query, ...]:
        """The messages for each instance; `running` counts the instances, and `unit` is what one is called.

        https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking-metric-math.html
        https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-target-tracking-metric-math.html
        """
        many = f"{unit}s"
        return (
            Query("messages", metric=self.waiting),
            Query(many, metric=running),
            Query("backlog", expression=f"messages / {many}", label=f"Messages for each {unit}", return_data=True),
        )


def backlog(wanted: Wanted, links: Connections) -> Backlog | None:
    """Return what waits for a container; None where it does not scale by that.

    The spec lets only what consumes one queue scale by its messages.
    """
    each = wanted.scaling.messages_per_instance
    queues = [resource.waiting for resource, verb in links.used if verb == "consume" and resource.waiting]
    return Backlog(queues[0], each) if each is not None and len(queues) == 1 else None


def limits(foundation: Foundation, wanted: Wanted, unit: str) -> Scaling:
    """Return the limits of a service, with one instance at least where nothing could ever start the first one.

    Without an instance there is no metric to scale by. `unit` is what the platform calls one: `task`.
    https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
    """
    scaling = wanted.scaling
    if scaling.min or any(change.min for change in scaling.schedules):
        return scaling
    foundation.problems.warning(
        "approximated",
        f"container `{wanted.name}`: where no {unit} runs, AWS has no load to start one by; it has 1 at least",
        wanted.at("scaling", "min"),
        "start and stop it by scaling.schedules to have none at times",
    )
    return scaling.model_copy(update={"min": 1})


def requests_a_minute(foundation: Foundation, wanted: Wanted, scaling: Scaling, unit: str) -> int | None:
    """The requests a minute and instance that scaling aims at; None where nothing is asked for, or nobody asks.

    The metric counts requests a minute and target; the spec counts requests in a second.
    https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PredefinedMetricSpecification.html
    """
    if scaling.requests_per_instance is not None and wanted.routed:
        foundation.problems.warning(
            "approximated",
            f"container `{wanted.name}`: AWS counts requests by the minute, the spec by the second: "
            f"scaling aims at {scaling.requests_per_instance * 60} requests a minute and {unit}",
            wanted.at("scaling", "requests_per_instance"),
        )
        return scaling.requests_per_instance * 60
    if wanted.says("scaling", "requests_per_instance"):
        foundation.problems.warning(
            "ignored",
            "requests_per_instance has no effect, because no route of the load balancer leads to the container",
            wanted.at("scaling", "requests_per_instance"),
        )
    return None


def tell_ratchets(foundation: Foundation, wanted: Wanted, scaling: Scaling) -> None:
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


def changes(
    foundation: Foundation, scaling: Scaling, path: SpecPath
) -> Iterator[tuple[str, ScalingSchedule, SpecPath]]:
    """Yield each change by the clock with what names it and its place in the spec; record what contradicts.

    The time alone names it, not its place in the list: the others stay what they are when one is removed.
    """
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
        time = digest(f"{schedule.cron} {schedule.timezone}", 6)
        if time in times:
            foundation.problems.error(
                "duplicate", "another schedule has the same time", where, "write min and max into one schedule"
            )
        times.add(time)
        yield time, schedule, where
