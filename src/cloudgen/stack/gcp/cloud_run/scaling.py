"""How many instances of a service run. Cloud Run scales by requests and CPU by itself; what can be said is within
which limits, and how many requests an instance takes at once.

https://cloud.google.com/run/docs/about-instance-autoscaling
"""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Problems
from cloudgen.stack.workload import Wanted

CONCURRENCY = 80
"""Requests that an instance takes at once where the spec says nothing: Cloud Run's own default."""
MOST_CONCURRENCY = 1000
"""https://cloud.google.com/run/docs/about-concurrency."""


@dataclass(frozen=True)
class Scaling:
    """The limits of a service or worker pool. A worker pool has at least one instance: none would use no CPU.

    https://cloud.google.com/run/docs/configuring/workerpools/cpu-autoscaling
    """

    min: int
    max: int
    concurrency: int

    @property
    def automatic(self) -> bool:
        """Whether there is anything to decide between the limits."""
        return self.min != self.max


def scaling(wanted: Wanted) -> Scaling:
    """Decide the limits. An instance handles one event at once, unless the spec says how many."""
    decided = wanted.scaling
    concurrency = decided.requests_per_instance or (CONCURRENCY if wanted.spec.trigger is None else 1)
    least = max(decided.min, 1) if wanted.kind == "worker" else decided.min
    return Scaling(least, max(decided.max, least), min(concurrency, MOST_CONCURRENCY))


def tell(wanted: Wanted, problems: Problems) -> None:
    """Warn of the wishes that Cloud Run does not grant."""
    if wanted.scaling.cpu is not None and wanted.stated("scaling", "cpu"):
        problems.warning(
            "ignored",
            f"container `{wanted.name}`: Cloud Run aims at 60% CPU; another share takes version 8 of the provider",
            wanted.at("scaling", "cpu"),
        )
    if wanted.kind == "worker":
        _explain_worker(wanted, problems)
    else:
        _explain_service(wanted, problems)


def tell_concurrency(wanted: Wanted, problems: Problems) -> None:
    """Warn where an instance takes fewer requests at once than the spec asks for."""
    if (wanted.scaling.requests_per_instance or 0) > MOST_CONCURRENCY:
        problems.warning(
            "capped",
            f"container `{wanted.name}`: an instance on Cloud Run takes {MOST_CONCURRENCY} requests at once at most",
            wanted.at("scaling", "requests_per_instance"),
        )


def _explain_service(wanted: Wanted, problems: Problems) -> None:
    decided, name = wanted.scaling, wanted.name
    tell_concurrency(wanted, problems)
    if decided.schedules:
        problems.warning(
            "ignored",
            f"container `{name}`: Cloud Run has no scaling by the clock; "
            f"it scales by load within {decided.min} and {decided.max} instances at all times",
            wanted.at("scaling", "schedules"),
            "raise min if a burst finds too few instances",
        )


def _explain_worker(wanted: Wanted, problems: Problems) -> None:
    decided, name = wanted.scaling, wanted.name
    if decided.min < 1:
        problems.warning(
            "approximated",
            f"container `{name}`: a worker pool of Cloud Run has one instance at least, for none would use no CPU",
            wanted.at("scaling", "min"),
            "set min to 1",
        )
    if decided.schedules:
        problems.warning(
            "ignored",
            f"container `{name}`: Cloud Run has no scaling by the clock; "
            f"it scales by load within {max(decided.min, 1)} and {decided.max} instances at all times",
            wanted.at("scaling", "schedules"),
        )
