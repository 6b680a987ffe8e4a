"""A function: a Cloud Run service that has CPU only while it handles something, and what starts it."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.stack import functions
from cloudgen.stack.base import Address, label
from cloudgen.stack.gcp.addresses import run_service
from cloudgen.stack.gcp.alarms import Alarm, Graph
from cloudgen.stack.gcp.cloud_run.events import Objects, answer, objects, starter
from cloudgen.stack.gcp.cloud_run.scaling import CONCURRENCY, MOST_CONCURRENCY, Scaling
from cloudgen.stack.gcp.cloud_run.serving import Answering, entry, startup
from cloudgen.stack.gcp.cloud_run.watching import SERVICE
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.logs import Origin
from cloudgen.stack.gcp.platforms.functions import watching
from cloudgen.stack.gcp.platforms.functions.events import Clock, clock, timeout
from cloudgen.stack.gcp.platforms.workload import Around
from cloudgen.stack.summary import SummaryRow, duration_text, instances_text
from cloudgen.stack.workload import Given, Wanted


@dataclass(frozen=True)
class Function(Answering):
    """A container as a function, rendered by functions.tf."""

    alarms: tuple[Alarm, ...]
    clock: Clock | None
    """How the clock starts it."""

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The service, the endpoint group that the load balancer reaches it by, and what starts it."""
        return (*super().blocks, *((self.clock.address,) if self.clock else ()))

    @property
    def differences(self) -> tuple[str, ...]:
        """What limits its requests and events. https://cloud.google.com/run/quotas."""
        if self.starter is None:
            return (
                f"{self.name} is a function: it has CPU while it handles requests, and what it does after an answer "
                "may stand still. Cloud Run answers requests of more than 32 MiB with 413, and ends requests and "
                f"WebSockets after {self.timeout} seconds.",
            )
        if self.clock:
            return (
                f"{self.name} is a function that the clock starts: a run has {self.timeout} seconds. One that failed "
                f"{self.clock.retries + 1} times is told by an alert policy, and kept nowhere.",
            )
        return (
            f"{self.name} is a function: at most {self.scaling.max} run at once, each with one event, and none while "
            "no event comes. Where more come than that, Cloud Run turns some away: they come again later, and that "
            "counts as a delivery.",
        )

    @property
    def graphs(self) -> tuple[Graph, ...]:
        """Instances, CPU and memory, how long it takes, and how its answers are."""
        return watching.graphs(self.run.run_name)

    @property
    def logs(self) -> tuple[Origin, ...]:
        """The log of its instances, and that of the clock."""
        ticks = (Origin("cloud_scheduler_job", "job_id", self.clock.name),) if self.clock else ()
        return (SERVICE.origin(self.run.run_name), *ticks)

    @property
    def given(self) -> Given:
        """Its size, and what starts it."""
        values = {**self.run.values, "timeout": duration_text(self.timeout)}
        if self.clock:
            values["schedule"] = f"{self.clock.schedule} {self.clock.timezone}"
            values["retries"] = str(self.clock.retries)
        row = SummaryRow("containers", self.name, self.address.type, values)
        scaling = {
            "instances": instances_text(self.scaling.min, self.scaling.max),
            "requests": f"{self.scaling.concurrency} at once, each instance",
        }
        return Given(self.run.size, self.run.lines, row, SummaryRow("scaling", self.name, self.address.type, scaling))


def function(foundation: Foundation, wanted: Wanted, around: Around) -> Function:
    """Decide the function of a container."""
    name, check = wanted.name, wanted.spec.health_check
    functions.refuse_idle(wanted, foundation.problems)
    source, address = functions.source(wanted), run_service(name)
    decided = answer(foundation, wanted, around, commands=False)
    seconds = timeout(foundation, wanted)
    told = objects(foundation, wanted)
    return Function(
        run=decided,
        scaling=_scaling(foundation, wanted, source),
        port=functions.port(wanted),
        entry=entry(foundation, wanted, decided) if wanted.routed else None,
        startup=startup(check) if source is None else None,
        liveness=None,
        alarms=_alarms(foundation, name, address, told, by_clock=wanted.spec.schedule is not None),
        always=False,
        timeout=seconds,
        starter=starter(foundation, wanted),
        objects=told,
        clock=clock(foundation, wanted, seconds),
    )


def _scaling(foundation: Foundation, wanted: Wanted, source: str | None) -> Scaling:
    """None runs while nothing comes, unless the spec itself says otherwise. An event has an instance of its own."""
    decided = wanted.scaling
    if source is not None:
        return Scaling(0, decided.max, 1)
    written = foundation.deployment.written or frozenset()
    asked = wanted.says("scaling", "min") or ("scaling", "min") in written
    concurrency = decided.requests_per_instance or CONCURRENCY
    return Scaling(decided.min if asked else 0, decided.max, min(concurrency, MOST_CONCURRENCY))


def _alarms(
    foundation: Foundation, name: str, address: Address, told: Objects | None, *, by_clock: bool
) -> tuple[Alarm, ...]:
    own = label(name)
    return (
        *watching.alarms(foundation, name, own, address),
        *((watching.not_started(foundation, name, own),) if by_clock else ()),
        *(told.queue.alarms if told else ()),
    )
