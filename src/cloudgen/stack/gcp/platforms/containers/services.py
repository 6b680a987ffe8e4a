"""Cloud Run services (containers with a port or a trigger) and worker pools (those without): what runs always."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.stack import functions
from cloudgen.stack.base import Address, Problems
from cloudgen.stack.gcp.addresses import run_service
from cloudgen.stack.gcp.alarms import Alarm, Graph
from cloudgen.stack.gcp.cloud_run.events import objects, starter
from cloudgen.stack.gcp.cloud_run.names import worker_pool
from cloudgen.stack.gcp.cloud_run.runs import Run
from cloudgen.stack.gcp.cloud_run.scaling import scaling
from cloudgen.stack.gcp.cloud_run.scaling import tell as scaling_differs
from cloudgen.stack.gcp.cloud_run.serving import Answering, Probe, entry, startup, tell_start
from cloudgen.stack.gcp.cloud_run.watching import (
    JOB,
    SERVICE,
    WORKER_POOL,
    Monitored,
    alarms,
    answers,
    graphs,
    not_ready,
)
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.logs import Origin
from cloudgen.stack.gcp.platforms.containers.commands import CommandJob, command_job
from cloudgen.stack.summary import SummaryRow, instances_text
from cloudgen.stack.workload import Given, Wanted

TIMEOUT = 300
"""Seconds that a request or a WebSocket may take."""
FAILURES = 3
"""Failed checks in a row after which an instance is started anew."""


@dataclass(frozen=True)
class Service(Answering):
    """A service or worker pool, rendered by services.tf."""

    worker: bool
    alarms: tuple[Alarm, ...]
    command_job: CommandJob
    """What runs commands as it would."""

    @property
    def address(self) -> Address:
        """The address of the service or worker pool."""
        return worker_pool(self.name) if self.worker else run_service(self.name)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The service or worker pool, what leads requests and events to it, and the job of commands."""
        return (*super().blocks, self.command_job.address)

    @property
    def differences(self) -> tuple[str, ...]:
        """What limits its requests. https://cloud.google.com/run/quotas."""
        if self.worker:
            return ()
        if self.starter:
            at_once = "one event" if self.scaling.concurrency == 1 else f"{self.scaling.concurrency} events"
            return (
                f"{self.name} is started by events, on instances that have CPU between them, too: "
                f"{instances_text(self.scaling.min, self.scaling.max)} of them, each with {at_once} at once. Where "
                "more come than that, Cloud Run turns some away: they come again later, and that counts as a delivery.",
            )
        return (
            f"Cloud Run answers requests of more than 32 MiB to {self.name} with 413, and ends requests and WebSockets "
            f"after {self.timeout} seconds.",
        )

    @property
    def monitored(self) -> Monitored:
        """What its metrics and logs are labelled with."""
        return WORKER_POOL if self.worker else SERVICE

    @property
    def graphs(self) -> tuple[Graph, ...]:
        """Instances, CPU and memory."""
        return graphs("Worker pools" if self.worker else "Services", self.monitored, self.run.run_name)

    @property
    def logs(self) -> tuple[Origin, ...]:
        """The log of its instances, and that of its commands."""
        return (self.monitored.origin(self.run.run_name), JOB.origin(self.command_job.run.run_name))

    @property
    def given(self) -> Given:
        """What was chosen for it, in words."""
        port = {"port": str(self.port)} if self.port else {}
        row = SummaryRow("containers", self.name, self.address.type, {**self.run.values, **port})
        return Given(self.run.size, self.run.lines, row, self._scaling_row())

    def _scaling_row(self) -> SummaryRow:
        values = {"instances": instances_text(self.scaling.min, self.scaling.max)}
        if self.scaling.automatic or not self.worker:
            values["cpu"] = "60%, which Cloud Run aims at by itself"
        if not self.worker:
            what = "events" if self.starter else "requests"
            values[what] = f"{self.scaling.concurrency} at once, each instance"
        return SummaryRow("scaling", self.name, self.address.type, values)


def service(foundation: Foundation, wanted: Wanted, run: Run) -> Service:
    """Decide the service or worker pool that runs a container."""
    check, name = wanted.spec.health_check, wanted.name
    worker, visited = wanted.kind == "worker", wanted.spec.port is not None
    monitored, address = (WORKER_POOL, worker_pool(name)) if worker else (SERVICE, run_service(name))
    told = objects(foundation, wanted)
    return Service(
        run=run,
        worker=worker,
        scaling=scaling(wanted),
        port=None if worker else functions.port(wanted),
        entry=entry(foundation, wanted, run) if wanted.routed else None,
        startup=startup(check) if visited else None,
        liveness=Probe(check.path, check.host, check.interval, check.timeout, FAILURES) if visited else None,
        always=True,
        timeout=functions.event_timeout(wanted) or TIMEOUT,
        starter=starter(foundation, wanted),
        objects=told,
        alarms=(
            *alarms(foundation, name, run.label, monitored, address),
            not_ready(foundation, name, run.label, monitored, address),
            *(answers(foundation, name, run.label, address) if wanted.spec.trigger else ()),
            *(told.queue.alarms if told else ()),
        ),
        command_job=command_job(foundation, wanted, run),
    )


def tell(wanted: Wanted, problems: Problems) -> None:
    """Warn of what Cloud Run does in another way than the spec asks."""
    scaling_differs(wanted, problems)
    if wanted.kind == "service":
        tell_start(wanted, problems)
