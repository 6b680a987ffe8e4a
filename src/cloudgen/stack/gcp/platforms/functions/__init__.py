"""Platform `functions`: services of Cloud Run that have CPU only while a request, an event or a run is handled."""

from __future__ import annotations

from collections.abc import Sequence

from cloudgen.stack.base import Problems
from cloudgen.stack.gcp.cloud_run.scaling import tell_concurrency
from cloudgen.stack.gcp.cloud_run.serving import tell_start
from cloudgen.stack.gcp.platforms.functions.function import function as workload
from cloudgen.stack.gcp.platforms.functions.ground import FILES, ground
from cloudgen.stack.gcp.platforms.functions.parity import PARITY, RUNS
from cloudgen.stack.workload import Wanted

__all__ = ["FILES", "PARITY", "RUNS", "ground", "needs", "tell", "workload"]


def needs(containers: Sequence[Wanted]) -> tuple[str, ...]:
    """The API of Cloud Run, and those of what starts functions."""
    clock = ("cloudscheduler",) if any(each.spec.schedule for each in containers) else ()
    events = ("pubsub",) if any(each.spec.trigger for each in containers) else ()
    return ("run", *clock, *events)


def tell(container: Wanted, problems: Problems) -> None:
    """Warn of the wishes about requests and health checks that Cloud Run does not grant."""
    if container.kind == "service":
        tell_concurrency(container, problems)
        tell_start(container, problems)
