"""How long a function may take, and how the clock starts one. `cloud_run/events.py` has what queues and buckets do."""

from __future__ import annotations

from collections.abc import Mapping

from cloudgen.dataclass import dataclass
from cloudgen.stack import functions
from cloudgen.stack.base import Address, label
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.push import CLOCK, Push, push
from cloudgen.stack.gcp.regions import check_scheduler
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
