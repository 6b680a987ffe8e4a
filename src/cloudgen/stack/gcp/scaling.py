"""How many instances of a service run. Cloud Run scales by requests and CPU by itself; what can be said is within
which limits, and how many requests an instance takes at once.

https://cloud.google.com/run/docs/about-instance-autoscaling
"""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.spec.containers import Container
from cloudgen.stack.gcp.foundation import Foundation

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


def scaling(foundation: Foundation, name: str, container: Container) -> Scaling:
    """Decide the limits, and tell which wishes Cloud Run does not grant."""
    decided = foundation.deployment.scaling_of(container)
    if container.kind == "service":
        _explain_service(foundation, name, container)
    else:
        _explain_worker(foundation, name, container)
    concurrency = decided.requests_per_instance or CONCURRENCY
    least = decided.min if container.kind == "service" else max(decided.min, 1)
    return Scaling(least, decided.max, min(concurrency, MOST_CONCURRENCY))


def _path(container: Container, name: str, field: str) -> tuple[str, ...]:
    """Where the spec says it: in the container, or in the section that holds for all."""
    own = getattr(container.scaling, field, None) is not None
    return ("containers", name, "scaling", field) if own else ("scaling", field)


def _stated(foundation: Foundation, container: Container, field: str) -> bool:
    own, section = container.scaling.model_fields_set, foundation.deployment.scaling.model_fields_set
    return field in own or field in section


def _explain_service(foundation: Foundation, name: str, container: Container) -> None:
    decided, problems = foundation.deployment.scaling_of(container), foundation.problems
    if decided.cpu is not None and _stated(foundation, container, "cpu"):
        problems.warning(
            "ignored",
            f"container `{name}`: Cloud Run aims at 60% CPU by itself, and cannot be told another share",
            _path(container, name, "cpu"),
        )
    if (decided.requests_per_instance or 0) > MOST_CONCURRENCY:
        problems.warning(
            "capped",
            f"container `{name}`: an instance on Cloud Run takes {MOST_CONCURRENCY} requests at once at most",
            _path(container, name, "requests_per_instance"),
        )
    if decided.schedules:
        problems.warning(
            "ignored",
            f"container `{name}`: Cloud Run has no scaling by the clock; "
            f"it scales by load within {decided.min} and {decided.max} instances at all times",
            _path(container, name, "schedules"),
            "raise min if a burst finds too few instances",
        )


def _explain_worker(foundation: Foundation, name: str, container: Container) -> None:
    decided, problems = foundation.deployment.scaling_of(container), foundation.problems
    if decided.min != decided.max:
        problems.warning(
            "approximated",
            f"container `{name}`: a worker pool of Cloud Run does not scale by itself; "
            f"it has {max(decided.min, 1)} instance{'s' if decided.min > 1 else ''} always",
            _path(container, name, "min"),
            "set min to the number of instances that the work needs",
        )
