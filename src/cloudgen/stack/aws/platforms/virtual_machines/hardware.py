"""Which type of machine a container gets, and who is told."""

from __future__ import annotations

from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.sizes import MachineType, machine_type
from cloudgen.stack.summary import size_text
from cloudgen.stack.workload import Wanted


def chosen_type(foundation: Foundation, wanted: Wanted) -> MachineType:
    """Choose the machine; where the spec states a size, what it gets is told there."""
    region = foundation.account.region
    found = machine_type(region, wanted.architecture, wanted.vcpu, wanted.memory)
    asked = size_text(wanted.vcpu, wanted.memory)
    if found is None:
        foundation.problems.error(
            "no-such-size",
            f"EC2 has no machine with {asked} for a container, beside what the system takes",
            wanted.size_at,
            "the largest has 64 vCPU and 512 GiB",
        )
        return MachineType(("t3.micro",), 2, 1, None)
    if wanted.stated("size") or wanted.stated("cpu"):
        bursts = "" if found.baseline is None else f", {found.baseline:g} at all times and the rest in bursts"
        foundation.problems.warning(
            "approximated",
            f"container `{wanted.name}`: for {asked} it gets {found.name}, with {found.memory} GiB "
            f"and {found.vcpu:g} vCPU{bursts}",
            wanted.size_at,
        )
    return found
