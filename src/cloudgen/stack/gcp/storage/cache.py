"""Caches in Memorystore for Valkey."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cloudgen.dataclass import dataclass
from cloudgen.spec.storage import Cache as CacheSpec
from cloudgen.spec.units import DAY
from cloudgen.stack import contract
from cloudgen.stack.base import Address, Ref, SecretVariable, Variable, join, label
from cloudgen.stack.diagram import TITLES
from cloudgen.stack.gcp.addresses import CONNECTION_POLICY, SUBNETWORK
from cloudgen.stack.gcp.agents import key_ready
from cloudgen.stack.gcp.alarms import Alarm, Threshold
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import Grant, ServiceAccount
from cloudgen.stack.gcp.logs import Origin
from cloudgen.stack.gcp.sizes import MEMORYSTORE
from cloudgen.stack.gcp.storage.resource import Endpoint, Place
from cloudgen.stack.held import Fact
from cloudgen.stack.holding import encrypted_with
from cloudgen.stack.kinds import InStorage
from cloudgen.stack.naming import fit
from cloudgen.stack.parity import Table, approximated, exact
from cloudgen.stack.readme import File, Size
from cloudgen.stack.summary import SummaryRow
from cloudgen.stack.thresholds import CACHE_MEMORY

PARITY: Table = {
    "storage.caches.*.engine": approximated(
        "Memorystore for Valkey without TLS: clients do not know the authority of its certificates"
    ),
    "storage.caches.*.size": exact(
        "CUSTOM_PICO, CUSTOM_MICRO, CUSTOM_MINI, STANDARD_SMALL, HIGHMEM_MEDIUM and _XLARGE"
    ),
    "storage.caches.*.backups": exact("a backup each day, kept for 7 days"),
    "storage.caches.*.replicas": exact("replicas in other zones, one of which takes over"),
}
FILE = File("cache.tf", "storage.caches", "Memorystore")
SHARED = (CONNECTION_POLICY,)

ENGINE_VERSION = "VALKEY_9_0"
BACKUP_DAYS = 7


@dataclass(frozen=True)
class Cache(InStorage, section="caches"):
    """A cache, rendered by cache.tf."""

    name: str
    instance_id: str
    engine_version: str
    node_type: str
    asked: str
    """The size in the spec."""
    title: str
    """How the engine writes its own name."""
    replicas: int
    backup_retention: str | None
    """How long daily backups are kept, in the words of the API; None where there are none."""
    protected: bool
    before_instance: tuple[Address, ...]
    cpu_limit: float
    """Percent of CPU use from which on something is wrong."""
    alarm_prefix: str
    agents: tuple[str, ...] = ("cache",)

    @property
    def label(self) -> str:
        """The Terraform label."""
        return label(self.name)

    @property
    def address(self) -> Address:
        """The instance's address."""
        return Address("google_memorystore_instance", self.label)

    @property
    def connections(self) -> Ref:
        """Its endpoints: that of the primary node and, with replicas, one for reading."""
        return Ref(f"{self.address}.endpoints[0].connections")

    @property
    def host_name(self) -> Ref:
        """The name of the local value that holds the host."""
        return Ref(f"{self.label}_host")

    @property
    def host(self) -> Ref:
        """The address of whichever node is primary."""
        return Ref(f"local.{self.host_name}")

    @property
    def environment(self) -> tuple[Variable, ...]:
        """Where to connect."""
        return contract.cache(self.name, host=self.host, port=str(contract.CACHE_PORT), tls=False)

    def connected(self, verb: str | None, account: ServiceAccount) -> tuple[Variable, ...]:  # noqa: ARG002
        """Nothing: a cache has one address for all."""
        return ()

    def parts(self, verb: str | None) -> Mapping[str, str]:  # noqa: ARG002
        """None beside what it is told by the names of the contract."""
        return {}

    @property
    def secrets(self) -> tuple[SecretVariable, ...]:
        """None: see cache.tf for why there is no password."""
        return ()

    def grants(self, verb: str | None) -> tuple[Grant, ...]:  # noqa: ARG002
        """None: the network decides who connects."""
        return ()

    @property
    def endpoint(self) -> Endpoint:
        """Where it accepts connections: somewhere in the containers' own subnetwork."""
        return Endpoint(contract.CACHE_PORT, [SUBNETWORK.ip_cidr_range], f"Valkey of {self.name}")

    @property
    def apis(self) -> tuple[str, ...]:
        """Memorystore, and what it puts its endpoints into the network by.

        https://cloud.google.com/memorystore/docs/valkey/networking
        """
        return ("memorystore", "networkconnectivity", "serviceconsumermanagement")

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """CPU and memory of the busiest node; evictions are what a cache is for, so they are no alarm."""
        return tuple(self._alarms())

    @property
    def logs(self) -> tuple[Origin, ...]:
        """None: only audit logs, which account/ keeps."""
        return ()

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The instance."""
        return (self.address,)

    @property
    def granted_agents(self) -> tuple[str, ...]:
        """None."""
        return ()

    @property
    def left_behind(self) -> tuple[str, ...]:
        """Its backups."""
        return ("the backups of caches, for a week",) if self.backup_retention else ()

    @property
    def place(self) -> Place:
        """In the containers' own subnetwork."""
        return "subnetwork"

    @property
    def keeps(self) -> str:
        """Sessions, for example."""
        return "what is in it, and its backups"

    def facts(self, encryption: str) -> tuple[Fact, ...]:
        """https://cloud.google.com/memorystore/docs/valkey/about-cmek."""
        why = "Memorystore cannot encrypt a cache with another key, so a new one takes its place, empty"
        return (encrypted_with(encryption, why, both_ways=True),)

    @property
    def picture(self) -> str:
        """What stands in the picture."""
        return f"Memorystore {self.title}"

    @property
    def row(self) -> SummaryRow:
        """What `explain` shows of it."""
        values = {
            "engine": self.engine_version.lower().replace("_", " ", 1).replace("_", "."),
            "size": f"{1 + self.replicas} x {self.node_type}",
            "TLS": "no",
        }
        return SummaryRow("cache", self.name, self.address.type, values)

    @property
    def size(self) -> Size:
        """Its nodes."""
        return Size(self.name, self.asked, f"Memorystore, {1 + self.replicas} x {self.node_type}")

    @property
    def before(self) -> tuple[Address, ...]:
        """What must exist before a container that uses it starts."""
        return (self.address,)

    def _alarms(self) -> Iterator[Alarm]:
        """https://cloud.google.com/memorystore/docs/valkey/supported-monitoring-metrics."""
        for kind, percent, title in (("cpu", self.cpu_limit, "CPU"), ("memory", CACHE_MEMORY, "memory")):
            yield Alarm(
                label=f"{self.label}_cache_{kind}",
                name=f"{self.alarm_prefix}: cache {self.name} {kind}",
                description=f"A node of cache {self.name} uses more than {percent:g}% of its {title}.",
                condition=Threshold(
                    filter=join(
                        f'metric.type = "memorystore.googleapis.com/instance/{kind}/maximum_utilization"'
                        ' AND resource.type = "memorystore.googleapis.com/Instance"'
                        ' AND resource.labels.instance_id = "',
                        self.address.instance_id,
                        '"',
                    ),
                    aligner="ALIGN_MEAN",
                    value=percent / 100,
                ),
                duration=900,
            )


