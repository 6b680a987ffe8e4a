"""Which machines a container gets: the type, the processor, the disk, and whether Google may take them back."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.spec.compute import Architecture
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.regions import axion_zones, nearest_axion
from cloudgen.stack.gcp.sizes import COMPUTE_ENGINE, SYSTEM_MEMORY, MachineType, machine_type
from cloudgen.stack.summary import size_text
from cloudgen.stack.workload import Wanted

IMAGES = {"amd64": "cos-stable", "arm64": "cos-arm64-stable"}
"""Families of Container-Optimized OS. Each new machine begins with the newest image, so that it has the latest fixes.

https://cloud.google.com/container-optimized-os/docs/how-to/arm
"""
DISKS = {"amd64": "pd-balanced", "arm64": "hyperdisk-balanced"}
"""The type of boot disk: machines of the series C4A take no persistent disks.

https://cloud.google.com/compute/docs/general-purpose-machines#c4a_disks
"""


@dataclass(frozen=True)
class Hardware:
    """A machine."""

    machine: MachineType
    architecture: Architecture
    zones: tuple[str, ...]
    """The zones that have such machines; none where all of the region do, and Google chooses three."""
    spot: bool

    @property
    def image(self) -> str:
        """The family of images that machines begin with."""
        return f"projects/cos-cloud/global/images/family/{IMAGES[self.architecture]}"

    @property
    def disk(self) -> str:
        """The type of the boot disk."""
        return DISKS[self.architecture]

    @property
    def size(self) -> str:
        """What it has, in words."""
        return size_text(self.machine.vcpu, self.machine.memory)


def hardware(foundation: Foundation, wanted: Wanted) -> Hardware:
    """Decide the machine of a container."""
    return Hardware(
        machine=_machine(foundation, wanted),
        architecture=wanted.architecture,
        zones=_zones(foundation, wanted) if wanted.architecture == "arm64" else (),
        spot=wanted.interruptible,
    )


def _zones(foundation: Foundation, wanted: Wanted) -> tuple[str, ...]:
    zones = axion_zones(foundation.region)
    if not zones:
        there = ", ".join(nearest_axion(foundation.region))
        foundation.problems.error(
            "unsupported",
            f"machines with arm64 processors are not in {foundation.region}",
            wanted.at("architecture"),
            f"use a region that has them, such as {there}, or architecture: amd64",
        )
    return zones


def _machine(foundation: Foundation, wanted: Wanted) -> MachineType:
    vcpu, memory, name = wanted.vcpu, wanted.memory, wanted.name
    found = machine_type(wanted.architecture, vcpu, memory)
    largest = COMPUTE_ENGINE[wanted.architecture][-1]
    if found is None:
        foundation.problems.error(
            "no-such-size",
            f"there is no machine with {vcpu:g} vCPU, and {memory} MiB beside the {SYSTEM_MEMORY} of the system",
            wanted.size_at,
            f"the largest that is chosen here is {largest.name}: {size_text(largest.vcpu, largest.memory)}",
        )
        return largest
    if found.vcpu != vcpu:
        foundation.problems.warning(
            "rounded-size",
            f"there is no machine with {vcpu:g} vCPU and {memory} MiB for an application: "
            f"container `{name}` gets {found.name}, {size_text(found.vcpu, found.memory)}",
            wanted.size_at,
        )
    return found
