"""What Google Cloud offers for the sizes of the spec: one table for each product."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.spec.units import GIB

CLOUD_RUN: dict[int, tuple[int, int]] = {
    1: (512, 4 * GIB),
    2: (512, 8 * GIB),
    4: (2 * GIB, 16 * GIB),
    6: (4 * GIB, 24 * GIB),
    8: (4 * GIB, 32 * GIB),
}
"""vCPU -> the least and the most MiB of memory that go with them.

Less than one vCPU is possible, but then an instance takes one request at a time and computes only while it has one,
so the smallest size here is one vCPU. 512 MiB is the least that the second generation starts with.
https://cloud.google.com/run/docs/configuring/services/cpu
https://cloud.google.com/run/docs/configuring/services/memory-limits
"""


def cloud_run_size(vcpu: float, memory: int) -> tuple[int, int] | None:
    """The smallest pair with at least this much of both, as vCPU and MiB; None when nothing is large enough."""
    for offered, (least, most) in CLOUD_RUN.items():
        if offered >= vcpu and most >= memory:
            return offered, max(memory, least)
    return None


@dataclass(frozen=True)
class Tier:
    """A size of database server."""

    name: str
    dedicated: bool = True
    """Whether its CPU is its own. Google promises no availability for the tiers that share one.

    https://cloud.google.com/sql/docs/postgres/machine-series-overview
    """


CLOUD_SQL = {
    "xsmall": Tier("db-f1-micro", dedicated=False),
    "small": Tier("db-g1-small", dedicated=False),
    "medium": Tier("db-custom-1-3840"),
    "large": Tier("db-custom-2-7680"),
    "xlarge": Tier("db-custom-4-15360"),
    "2xlarge": Tier("db-custom-8-30720"),
}
"""The tier of each size: vCPU and MiB of memory stand in the name; 0.6 and 1.7 GiB for the two that share a CPU.

https://cloud.google.com/sql/docs/postgres/create-instance#machine-types
"""
SMALLEST_DEDICATED = CLOUD_SQL["medium"]

MEMORYSTORE = {
    "xsmall": "CUSTOM_PICO",
    "small": "CUSTOM_MICRO",
    "medium": "CUSTOM_MINI",
    "large": "STANDARD_SMALL",
    "xlarge": "HIGHMEM_MEDIUM",
    "2xlarge": "HIGHMEM_XLARGE",
}
"""The node type of each size: 1.08, 2, 3, 5.2, 10.4 and 46.4 GB for keys. All of them have an SLA.

https://cloud.google.com/memorystore/docs/valkey/instance-node-specification
"""


@dataclass(frozen=True)
class MachineType:
    """A type of virtual machine: the vCPU that it may use all the time, and MiB of memory."""

    name: str
    vcpu: float
    memory: int


SYSTEM_MEMORY = 512
"""MiB of a machine that the operating system and Docker take."""

_E2 = (
    MachineType("e2-micro", 0.25, GIB),
    MachineType("e2-small", 0.5, 2 * GIB),
    MachineType("e2-medium", 1, 4 * GIB),
    MachineType("e2-standard-2", 2, 8 * GIB),
    MachineType("e2-highmem-2", 2, 16 * GIB),
    MachineType("e2-highcpu-4", 4, 4 * GIB),
    MachineType("e2-standard-4", 4, 16 * GIB),
    MachineType("e2-highmem-4", 4, 32 * GIB),
    MachineType("e2-highcpu-8", 8, 8 * GIB),
    MachineType("e2-standard-8", 8, 32 * GIB),
    MachineType("e2-highmem-8", 8, 64 * GIB),
    MachineType("e2-highcpu-16", 16, 16 * GIB),
    MachineType("e2-standard-16", 16, 64 * GIB),
    MachineType("e2-highmem-16", 16, 128 * GIB),
    MachineType("e2-highcpu-32", 32, 32 * GIB),
    MachineType("e2-standard-32", 32, 128 * GIB),
)
"""https://cloud.google.com/compute/docs/general-purpose-machines#e2_machine_types

The first three share their CPU with others, and may use more than their part for a while.
"""
_C4A = tuple(
    MachineType(f"c4a-{family}-{vcpu}", vcpu, vcpu * gibibytes * GIB)
    for vcpu in (1, 2, 4, 8, 16, 32, 48, 64, 72)
    for family, gibibytes in (("highcpu", 2), ("standard", 4), ("highmem", 8))
)
"""https://cloud.google.com/compute/docs/general-purpose-machines#c4a_series"""

COMPUTE_ENGINE = {"amd64": _E2, "arm64": _C4A}
"""The machine types of each architecture, the cheapest of those with the same vCPU first."""


def machine_type(architecture: str, vcpu: float, memory: int) -> MachineType | None:
    """The smallest machine on which a container has this much, memory in MiB; None when nothing is large enough."""
    for offered in COMPUTE_ENGINE[architecture]:
        if offered.vcpu >= vcpu and offered.memory - SYSTEM_MEMORY >= memory:
            return offered
    return None
