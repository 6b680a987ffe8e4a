"""What starts a function beside requests: a queue, a bucket or the clock, and where failed events end."""

from __future__ import annotations

import json
from collections.abc import Sequence

from cloudgen.dataclass import dataclass
from cloudgen.stack import functions
from cloudgen.stack.aws.alarms import Alarm, Metric
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Grant
from cloudgen.stack.aws.scheduler import Schedule, schedule
from cloudgen.stack.aws.storage.queue import HIDDEN, NAME_LIMIT, QueuePolicy
from cloudgen.stack.base import Address, label
from cloudgen.stack.naming import fit
from cloudgen.stack.queue import DEAD_LETTER_RETENTION
from cloudgen.stack.workload import Wanted

HTTP_TIMEOUT = 60
"""Seconds that a function has to answer a visitor: after them the load balancer has closed the connection.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html#connection-idle-timeout
"""
LONGEST = 900
"""Seconds: https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html"""
MOST_RETRIES = 2
"""How often Lambda repeats an event that nobody waits for.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""
EVENT_AGE = 3600
"""Seconds for which an event that nobody waits for is tried again."""
LEAST_CONCURRENCY, MOST_CONCURRENCY = 2, 1000
"""How many instances messages of one queue may start.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html#events-sqs-max-concurrency
"""


@dataclass(frozen=True)
class Messages:
    """The event source mapping by which Lambda takes messages from a queue for a function."""

    label: str
    queue: Address
    concurrency: int
    """How many messages are handled at once, at most."""

    @property
    def address(self) -> Address:
        """The mapping's address."""
        return Address("aws_lambda_event_source_mapping", self.label)


