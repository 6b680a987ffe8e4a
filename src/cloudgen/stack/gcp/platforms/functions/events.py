"""What starts a function beside requests: a queue, a bucket or the clock, and where failed events end.

The subscription of a queue stands in queue.tf, as its queue does: `stack/gcp/push.py` decides how it pushes.
"""

from __future__ import annotations

from collections.abc import Mapping

from cloudgen.dataclass import dataclass
from cloudgen.spec.storage import Queue as QueueSpec
from cloudgen.stack import functions
from cloudgen.stack.base import Address, label
from cloudgen.stack.gcp.agents import STORAGE, ServiceAgent
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import Grant, Member, on_topic
from cloudgen.stack.gcp.push import CLOCK, Push, push
from cloudgen.stack.gcp.regions import check_scheduler
from cloudgen.stack.gcp.storage.queue import Queue, make
from cloudgen.stack.naming import fit
from cloudgen.stack.workload import Wanted

HTTP_TIMEOUT = 300
"""Seconds that a request or a WebSocket may take, as on containers."""
MOST_DEADLINE = 1800
"""Seconds for which Cloud Scheduler waits for an answer, at most.

https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs
"""
MOST_RETRIES = 5
"""How often Cloud Scheduler tries a run again.

https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs#RetryConfig
"""
OBJECTS = "-objects"
"""How the topic of the news of a bucket ends."""


@dataclass(frozen=True)
class Objects:
    """How new objects of a bucket start a function: Cloud Storage tells a topic, and that one's subscription pushes.

    https://cloud.google.com/storage/docs/pubsub-notifications
    """

    label: str
    bucket: Address
    prefix: str | None
    """The beginning of the keys that it is told of; None for all."""
    queue: Queue
    """The topic with its subscriptions."""
    publisher: Member
    """What lets Cloud Storage's agent publish there."""
    before: tuple[Address, ...]
    """Cloud Storage asks for that grant when the notification is made."""

    @property
    def address(self) -> Address:
        """The notification's address."""
        return Address("google_storage_notification", self.label)

    @property
    def queues(self) -> tuple[Queue, ...]:
        """The topic, for the partial that renders queues."""
        return (self.queue,)

    @property
    def publishers(self) -> tuple[Member, ...]:
        """The grant, for the partial that renders grants."""
        return (self.publisher,)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Topics, subscriptions and grants, and the notification."""
        return (*self.queue.blocks, self.publisher.address, self.address)


@dataclass(frozen=True)
class Clock:
    """How the clock starts a function. Times are in seconds."""

    label: str
    name: str
    schedule: str
    timezone: str
    deadline: int
    """How long an answer may take."""
    retries: int
    """How often a run that failed is tried again."""
    event: Mapping[str, str]
    """What is sent. Its time and id are in a header, and the image puts them in."""
    to: Push

    @property
    def address(self) -> Address:
        """The address of what starts it."""
        return Address("google_cloud_scheduler_job", self.label)

    @property
    def deadline_text(self) -> str:
        """The deadline as the API writes it."""
        return f"{self.deadline}s"


def timeout(foundation: Foundation, wanted: Wanted) -> int:
    """The seconds that a function has for one request or event."""
    event, schedule = functions.event_timeout(wanted), wanted.spec.schedule
    if event is not None:
        return event
    if schedule is None:
        return HTTP_TIMEOUT
    if schedule.timeout > MOST_DEADLINE and "timeout" in schedule.model_fields_set:
        foundation.problems.error(
            "out-of-range",
            f"`{wanted.name}`: a function that the clock starts has {MOST_DEADLINE // 60} minutes at most on "
            "Google Cloud",
            ("containers", wanted.name, "schedule", "timeout"),
            f"write at most {MOST_DEADLINE // 60}m, or platform: containers",
        )
    return min(schedule.timeout, MOST_DEADLINE)


def objects(foundation: Foundation, wanted: Wanted) -> Objects | None:
    """Decide how a function is told of new objects; None where no bucket starts it."""
    trigger = wanted.spec.trigger
    if trigger is None or trigger.bucket is None:
        return None
    spec = QueueSpec.model_validate({"ack_deadline": functions.event_timeout(wanted)})
    to = push(wanted.name)
    queue = make(foundation, f"{wanted.name}{OBJECTS}", spec, to)
    grant = Grant("roles/pubsub.publisher", on_topic(queue.topic))
    return Objects(
        label=label(wanted.name),
        bucket=Address("google_storage_bucket", label(trigger.bucket)),
        prefix=trigger.prefix,
        queue=queue,
        publisher=Member(f"{queue.label}_telling", grant, ServiceAgent(STORAGE).member),
        before=to.before,
    )


def clock(foundation: Foundation, wanted: Wanted, deadline: int) -> Clock | None:
    """Decide when a function is started; None where the clock does not. `deadline` is what it has to answer."""
    schedule, name = wanted.spec.schedule, wanted.name
    if schedule is None:
        return None
    check_scheduler(foundation, name)
    if schedule.retries > MOST_RETRIES and "retries" in schedule.model_fields_set:
        foundation.problems.warning(
            "approximated",
            f"`{name}`: Cloud Scheduler tries a run {MOST_RETRIES} times more at most",
            ("containers", name, "schedule", "retries"),
        )
    known = functions.scheduled_event(wanted, "")
    return Clock(
        label=label(name),
        name=fit(f"{foundation.prefix}-{name}", 63),
        schedule=schedule.cron,
        timezone=schedule.timezone,
        deadline=deadline,
        retries=min(schedule.retries, MOST_RETRIES),
        event={key: value for key, value in known.items() if value},
        to=push(name, CLOCK),
    )
