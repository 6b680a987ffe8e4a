"""What AWS offers for the sizes of the spec: one table for each product."""

from __future__ import annotations

from collections.abc import Sequence

from cloudgen.dataclass import dataclass
from cloudgen.spec.units import GIB

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