@dataclass(frozen=True)
class Failed:
    """The queue of the events that a function could not handle, of those that nobody waits for: objects and times."""

    label: str
    name: str
    retention: int
    retries: int
    """How often an event is tried again before."""
    alarm: Alarm
    age: int = EVENT_AGE

    @property
    def address(self) -> Address:
        """The queue's address."""
        return Address("aws_sqs_queue", self.label)

    @property
    def policy(self) -> QueuePolicy:
        """What refuses plain HTTP."""
        return QueuePolicy(self.label, self.address)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The queue and its policy."""
        return (self.address, self.policy.document, self.policy.address)


def timeout(foundation: Foundation, wanted: Wanted) -> int:
    """The seconds that a function has for one request or event."""
    event, clock = functions.event_timeout(wanted), wanted.spec.schedule
    if event is not None:
        return event
    if clock is None:
        return HTTP_TIMEOUT
    if clock.timeout > LONGEST and "timeout" in clock.model_fields_set:
        foundation.problems.error(
            "out-of-range",
            f"`{wanted.name}`: a function on AWS has {LONGEST // 60} minutes at most",
            ("containers", wanted.name, "schedule", "timeout"),
            f"write at most {LONGEST // 60}m, or platform: containers",
        )
    return min(clock.timeout, LONGEST)


def messages(foundation: Foundation, wanted: Wanted) -> Messages | None:
    """Decide how a function gets its messages; None where no queue starts it.

    The limit stands at the mapping, too: what the reserved concurrency alone turns away counts as a delivery, and ends
    among the dead letters.
    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html#events-sqs-max-concurrency
    """
    trigger = wanted.spec.trigger
    if trigger is None or trigger.queue is None:
        return None
    _tell_deadline(foundation, trigger.queue)
    most = wanted.scaling.max
    if most < LEAST_CONCURRENCY:
        foundation.problems.warning(
            "approximated",
            f"`{wanted.name}`: Lambda handles {LEAST_CONCURRENCY} messages of a queue at once, at least",
            wanted.at("scaling", "max"),
            "let the application hold a lock, or consume the queue with platform: containers, if it must be one",
        )
    concurrency = max(LEAST_CONCURRENCY, min(most, MOST_CONCURRENCY))
    return Messages(label(wanted.name), Address("aws_sqs_queue", label(trigger.queue)), concurrency)


def _tell_deadline(foundation: Foundation, queue: str) -> None:
    spec = foundation.deployment.storage.queues[queue]
    if "ack_deadline" in spec.model_fields_set:
        foundation.problems.warning(
            "approximated",
            f"a message of `{queue}` that its function could not handle is tried again after "
            f"{spec.ack_deadline * HIDDEN} seconds: {HIDDEN} deadlines, as AWS asks for",
            ("storage", "queues", queue, "ack_deadline"),
        )


def failed_events(foundation: Foundation, wanted: Wanted) -> Failed | None:
    """Decide where events end; None where somebody waits for the answer, or a queue keeps what failed itself."""
    trigger = wanted.spec.trigger
    if wanted.spec.schedule is None and (trigger is None or trigger.bucket is None):
        return None
    # A container's name and this end: a queue of the spec with this name would be refused as a clash.
    own = label(f"{wanted.name}-failed-events")
    address = Address("aws_sqs_queue", own)
    alarm = Alarm(
        label=own,
        name=f"{foundation.prefix}-{wanted.name}-failed-events",
        description=f"{wanted.name} could not handle events: they are in the queue that ends in -failed-events",
        comparison="GreaterThanThreshold",
        threshold=0,
        evaluation_periods=1,
        datapoints_to_alarm=1,
        metric=Metric(
            "AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", {"QueueName": address.name}, period=300
        ),
    )
    return Failed(
        label=own,
        name=fit(f"{foundation.prefix}-{wanted.name}-failed-events", NAME_LIMIT),
        retention=DEAD_LETTER_RETENTION,
        retries=_retries(foundation, wanted),
        alarm=alarm,
    )


def _retries(foundation: Foundation, wanted: Wanted) -> int:
    clock = wanted.spec.schedule
    if clock is None:
        return MOST_RETRIES
    if clock.retries > MOST_RETRIES and "retries" in clock.model_fields_set:
        foundation.problems.warning(
            "approximated",
            f"`{wanted.name}`: Lambda tries a run {MOST_RETRIES} times more at most",
            ("containers", wanted.name, "schedule", "retries"),
        )
    return min(clock.retries, MOST_RETRIES)


def started_by_clock(foundation: Foundation, wanted: Wanted, alias: Address) -> Schedule | None:
    """Decide when EventBridge Scheduler starts a function; None where the clock does not."""
    if wanted.spec.schedule is None:
        return None
    invoke = Grant("StartFunction", ("lambda:InvokeFunction",), (alias.arn,))
    return schedule(foundation, wanted, label(wanted.name), (invoke,))


def clock_input(wanted: Wanted) -> str:
    """The event that Scheduler sends, as text: it writes the time in place of its own word.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
    """
    return json.dumps(functions.scheduled_event(wanted, "<aws.scheduler.scheduled-time>"))


@dataclass(frozen=True)
class Notified:
    """A function that a bucket tells of new objects."""

    name: str
    alias: Address
    permission: Address
    prefix: str | None
    """The beginning of the keys of which it is told; None for all."""

    def overlaps(self, other: Notified) -> bool:
        """Whether both would be told of one object."""
        one, two = self.prefix or "", other.prefix or ""
        return one.startswith(two) or two.startswith(one)


@dataclass(frozen=True)
class Notification:
    """The one list of notifications that a bucket has."""

    label: str
    bucket: Address
    functions: tuple[Notified, ...]

    @property
    def address(self) -> Address:
        """The address of the list."""
        return Address("aws_s3_bucket_notification", self.label)

    @property
    def before(self) -> tuple[Address, ...]:
        """S3 asks whether it may invoke the functions."""
        return tuple(each.permission for each in self.functions)


def notifications(foundation: Foundation, told: Sequence[tuple[str, Notified]]) -> tuple[Notification, ...]:
    """Decide what each bucket tells, given the functions by the name of their bucket.

    S3 refuses two notifications of one event whose prefixes overlap.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
    """
    found: dict[str, list[Notified]] = {}
    for bucket, each in told:
        known = found.setdefault(bucket, [])
        first = next((other for other in known if other.overlaps(each)), None)
        if first is not None:
            foundation.problems.error(
                "conflict",
                f"bucket `{bucket}` starts `{first.name}` already, and S3 tells only one function of an object",
                ("containers", each.name, "trigger", "prefix" if each.prefix else "bucket"),
                "write prefixes of which none begins with another; or let one function do both",
            )
            continue
        known.append(each)
    return tuple(
        Notification(label(bucket), Address("aws_s3_bucket", label(bucket)), tuple(functions))
        for bucket, functions in found.items()
    )
