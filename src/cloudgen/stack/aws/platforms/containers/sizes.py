"""Fargate's pairs of CPU and memory, and how a wish is rounded up to one.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
"""

from __future__ import annotations

from collections.abc import Sequence

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
"""CPU units (1024 are a vCPU) -> MiB of memory on offer with them."""


def fargate_size(vcpu: float, memory: int) -> tuple[int, int] | None:
    """The smallest pair with at least this much of both, as CPU units and MiB; None when nothing is large enough."""
    for units, offered in FARGATE.items():
        if units >= vcpu * 1024:
            fitting = next((amount for amount in offered if amount >= memory), None)
            if fitting is not None:
                return units, fitting
    return None
