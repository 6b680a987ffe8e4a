"""What a target makes of a spec, in few words: the rows that `cloudgen explain` shows side by side."""

from __future__ import annotations

from collections.abc import Mapping

from cloudgen.dataclass import dataclass
from cloudgen.spec.units import DAY, GIB

PARTS = (
    "containers",
    "load balancer",
    "network",
    "database",
    "bucket",
    "kept folder",
    "cache",
    "queue",
    "secrets",
    "monitoring",
    "scaling",
)
"""The parts of a spec, in the order in which they are shown."""


@dataclass(frozen=True)
class SummaryRow:
    """One thing of a part, and the resource that it mainly becomes.

    Rows of two targets with the same part and name stand beside each other, and so do values of the same name; hence
    both are words of the spec, not of a cloud.
    """

    part: str
    name: str
    resource: str
    values: Mapping[str, str]


def size_text(vcpu: float, mebibytes: int) -> str:
    """Write vCPU and memory: `0.5 vCPU, 1 GiB`."""
    memory = f"{mebibytes / GIB:g} GiB" if mebibytes >= GIB else f"{mebibytes} MiB"
    return f"{vcpu:g} vCPU, {memory}"


def duration_text(seconds: int) -> str:
    """Write a duration by its largest whole unit: `15 min`."""
    for size, unit in ((DAY, "d"), (3600, "h"), (60, "min")):
        if seconds and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def instances_text(least: int, most: int) -> str:
    """Write the limits of scaling: `2 to 10`."""
    return f"{least} to {most}" if least != most else f"{least} always"
