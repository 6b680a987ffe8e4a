"""What is delivered on one machine: messages of queues and news of buckets, each to the container that it starts."""

from __future__ import annotations

from collections.abc import Sequence

from cloudgen.dataclass import dataclass
from cloudgen.stack.functions import event_timeout
from cloudgen.stack.workload import Wanted

NEWS = "_events"
"""What follows a container's name in that of the queue of its news; no name of the spec has an underscore."""


@dataclass(frozen=True)
class Delivery:
    """Where the events of a container come from."""

    container: Wanted
    queue: str
    """The queue at the stand-in that its messages, or the news of its bucket, wait in."""
    bucket: str | None
    """The bucket that the news are of, by its name in the spec."""
    prefix: str
    """What the keys of its objects begin with."""
    seconds: int
    """How long one delivery may take."""


def deliveries(containers: Sequence[Wanted]) -> tuple[Delivery, ...]:
    """Return those of everything that a trigger starts. The clock delivers nothing here, as it runs no job."""
    found = []
    for each in containers:
        trigger, seconds = each.spec.trigger, event_timeout(each)
        if trigger is not None and seconds is not None:
            queue = trigger.queue or f"{each.name}{NEWS}"
            found.append(Delivery(each, queue, trigger.bucket, trigger.prefix or "", seconds))
    return tuple(found)
