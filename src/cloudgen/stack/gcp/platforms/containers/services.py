"""Cloud Run services (containers with a port) and worker pools (containers without one): what runs always."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address, Problems
from cloudgen.stack.gcp.addresses import run_service
from cloudgen.stack.gcp.alarms import Alarm, Graph
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
    graphs,
    not_ready,
)
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.logs import Origin
from cloudgen.stack.gcp.platforms.containers.commands import CommandJob, command_job
from cloudgen.stack.gcp.platforms.workload import Identity
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
        """The service or worker pool, the endpoint group that the load balancer reaches it by, the job of commands."""
        group = self.entry.serverless if self.entry else None
        return (self.address, *(() if group is None else (group.address,)), self.command_job.address)

    @property
    def identity(self) -> Identity:
        """The account that it runs as."""
        return Identity(self.run.account)

    @property
    def differences(self) -> tuple[str, ...]:
        """What limits its requests. https://cloud.google.com/run/quotas."""
        if self.worker:
            return ()
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
            values["requests"] = f"{self.scaling.concurrency} at once, each instance"
        return SummaryRow("scaling", self.name, self.address.type, values)


def service(foundation: Foundation, wanted: Wanted, run: Run) -> Service:
    """Decide the service or worker pool that runs a container."""
    check, name = wanted.spec.health_check, wanted.name
    served = wanted.spec.port is not None
    monitored, address = (SERVICE, run_service(name)) if served else (WORKER_POOL, worker_pool(name))
    return Service(
        run=run,
        worker=not served,
        scaling=scaling(wanted),
        port=wanted.spec.port,
        entry=entry(foundation, wanted, run) if wanted.routed else None,
        startup=startup(check) if served else None,
        liveness=Probe(check.path, check.host, check.interval, check.timeout, FAILURES) if served else None,
        always=True,
        called=False,
        timeout=TIMEOUT,
        alarms=(
            *alarms(foundation, name, run.label, monitored, address),
            not_ready(foundation, name, run.label, monitored, address),
        ),
        command_job=command_job(foundation, wanted, run),
    )


def tell(wanted: Wanted, problems: Problems) -> None:
    """Warn of what Cloud Run does in another way than the spec asks."""
    scaling_differs(wanted, problems)
    if wanted.kind == "service":
        tell_start(wanted, problems)
