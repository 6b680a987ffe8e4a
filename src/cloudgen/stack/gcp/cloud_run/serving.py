"""How a service of Cloud Run takes requests: who may send them, how it is reached, and who asks whether it is well."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.spec.containers import HealthCheck
from cloudgen.stack.base import Address, Problems, label
from cloudgen.stack.gcp.addresses import may_start, run_service
from cloudgen.stack.gcp.cloud_run.events import Objects
from cloudgen.stack.gcp.cloud_run.runs import OnCloudRun, Run
from cloudgen.stack.gcp.cloud_run.scaling import Scaling
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import ServiceAccount
from cloudgen.stack.gcp.platforms.workload import EndpointGroup, Entry, Identity
from cloudgen.stack.naming import digest, fit
from cloudgen.stack.workload import Wanted

LAST_SUCCESS = 399
"""The greatest status code that a probe takes for success.

https://cloud.google.com/run/docs/configuring/healthchecks
"""
LONGEST_START = 240
"""Seconds within which an instance has to answer its startup probe.

https://cloud.google.com/run/docs/configuring/healthchecks
"""
NETWORK_DELAY = 120
"""Seconds that a new instance may have to wait for its first connection through the network.

https://cloud.google.com/run/docs/configuring/vpc-direct-vpc#limitations
"""


@dataclass(frozen=True)
class Probe:
    """A check of an instance. Times are in seconds."""

    path: str
    host: str | None
    """The Host header that it sends."""
    period: int
    timeout: int
    failures: int


@dataclass(frozen=True)
class Answering(OnCloudRun):
    """What answers requests or events, rendered by `containers/_service.tf.j2`."""

    scaling: Scaling
    port: int | None
    entry: Entry | None
    startup: Probe | None
    liveness: Probe | None
    always: bool
    """Whether it has CPU between requests, too."""
    timeout: int
    """Seconds that a request may take."""
    starter: ServiceAccount | None
    """As whom Pub/Sub or Cloud Scheduler calls it, by its address at run.app; None where visitors do."""
    objects: Objects | None
    """How new objects of a bucket start it."""

    @property
    def address(self) -> Address:
        """The service's address."""
        return run_service(self.name)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The service, the endpoint group that the load balancer reaches it by, and what starts it by events."""
        group = self.entry.serverless if self.entry else None
        found = [self.address, *((group.address,) if group else ())]
        found += self.objects.blocks if self.objects else ()
        found += [self.wait] if self.invited else []
        return tuple(found)

    @property
    def identity(self) -> Identity:
        """The account that it runs as, and the one that it is called by."""
        return Identity(self.run.account, self.starter)

    @property
    def called(self) -> bool:
        """Whether Pub/Sub or Cloud Scheduler calls it."""
        return self.starter is not None

    @property
    def invited(self) -> tuple[Address, ...]:
        """The grants that whatever starts it has to have before."""
        own = self.starter.ready if self.starter else ()
        return (*own, *((self.objects.publisher.address,) if self.objects else ()))

    @property
    def wait(self) -> Address:
        """The wait for them."""
        return may_start(self.name)

    @property
    def invited_key(self) -> str:
        """The key of the wait: when it changes, the wait happens again."""
        return digest(",".join(address.label for address in self.invited))

    @property
    def timeout_text(self) -> str:
        """The timeout as the API writes it."""
        return f"{self.timeout}s"

    @property
    def public(self) -> bool:
        """Whether the load balancer leads to it."""
        return self.entry is not None

    @property
    def ingress(self) -> str:
        """Who may call it: the load balancer only, or else only what is inside of the network."""
        return "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" if self.public else "INGRESS_TRAFFIC_INTERNAL_ONLY"


def entry(foundation: Foundation, wanted: Wanted, run: Run) -> Entry:
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


def startup(check: HealthCheck) -> Probe:
    """Ask every five seconds until the grace period is over; a check has to be over before the next one.

    An application that connects to its database first has to wait for the network as well, so that comes on top.
    """
    limit = min(check.grace_period + NETWORK_DELAY, LONGEST_START)
    period = max(5, check.timeout + 1)
    return Probe(check.path, check.host, period, check.timeout, max(1, limit // period))


def tell_start(wanted: Wanted, problems: Problems) -> None:
    """Warn where an instance has less time to start than the spec asks for; refuse what no probe takes for success."""
    if any(codes.stop > LAST_SUCCESS + 1 for codes in wanted.spec.health_check.successes):
        problems.error(
            "unsupported",
            f"container `{wanted.name}`: Cloud Run takes no answer above {LAST_SUCCESS} for success",
            wanted.at("health_check", "success"),
            f"let {wanted.spec.health_check.path} answer 200, or write another path",
        )
    if wanted.spec.health_check.grace_period > LONGEST_START:
        problems.warning(
            "capped",
            f"container `{wanted.name}`: Cloud Run gives a new instance {LONGEST_START} seconds to start at most",
            wanted.at("health_check", "grace_period"),
        )
