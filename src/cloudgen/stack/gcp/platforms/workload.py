"""What every platform offers for the containers that it runs, whatever it runs them on.

The parts around a workload (load balancer, service accounts, network, monitoring, picture, README, outputs, deploy.sh)
loop over these, so that a new platform edits none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address, Problems, Ref

if TYPE_CHECKING:
    from cloudgen.spec.containers import Kind
    from cloudgen.stack.gcp.alarms import Alarm, Graph
    from cloudgen.stack.gcp.foundation import Foundation
    from cloudgen.stack.gcp.iam import ServiceAccount
    from cloudgen.stack.gcp.logs import Condition, Origin
    from cloudgen.stack.gcp.network.firewall import FirewallRule
    from cloudgen.stack.gcp.secrets import Secret
    from cloudgen.stack.gcp.storage.resource import Resource
    from cloudgen.stack.outputs import Output
    from cloudgen.stack.parity import Table
    from cloudgen.stack.readme import File
    from cloudgen.stack.text import Markdown
    from cloudgen.stack.workload import Given, Step, Wanted


@dataclass(frozen=True)
class EndpointGroup:
    """A serverless network endpoint group: what stands between a backend service and what has no address."""

    label: str
    name: str
    service: str
    """The name of the Cloud Run service that takes the requests, as text: see `_endpoint_group.tf.j2`."""

    @property
    def address(self) -> Address:
        """The group's address."""
        return Address("google_compute_region_network_endpoint_group", self.label)


@dataclass(frozen=True)
class Check:
    """The health check of a backend service. Times are in seconds."""

    path: str
    host: str | None
    """The Host header that it sends."""
    port: int
    interval: int
    timeout: int


@dataclass(frozen=True)
class Serving:
    """How the load balancer spreads requests over instances, and how it ends them. Times are in seconds."""

    timeout: int
    """How long a request or a WebSocket may take."""
    draining: int
    """How long requests go on that an instance had when it was taken out."""
    rate: float | None = None
    """Requests a second that are the full load of an instance; None: its CPU tells."""


@dataclass(frozen=True)
class Entry:
    """How the load balancer reaches a workload."""

    container: str
    groups: tuple[Ref, ...]
    """The network endpoint groups or instance groups of its backend service."""
    protocol: Literal["HTTP", "HTTPS"]
    """What the load balancer speaks to them."""
    path: str
    """What an uptime check asks for."""
    asked: str
    """Who asks whether it is well and how often, in words: `/healthz every 10 s, by Cloud Run`."""
    port_name: str | None = None
    """The named port of instance groups; None for groups that know their ports."""
    check: Check | None = None
    """The load balancer's own check; None where the platform asks by itself, and the load balancer must not."""
    serverless: EndpointGroup | None = None
    """The group that has to be made for it, where it has no addresses of its own."""
    before_routes: tuple[Address, ...] = ()
    """What has to run before a route may lead to it, where `groups` does not depend on that."""
    suffix: str | None = None
    """What its backend service is called beside the container's name. A container that changes its platform gets
    another one: it is there before the routes lead to it, and the one before it goes after that."""
    serving: Serving | None = None
    """How requests are spread and ended; None where the platform decides that by itself."""


@dataclass(frozen=True)
class Identity:
    """The service accounts of a workload: its own, and that of what starts it by the clock or on events."""

    own: ServiceAccount
    starter: ServiceAccount | None = None


class Workload(Protocol):
    """A container as one platform runs it."""

    @property
    def name(self) -> str:
        """The name in the spec."""

    @property
    def label(self) -> str:
        """The Terraform label."""

    @property
    def kind(self) -> Kind:
        """Why and how long it runs."""

    @property
    def blocks(self) -> Sequence[Address]:
        """Every block that it renders, but those of its accounts, rules and alarms."""

    @property
    def identity(self) -> Identity:
        """Whom grants go to."""

    @property
    def peer(self) -> str:
        """Who it is in the network: the tag that firewall rules find it by."""

    @property
    def rules(self) -> Sequence[FirewallRule]:
        """What it may reach in the network, and who may reach it."""

    @property
    def entry(self) -> Entry | None:
        """How the load balancer reaches it; None where no route leads to it."""

    @property
    def image_platform(self) -> str:
        """What its image is built for, in Docker's words: `linux/amd64`."""

    @property
    def alarms(self) -> Sequence[Alarm]:
        """What to watch."""

    @property
    def graphs(self) -> Sequence[Graph]:
        """What is drawn on the dashboard."""

    @property
    def logs(self) -> Sequence[Origin | Condition]:
        """Where its logs come from."""

    @property
    def given(self) -> Given:
        """What was chosen for it, in words."""

    @property
    def differences(self) -> Sequence[str]:
        """What the spec says in neutral words and the platform does in its own way: sentences of the README."""


