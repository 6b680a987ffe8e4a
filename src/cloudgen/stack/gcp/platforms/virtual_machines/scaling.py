"""How many machines a group has: the limits of its autoscaler, and what moves it between them.

https://cloud.google.com/compute/docs/autoscaler
"""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Problems, Template, join
from cloudgen.stack.gcp.addresses import subscription
from cloudgen.stack.gcp.platforms.virtual_machines.schedules import Stretch, plan
from cloudgen.stack.workload import Wanted

SERVING_SHARE = 0.8
"""The share of a full load that the autoscaler aims at."""
CPU = 60.0
"""Percent of CPU to aim at where only schedules are left: an autoscaler needs something that it measures.

https://cloud.google.com/compute/docs/autoscaler/scaling-schedules#limitations
"""


@dataclass(frozen=True)
class Messages:
    """Messages that wait in a subscription, and how many of them a machine is for."""

    filter: Template
    """In the query language of Cloud Monitoring."""
    each: int


@dataclass(frozen=True)
class Scaling:
    """The limits of a group, and its autoscaler."""

    min: int
    max: int
    cpu: float | None
    """The use of CPU to aim at, 0 to 1."""
    serving: float | None
    """The share to aim at of what the load balancer takes for a full load."""
    messages: Messages | None
    schedules: tuple[Stretch, ...]

    @property
    def automatic(self) -> bool:
        """Whether there is anything to decide between the limits."""
        return self.min != self.max


def full_load(wanted: Wanted) -> float | None:
    """Requests a second that are the full load of a machine, so that the share aimed at is what the spec says."""
    aimed_at = wanted.scaling.requests_per_instance
    return aimed_at / SERVING_SHARE if aimed_at is not None and wanted.routed else None


def scaling(wanted: Wanted, problems: Problems) -> Scaling:
    """Decide the limits and what is measured."""
    spec, path = wanted.scaling, wanted.at("scaling", "schedules")
    laid_out = plan(spec.schedules, spec.min, path, problems)
    messages = _messages(wanted)
    stated = wanted.stated("scaling", "cpu")
    # Where only messages count, no machine has to run for there to be something to measure.
    # https://cloud.google.com/compute/docs/autoscaler/scaling-stackdriver-monitoring-metrics
    none_at_times = messages is not None and laid_out.least == 0 and not stated
    cpu = None if none_at_times else spec.cpu
    serving = SERVING_SHARE if full_load(wanted) is not None else None
    if cpu is None and serving is None and messages is None:
        cpu = CPU
    least = laid_out.least if none_at_times else max(laid_out.least, 1)
    most = max(spec.max, least, *(each.min for each in laid_out.stretches), *(one.max or 0 for one in spec.schedules))
    _tell(wanted, laid_out.least, least, most, problems)
    return Scaling(
        min=least,
        max=most,
        cpu=cpu / 100 if cpu is not None else None,
        serving=serving,
        messages=messages,
        schedules=tuple(each for each in laid_out.stretches if each.min > least),
    )


def _messages(wanted: Wanted) -> Messages | None:
    each = wanted.scaling.messages_per_instance
    consumed = [use.name for use in wanted.uses if use.verb == "consume"]
    if each is None or not consumed:
        return None
    start = 'resource.type = "pubsub_subscription" AND resource.labels.subscription_id = "'
    return Messages(join(start, subscription(consumed[0]).name, '"'), each)


def _tell(wanted: Wanted, asked: int, least: int, most: int, problems: Problems) -> None:
    """Tell the wishes that an autoscaler does not grant."""
    name = wanted.name
    if asked < least:
        problems.warning(
            "approximated",
            f"container `{name}`: where no machine runs, there is no load to start one by; it has 1 at least",
            wanted.at("scaling", "min"),
            "set min to 1",
        )
    if any(each.max is not None for each in wanted.scaling.schedules):
        problems.warning(
            "ignored",
            f"container `{name}`: an autoscaler has one greatest number at all times, here {most}",
            wanted.at("scaling", "schedules"),
        )
    mins = {each.min for each in wanted.scaling.schedules} - {None}
    if len(mins) == 1 and mins != {wanted.scaling.min}:
        (value,) = mins
        problems.warning(
            "never-back",
            f"container `{name}`: schedules set min to {value} and never back to {wanted.scaling.min}: "
            f"it stays {value}",
            wanted.at("scaling", "schedules"),
            f"add a schedule with min: {wanted.scaling.min}",
        )
    if wanted.says("scaling", "requests_per_instance") and not wanted.routed:
        problems.warning(
            "ignored",
            "requests_per_instance has no effect, because no route of the load balancer leads to the container",
            wanted.at("scaling", "requests_per_instance"),
        )