def decide(foundation: Foundation) -> tuple[Cache, ...]:
    """Decide the caches, in the order of the spec."""
    return tuple(_cache(foundation, name, spec) for name, spec in foundation.deployment.storage.caches.items())


def _cache(foundation: Foundation, name: str, spec: CacheSpec) -> Cache:
    foundation.problems.warning(
        "approximated",
        f"cache `{name}`: the certificates of Memorystore are of an authority that clients do not know, "
        "so traffic stays within the network, without TLS",
        ("storage", "caches", name),
        f"{contract.prefix(name)}_TLS is false",
    )
    return Cache(
        name=name,
        # https://cloud.google.com/memorystore/docs/valkey/reference/rest/v1/projects.locations.instances/create
        instance_id=fit(f"{foundation.prefix}-{name}", 63),
        engine_version=ENGINE_VERSION,
        node_type=MEMORYSTORE[spec.size],
        asked=spec.size,
        title=TITLES[spec.engine],
        replicas=spec.replicas,
        backup_retention=f"{BACKUP_DAYS * DAY}s" if spec.backups else None,
        protected=foundation.protected,
        before_instance=(CONNECTION_POLICY, *key_ready(foundation)),
        cpu_limit=foundation.deployment.monitoring.alerts.cpu,
        alarm_prefix=foundation.prefix,
    )
