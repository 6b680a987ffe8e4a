"""Cloud Run services (containers with a port) and worker pools (containers without one): what runs always."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.spec.containers import Container, HealthCheck
from cloudgen.stack.base import Address
from cloudgen.stack.gcp.addresses import run_service, worker_pool
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.scaling import Scaling, scaling
from cloudgen.stack.gcp.workloads import Workload

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
class Service:
    """A service or worker pool, rendered by services.tf."""

    workload: Workload
    worker: bool
    scaling: Scaling
    port: int | None
    public: bool
    """Whether the load balancer leads to it."""
    startup: Probe | None
    liveness: Probe | None

    @property
    def name(self) -> str:
        """The name in the spec."""
        return self.workload.name

    @property
    def label(self) -> str:
        """The Terraform label."""
        return self.workload.label

    @property
    def address(self) -> Address:
        """The address of the service or worker pool."""
        return worker_pool(self.name) if self.worker else run_service(self.name)

    @property
    def ingress(self) -> str:
        """Who may call it: the load balancer only, or else only what is inside of the network."""
        return "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" if self.public else "INGRESS_TRAFFIC_INTERNAL_ONLY"


def service(foundation: Foundation, container: Container, part: Workload, *, public: bool) -> Service:
    """Decide the service or worker pool that runs a container."""
    check = container.health_check
    served = container.port is not None
    return Service(
        workload=part,
        worker=not served,
        scaling=scaling(foundation, part.name, container),
        port=container.port,
        public=public,
        startup=_startup(foundation, part.name, check) if served else None,
        liveness=Probe(check.path, check.interval, check.timeout, FAILURES) if served else None,
    )


def _startup(foundation: Foundation, name: str, check: HealthCheck) -> Probe:
    """Ask every five seconds until the grace period is over; a check has to be over before the next one.

    An application that connects to its database first has to wait for the network as well, so that comes on top.
    """
    if check.grace_period > LONGEST_START:
        foundation.problems.warning(
            "capped",
            f"container `{name}`: Cloud Run gives a new instance {LONGEST_START} seconds to start at most",
            ("containers", name, "health_check", "grace_period"),
        )
    limit = min(check.grace_period + NETWORK_DELAY, LONGEST_START)
    period = max(5, check.timeout + 1)
    return Probe(check.path, period, check.timeout, max(1, limit // period))
