"""Cloud Run services (containers with a port) and worker pools (containers without one): what runs always."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.spec.containers import HealthCheck
from cloudgen.stack.base import Address, Problems, label
from cloudgen.stack.gcp.alarms import Alarm, Graph
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.logs import Origin
from cloudgen.stack.gcp.platforms.containers.commands import Release, release
from cloudgen.stack.gcp.platforms.containers.names import run_service, worker_pool
from cloudgen.stack.gcp.platforms.containers.runs import OnCloudRun, Run
from cloudgen.stack.gcp.platforms.containers.scaling import Scaling, scaling
from cloudgen.stack.gcp.platforms.containers.scaling import tell as scaling_differs
from cloudgen.stack.gcp.platforms.containers.watching import (
    JOB,
    SERVICE,
    WORKER_POOL,
    Monitored,
    alarms,
    graphs,
    not_ready,
)
from cloudgen.stack.gcp.platforms.workload import EndpointGroup, Entry, Identity
from cloudgen.stack.naming import fit
from cloudgen.stack.summary import SummaryRow, instances_text
from cloudgen.stack.workload import Given, Wanted

LONGEST_START = 240
"""Seconds within which an instance has to answer its startup probe.

https://cloud.google.com/run/docs/configuring/healthchecks
"""
NETWORK_DELAY = 120
"""Seconds that a new instance may have to wait for its first connection through the network.

https://cloud.google.com/run/docs/configuring/vpc-direct-vpc#limitations
"""
FAILURES = 3
"""Failed checks in a row after which an instance is started anew."""


@dataclass(frozen=True)
class Probe:
    """A check of an instance. Times are in seconds."""

    path: str
    period: int
    timeout: int
    failures: int


@dataclass(frozen=True)
class Service(OnCloudRun):
    """A service or worker pool, rendered by services.tf."""

    worker: bool
    scaling: Scaling
    port: int | None
    entry: Entry | None
    startup: Probe | None
    liveness: Probe | None
    alarms: tuple[Alarm, ...]
    release: Release | None
    """What runs before it gets a new version."""

    @property
    def address(self) -> Address:
        """The address of the service or worker pool."""
        return worker_pool(self.name) if self.worker else run_service(self.name)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The service or worker pool, the endpoint group that the load balancer reaches it by, its release command."""
        group = self.entry.serverless if self.entry else None
        release = (self.release.address,) if self.release else ()
        return (self.address, *(() if group is None else (group.address,)), *release)

    @property
    def identity(self) -> Identity:
        """The account that it runs as."""
        return Identity(self.run.account)

    @property
    def public(self) -> bool:
        """Whether the load balancer leads to it."""
        return self.entry is not None

    @property
    def differences(self) -> tuple[str, ...]:
        """What limits its requests. https://cloud.google.com/run/quotas."""
        if self.worker:
            return ()
        return (
            f"Cloud Run answers requests of more than 32 MiB to {self.name} with 413, and ends requests and WebSockets "
            "after 300 seconds.",
        )

    @property
    def ingress(self) -> str:
        """Who may call it: the load balancer only, or else only what is inside of the network."""
        return "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" if self.public else "INGRESS_TRAFFIC_INTERNAL_ONLY"

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
        """The log of its instances, and that of its release command."""
        release = (JOB.origin(self.release.run.run_name),) if self.release else ()
        return (self.monitored.origin(self.run.run_name), *release)

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
        entry=_entry(foundation, wanted, run) if wanted.routed else None,
        startup=_startup(check) if served else None,
        liveness=Probe(check.path, check.interval, check.timeout, FAILURES) if served else None,
        alarms=(
            *alarms(foundation, name, run.label, monitored, address),
            not_ready(foundation, name, run.label, monitored, address),
        ),
        release=release(foundation, wanted, run),
    )


def _entry(foundation: Foundation, wanted: Wanted, run: Run) -> Entry:
    """By a serverless endpoint group. Cloud Run asks by itself whether an instance is well."""
    check = wanted.spec.health_check
    # 63 characters is the limit of a name in Compute Engine.
    # https://cloud.google.com/compute/docs/naming-resources
    name = fit(f"{foundation.prefix}-{wanted.name}", 63)
    group = EndpointGroup(label(wanted.name), name, run.run_name)
    return Entry(
        container=wanted.name,
        groups=(group.address.id,),
        protocol="HTTPS",
        path=check.path,
        asked=f"{check.path} every {check.interval} s, by Cloud Run",
        serverless=group,
        before_routes=(run_service(wanted.name),),
    )


def _startup(check: HealthCheck) -> Probe:
    """Ask every five seconds until the grace period is over; a check has to be over before the next one.

    An application that connects to its database first has to wait for the network as well, so that comes on top.
    """
    limit = min(check.grace_period + NETWORK_DELAY, LONGEST_START)
    period = max(5, check.timeout + 1)
    return Probe(check.path, period, check.timeout, max(1, limit // period))


def tell(wanted: Wanted, problems: Problems) -> None:
    """Warn of what Cloud Run does in another way than the spec asks."""
    scaling_differs(wanted, problems)
    if wanted.kind == "service" and wanted.spec.health_check.grace_period > LONGEST_START:
        problems.warning(
            "capped",
            f"container `{wanted.name}`: Cloud Run gives a new instance {LONGEST_START} seconds to start at most",
            wanted.at("health_check", "grace_period"),
        )
