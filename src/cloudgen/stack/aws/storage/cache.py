"""Caches: ElastiCache for Valkey, one primary node and its replicas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cloudgen.dataclass import dataclass
from cloudgen.spec.storage import Cache as CacheSpec
from cloudgen.stack import contract
from cloudgen.stack.aws.alarms import Alarm, Metric, Notice
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Grant, Role
from cloudgen.stack.aws.network.security_groups import Endpoint, SecurityGroup, admit
from cloudgen.stack.aws.sizes import BURSTABLE, ELASTICACHE
from cloudgen.stack.aws.storage.available import check_family
from cloudgen.stack.aws.storage.connections import consumers
from cloudgen.stack.base import Address, SecretVariable, Variable, label
from cloudgen.stack.diagram import TITLES
from cloudgen.stack.held import Fact
from cloudgen.stack.holding import encrypted_with
from cloudgen.stack.kinds import InStorage
from cloudgen.stack.naming import fit
from cloudgen.stack.parity import Table, exact
from cloudgen.stack.readme import File, Size
from cloudgen.stack.summary import SummaryRow
from cloudgen.stack.thresholds import CACHE_MEMORY

ENGINE_VERSION = "9.0"
"""https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html"""
SNAPSHOT_DAYS = 7


PARITY: Table = {
    "storage.caches.*.engine": exact("ElastiCache for Valkey, with TLS"),
    "storage.caches.*.size": exact("cache.t4g.micro, small, medium, then m7g.large, r7g.large and r7g.2xlarge"),
    "storage.caches.*.backups": exact("a snapshot each day, kept for 7 days"),
    "storage.caches.*.replicas": exact("replicas in other zones, one of which takes over"),
}
FILE = File("cache.tf", "storage.caches", "ElastiCache")
SUBNETS = Address("aws_elasticache_subnet_group", "main")
SHARED = (SUBNETS,)


@dataclass(frozen=True)
class Cache(InStorage, section="caches"):
    """A cache, rendered by cache.tf."""

    name: str
    replication_group_id: str
    description: str
    engine: str
    engine_version: str
    node_type: str
    nodes: int
    failover: bool
    """Whether a replica takes over, in another zone."""
    snapshot_days: int
    port: int
    security_groups: tuple[SecurityGroup, ...]
    cpu_metric: str
    cpu_limit: float
    """Percent of `cpu_metric` from which on something is wrong."""
    alarm_prefix: str
    asked: str
    """The size in the words of the spec."""
    roles: tuple[Role, ...] = ()
    waiting: None = None
    subnets: Address = SUBNETS

    @property
    def label(self) -> str:
        """The Terraform label."""
        return label(self.name)

    @property
    def address(self) -> Address:
        """The replication group's address."""
        return Address("aws_elasticache_replication_group", self.label)

    @property
    def security_group_ids(self) -> tuple[object, ...]:
        """The security groups of its nodes."""
        return tuple(group.address.id for group in self.security_groups)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of _cache.tf.j2."""
        return (*(address for group in self.security_groups for address in group.addresses), self.address)

    @property
    def parts(self) -> Mapping[str, str]:
        """None beside what it is told by the names of the contract."""
        return {}

    @property
    def keeps(self) -> str:
        """Sessions, for example."""
        return "what is in it, and its snapshots"

    def facts(self, encryption: str) -> tuple[Fact, ...]:
        """https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html."""
        resize = "connections end for seconds, in its maintenance window"
        why = "ElastiCache cannot encrypt a cache with another key, so a new one takes its place, empty"
        return (
            Fact("size", self.asked, "interrupts", resize, ("size",)),
            encrypted_with(encryption, why, both_ways=True),
        )

    @property
    def picture(self) -> str:
        """Service and engine."""
        return f"ElastiCache {TITLES[self.engine]}"

    @property
    def size(self) -> Size:
        """How many nodes, and of which type."""
        return Size(self.name, self.asked, f"ElastiCache, {self.nodes} x {self.node_type}")

    @property
    def row(self) -> SummaryRow:
        """Engine and nodes."""
        values = {
            "engine": f"{self.engine} {self.engine_version}",
            "size": f"{self.nodes} x {self.node_type}",
            "TLS": "yes",
        }
        return SummaryRow("cache", self.name, self.address.type, values)

    @property
    def environment(self) -> tuple[Variable, ...]:
        """Where to connect; the host is that of whichever node is primary."""
        return contract.cache(
            self.name, host=self.address.primary_endpoint_address, port=str(contract.CACHE_PORT), tls=True
        )

    @property
    def secrets(self) -> tuple[SecretVariable, ...]:
        """None: see cache.tf for why there is no password."""
        return ()

    @property
    def secret_grants(self) -> tuple[Grant, ...]:
        """None, as there are no secrets."""
        return ()

    def grants(self, verb: str | None) -> tuple[Grant, ...]:  # noqa: ARG002
        """None: the network decides who connects."""
        return ()

    @property
    def endpoint(self) -> Endpoint:
        """Where it accepts connections."""
        return Endpoint(self.security_groups[0].address, self.port, self.name)

    @property
    def vpc_endpoints(self) -> tuple[str, ...]:
        """None: it lives in the network itself."""
        return ()

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """CPU, memory and CPU credits of every node; evictions are what a cache is for, so they are no alarm."""
        return tuple(self._alarms())

    @property
    def notices(self) -> tuple[Notice, ...]:
        """None."""
        return ()

    @property
    def before(self) -> tuple[Address, ...]:
        """What must exist before a container that uses it starts."""
        return (self.address,)

    def _alarms(self) -> Iterator[Alarm]:
        for number in range(1, self.nodes + 1):
            if self.node_type.startswith(BURSTABLE):
                yield self._credits(number)
            for kind, metric, limit, what in (
                ("cpu", self.cpu_metric, self.cpu_limit, "CPU"),
                ("memory", "DatabaseMemoryUsagePercentage", CACHE_MEMORY, "memory"),
            ):
                # Nodes keep their numbers when another one becomes primary.
                node = {"CacheClusterId": f"{self.replication_group_id}-{number:03d}", "CacheNodeId": "0001"}
                yield Alarm(
                    label=f"{self.label}_cache_{kind}_{number}",
                    name=f"{self.alarm_prefix}-cache-{kind}-{number}",
                    description=f"Node {number} of cache {self.name} uses more than {limit:g}% of its {what}",
                    comparison="GreaterThanThreshold",
                    threshold=limit,
                    evaluation_periods=3,
                    datapoints_to_alarm=3,
                    metric=Metric("AWS/ElastiCache", metric, "Average", node, period=300),
                )

    def _credits(self, number: int) -> Alarm:
        """A node that has spent its credits is slowed down to its baseline.

        It begins with none and earns at least 12 in an hour, so that half of that for an hour is no beginning.
        https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html
        """
        node = {"CacheClusterId": f"{self.replication_group_id}-{number:03d}", "CacheNodeId": "0001"}
        return Alarm(
            label=f"{self.label}_cache_credits_{number}",
            name=f"{self.alarm_prefix}-cache-credits-{number}",
            description=f"Node {number} of cache {self.name} has no CPU credits left: it is slowed down",
            comparison="LessThanThreshold",
            threshold=6,
            evaluation_periods=12,
            datapoints_to_alarm=12,
            metric=Metric("AWS/ElastiCache", "CPUCreditBalance", "Average", node, period=300),
        )


def decide(foundation: Foundation) -> tuple[Cache, ...]:
    """Decide the caches, in the order of the spec."""
    return tuple(_cache(foundation, name, spec) for name, spec in foundation.deployment.storage.caches.items())


def _cache(foundation: Foundation, name: str, spec: CacheSpec) -> Cache:
    prefix = foundation.prefix
    node_type, vcpu = ELASTICACHE[spec.size]
    check_family(foundation, ("storage", "caches", name, "size"), node_type, "ElastiCache")
    cpu_metric, cpu_limit = _cpu(foundation.deployment.monitoring.alerts.cpu, vcpu)
    port = contract.CACHE_PORT
    group = SecurityGroup(
        label=label(f"{name}-cache"),
        name_prefix=f"{prefix}-{name}-cache-",
        description=f"Cache {name}",
        ingress=admit(name, name, consumers(foundation.deployment, name), port),
    )
    return Cache(
        name=name,
        # https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
        replication_group_id=fit(f"{prefix}-{name}", 40),
        description=f"Cache {name} of {prefix}",
        engine=spec.engine,
        engine_version=ENGINE_VERSION,
        node_type=node_type,
        nodes=1 + spec.replicas,
        failover=spec.replicas > 0,
        snapshot_days=SNAPSHOT_DAYS if spec.backups else 0,
        port=port,
        security_groups=(group,),
        cpu_metric=cpu_metric,
        cpu_limit=cpu_limit,
        alarm_prefix=f"{prefix}-{name}",
        asked=spec.size,
    )


def _cpu(limit: float, vcpu: int) -> tuple[str, float]:
    """The metric that tells how busy the engine is, and its limit.

    The engine works in one thread. AWS tells to watch that thread from four vCPU on, and below that the whole
    machine, of which one thread can use one vCPU only.
    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html
    """
    return ("EngineCPUUtilization", limit) if vcpu >= 4 else ("CPUUtilization", limit / vcpu)
