"""What AWS offers for the sizes of the spec: one table for each product."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from cloudgen.dataclass import dataclass, field
from cloudgen.spec.compute import Architecture
from cloudgen.spec.units import GIB
from cloudgen.stack.aws.regions import lacks

FARGATE: dict[int, Sequence[int]] = {
    256: (512, 1 * GIB, 2 * GIB),
    512: range(1 * GIB, 4 * GIB + 1, GIB),
    1024: range(2 * GIB, 8 * GIB + 1, GIB),
    2048: range(4 * GIB, 16 * GIB + 1, GIB),
    4096: range(8 * GIB, 30 * GIB + 1, GIB),
    8192: range(16 * GIB, 60 * GIB + 1, 4 * GIB),
    16384: range(32 * GIB, 120 * GIB + 1, 8 * GIB),
}
"""CPU units (1024 are a vCPU) -> MiB of memory on offer with them.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
"""


def fargate_size(vcpu: float, memory: int) -> tuple[int, int] | None:
    """The smallest pair with at least this much of both, as CPU units and MiB; None when nothing is large enough."""
    for units, offered in FARGATE.items():
        if units >= vcpu * 1024:
            fitting = next((amount for amount in offered if amount >= memory), None)
            if fitting is not None:
                return units, fitting
    return None


BURSTABLE = ("db.t", "cache.t")
"""How types begin that earn CPU credits and spend them."""


@dataclass(frozen=True)
class Series:
    """Families of EC2 that offer the same sizes, the newest first."""

    families: Sequence[str]
    sizes: Mapping[str, tuple[float, int]]
    """The vCPU that a size is chosen for, and its GiB of memory."""
    baseline: Mapping[str, float] = field(default_factory=dict)
    """The vCPU that a size has at all times, where it has more in bursts only."""


LARGE = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge")
BURST_SIZES: dict[str, tuple[float, int]] = {"micro": (0.25, 1), "small": (0.5, 2), "medium": (1, 4)}
GENERAL: dict[str, tuple[float, int]] = {size: (2 << step, 8 << step) for step, size in enumerate(LARGE)}
MEMORY: dict[str, tuple[float, int]] = {size: (2 << step, 16 << step) for step, size in enumerate(LARGE)}
BASELINE = {"micro": 0.2, "small": 0.4, "medium": 0.4}

EC2: dict[Architecture, Sequence[Series]] = {
    "amd64": (
        Series(("t3", "t3a"), BURST_SIZES, BASELINE),
        Series(("m7i", "m6i", "m5"), GENERAL),
        Series(("r7i", "r6i", "r5"), MEMORY),
    ),
    "arm64": (
        Series(("t4g",), BURST_SIZES, BASELINE),
        Series(("m7g", "m6g"), GENERAL),
        Series(("r7g", "r6g"), MEMORY),
    ),
}
"""The machines of each architecture, by series. All have two vCPU at least.

https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html, https://docs.aws.amazon.com/ec2/latest/instancetypes/mo.html
Baselines: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html
"""

SYSTEM = 384
"""MiB of a machine's memory that the operating system and Docker take."""


@dataclass(frozen=True)
class MachineType:
    """A machine that EC2 offers in a region. `vcpu` is what it has, in bursts where `baseline` is less."""

    names: tuple[str, ...]
    """Types of this size, from families that the region has: the first where there is no choice, all for spot."""
    vcpu: float
    memory: int
    """GiB."""
    baseline: float | None

    @property
    def name(self) -> str:
        """The type to run where there is no choice."""
        return self.names[0]


def machine_type(region: str, architecture: Architecture, vcpu: float, memory: int) -> MachineType | None:
    """The smallest machine with at least this much of both for a container; None when nothing is large enough.

    `memory` is in MiB.
    """
    found = []
    for series in EC2[architecture]:
        families = [family for family in series.families if not lacks(region, f"{family}.any")]
        for size, (offered, gib) in series.sizes.items():
            if families and offered >= vcpu and gib * GIB - SYSTEM >= memory:
                names = tuple(f"{family}.{size}" for family in families)
                found.append(MachineType(names, max(offered, 2), gib, series.baseline.get(size)))
    return min(found, key=lambda each: (each.vcpu, each.memory, each.names), default=None)


LAMBDA_VCPU = 1769
"""MB of memory with which a function has one vCPU; CPU grows with memory.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
"""
LAMBDA = (128, 10240)
"""MB that a function may have, the least and the most."""


def lambda_memory(vcpu: float, memory: int) -> int | None:
    """The MB with which a function has at least this much of both; None when nothing is large enough."""
    least, most = LAMBDA
    wanted = max(least, memory, math.ceil(vcpu * LAMBDA_VCPU))
    return wanted if wanted <= most else None


@dataclass(frozen=True)
class InstanceClass:
    """A size of database server."""

    name: str
    memory: int
    """GiB."""


RDS = {
    "xsmall": InstanceClass("db.t4g.micro", 1),
    "small": InstanceClass("db.t4g.small", 2),
    "medium": InstanceClass("db.t4g.medium", 4),
    "large": InstanceClass("db.m7g.large", 8),
    "xlarge": InstanceClass("db.m7g.xlarge", 16),
    "2xlarge": InstanceClass("db.m7g.2xlarge", 32),
}
"""The class of each size.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
"""

ELASTICACHE: dict[str, tuple[str, int]] = {
    "xsmall": ("cache.t4g.micro", 2),
    "small": ("cache.t4g.small", 2),
    "medium": ("cache.t4g.medium", 2),
    "large": ("cache.m7g.large", 2),
    "xlarge": ("cache.r7g.large", 2),
    "2xlarge": ("cache.r7g.2xlarge", 8),
}
"""The node type of each size, and its vCPU: 0.5, 1.4, 3.1, 6.4, 13 and 53 GiB of memory.

https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html
"""
