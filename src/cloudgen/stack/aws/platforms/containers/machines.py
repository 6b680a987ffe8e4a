"""Which machines of EC2 the tasks of a pool run on, and how many tasks each takes: by CPU, memory and interfaces."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from cloudgen.dataclass import replace
from cloudgen.spec.units import GIB
from cloudgen.stack.aws.sizes import SYSTEM, MachineType, machine_type
from cloudgen.stack.workload import Wanted

RESERVED = 256
"""MiB that the agent of ECS keeps from tasks, for itself and the system: ECS_RESERVED_MEMORY.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/memory-management.html
"""
OVERHEAD = 0.075
"""The part of a machine's memory that Linux does not see. Karpenter reckons with the same part.

https://karpenter.sh/docs/reference/settings/ (vm-memory-overhead-percent)
"""
INTERFACES = {
    "micro": 2, "small": 3, "medium": 3, "large": 3, "xlarge": 4, "2xlarge": 4, "4xlarge": 8, "8xlarge": 8,
    "16xlarge": 15,
}  # fmt: skip
"""Network interfaces by size of machine. Each task has one of its own, and the machine the first.

https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html#gp_network, a test compares
"""
FEWER = {"t3a.small": 2}
"""Types that have fewer interfaces than others of their size."""
TWICE = 2
"""A deployment starts a task's successor beside it, before the task ends."""


def slots(names: Iterable[str]) -> int:
    """How many tasks have an interface on a machine of any of these types."""
    return min(FEWER.get(name, INTERFACES[name.partition(".")[2]]) for name in names) - 1


def units(wanted: Wanted) -> int:
    """CPU units of a container's task; 1024 are a vCPU."""
    return math.ceil(wanted.vcpu * 1024)


def fitting(machine: MachineType, wanted: Wanted) -> int:
    """How many tasks of a container the CPU and memory of one machine do for."""
    memory = int(machine.memory * GIB * (1 - OVERHEAD)) - RESERVED
    return min(int(machine.vcpu * 1024) // units(wanted), memory // wanted.memory)


def chosen_machine(region: str, members: Sequence[Wanted]) -> MachineType | None:
    """The smallest machine on which the largest task fits beside its successor; else alone; None where none is.

    All members have one architecture.
    """
    return _smallest(region, members, TWICE) or _smallest(region, members, 1)


def _smallest(region: str, members: Sequence[Wanted], copies: int) -> MachineType | None:
    def beside(wanted: Wanted) -> int:
        return copies if wanted.runs_always and wanted.spec.replicas is None else 1

    vcpu = max(each.vcpu * beside(each) for each in members)
    memory = max(each.memory * beside(each) for each in members)
    # The smallest machines have one interface for tasks, and next to no memory beside the agent.
    least = max(math.ceil((memory + RESERVED) / (1 - OVERHEAD)), 2 * GIB)
    found = machine_type(region, members[0].architecture, vcpu, least - SYSTEM)
    if found is None:
        return None
    most = max(slots([name]) for name in found.names)
    return replace(found, names=tuple(name for name in found.names if slots([name]) == most))


def most_machines(machine: MachineType, members: Sequence[Wanted], zones: int) -> int:
    """The most machines that the tasks of all members take, while all of them are deployed at once.

    Spreading over the zones may leave a machine of each half empty.
    """
    return zones + sum(math.ceil(_most_tasks(each) / _each(machine, each)) for each in members)


def _each(machine: MachineType, wanted: Wanted) -> int:
    return max(1, min(slots(machine.names), fitting(machine, wanted)))


def _most_tasks(wanted: Wanted) -> int:
    if not wanted.runs_always:
        return 1
    most = max([wanted.scaling.max, *(each.max or 0 for each in wanted.scaling.schedules)])
    return most * (TWICE if wanted.spec.replicas is None else 1)