class Ground(Protocol):
    """What the workloads of one platform share: a cluster, say. Made once where the platform is in use."""

    @property
    def title(self) -> str:
        """What stands in the picture after `Subnetwork: `, such as `Cloud Run`."""

    @property
    def scheduler(self) -> str | None:
        """What starts its jobs by the clock, as the picture calls it; None where there are none."""

    @property
    def blocks(self) -> Sequence[Address]:
        """Every block that it renders, but those of its accounts, rules and alarms."""

    @property
    def accounts(self) -> Sequence[ServiceAccount]:
        """The service accounts of the ground itself."""

    @property
    def agents(self) -> Sequence[str]:
        """The service agents (names in `agents.py`) that encrypt what it runs on, and so need the customer's key."""

    @property
    def granted_agents(self) -> Sequence[str]:
        """The service agents that it grants something itself, whoever encrypts."""

    @property
    def rules(self) -> Sequence[FirewallRule]:
        """What it may reach in the network, and who may reach it."""

    @property
    def alarms(self) -> Sequence[Alarm]:
        """What to watch beside the workloads."""

    @property
    def outputs(self) -> Sequence[Output]:
        """What Terraform tells after applying."""

    @property
    def steps(self) -> Sequence[Step]:
        """What deploy.sh runs after `terraform apply`."""

    @property
    def steps_before_destroy(self) -> Sequence[Step]:
        """What has to run before `terraform destroy`."""

    @property
    def revisions(self) -> Sequence[str] | None:
        """The names of Cloud Run services whose newest revision has to be ready; None where nothing has revisions."""

    @property
    def last_words(self) -> str:
        """Which logs tell why a workload did not start: in the query language of Cloud Logging."""

    @property
    def keeps_addresses(self) -> Markdown | None:
        """Why the subnetwork cannot be destroyed at once, as a sentence of the README; None where it can."""


@dataclass(frozen=True)
class Around:
    """What is decided before the workloads."""

    resources: Mapping[str, Resource]
    """Everything in `storage`, by name."""
    secrets: Mapping[str, Secret]


class PlatformModule(Protocol):
    """What the package of a platform offers, `stack/gcp/platforms/<platform>/__init__.py`."""

    RUNS: str
    """What a container is on it, for the parity table: `services, worker pools and jobs of Cloud Run`."""
    FILES: Sequence[File]
    """Its files of the output, for the README."""
    PARITY: Table
    """How well it does what the fields below `compute`, `containers` and `scaling` ask for."""

    def needs(self, containers: Sequence[Wanted]) -> Sequence[str]:
        """The APIs (`run`, without `.googleapis.com`) that these containers need."""

    def workload(self, foundation: Foundation, container: Wanted, around: Around) -> Workload:
        """Decide what runs a container."""

    def tell(self, container: Wanted, problems: Problems) -> None:
        """Warn of what it does in another way than the spec asks; called when all workloads are decided."""

    def ground(self, foundation: Foundation, workloads: Sequence[Workload]) -> Ground:
        """Decide what these workloads share. There is at least one."""


Each = TypeVar("Each", bound=Workload)
_KINDS: tuple[Kind, ...] = ("service", "worker", "job", "function")


def running_first(workloads: Iterable[Each]) -> tuple[Each, ...]:
    """Put what runs always before what something starts, each in the order of the spec."""
    return tuple(sorted(workloads, key=lambda each: each.kind not in {"service", "worker"}))


def by_kind(workloads: Iterable[Each]) -> tuple[Each, ...]:
    """Put services first, then workers, jobs and functions, each in the order of the spec."""
    return tuple(sorted(workloads, key=lambda each: _KINDS.index(each.kind)))
