"""Cloud Run's pairs of CPU and memory, and how a wish is rounded up to one.

Less than one vCPU is possible, but then an instance takes one request at a time and computes only while it has one,
so the smallest size here is one vCPU. 512 MiB is the least that the second generation starts with.
https://cloud.google.com/run/docs/configuring/services/cpu
https://cloud.google.com/run/docs/configuring/services/memory-limits
"""

from __future__ import annotations

from cloudgen.spec.units import GIB

CLOUD_RUN: dict[int, tuple[int, int]] = {
    1: (512, 4 * GIB),
    2: (512, 8 * GIB),
    4: (2 * GIB, 16 * GIB),
    6: (4 * GIB, 24 * GIB),
    8: (4 * GIB, 32 * GIB),
}
"""vCPU -> the least and the most MiB of memory that go with them."""


def cloud_run_size(vcpu: float, memory: int) -> tuple[int, int] | None:
    """The smallest pair with at least this much of both, as vCPU and MiB; None when nothing is large enough."""
    for offered, (least, most) in CLOUD_RUN.items():
        if offered >= vcpu and most >= memory:
            return offered, max(memory, least)
    return None
