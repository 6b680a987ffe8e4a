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
    """The limits of a service. A worker pool has `min` instances, always, and at least one: none would never start."""

    min: int
    max: int
    concurrency: int


def scaling(wanted: Wanted) -> Scaling:
    """Decide the limits."""
    decided = wanted.scaling
    concurrency = decided.requests_per_instance or CONCURRENCY
    least = decided.min if wanted.kind == "service" else max(decided.min, 1)
    return Scaling(least, decided.max, min(concurrency, MOST_CONCURRENCY))


def tell(wanted: Wanted, problems: Problems) -> None:
    """Warn of the wishes that Cloud Run does not grant."""
    if wanted.kind == "service":
        _explain_service(wanted, problems)
    else:
        _explain_worker(wanted, problems)


def _explain_service(wanted: Wanted, problems: Problems) -> None:
    decided, name = wanted.scaling, wanted.name
    if decided.cpu is not None and wanted.stated("scaling", "cpu"):
        problems.warning(
            "ignored",
            f"container `{name}`: Cloud Run aims at 60% CPU by itself, and cannot be told another share",
            wanted.at("scaling", "cpu"),
        )
    if (decided.requests_per_instance or 0) > MOST_CONCURRENCY:
        problems.warning(
            "capped",
            f"container `{name}`: an instance on Cloud Run takes {MOST_CONCURRENCY} requests at once at most",
            wanted.at("scaling", "requests_per_instance"),
        )
    if decided.schedules:
        problems.warning(
            "ignored",
            f"container `{name}`: Cloud Run has no scaling by the clock; "
            f"it scales by load within {decided.min} and {decided.max} instances at all times",
            wanted.at("scaling", "schedules"),
            "raise min if a burst finds too few instances",
        )


def _explain_worker(wanted: Wanted, problems: Problems) -> None:
    decided = wanted.scaling
    if decided.min != decided.max:
        problems.warning(
            "approximated",
            f"container `{wanted.name}`: a worker pool of Cloud Run does not scale by itself; "
            f"it has {max(decided.min, 1)} instance{'s' if decided.min > 1 else ''} always",
            wanted.at("scaling", "min"),
            "set min to the number of instances that the work needs",
        )
