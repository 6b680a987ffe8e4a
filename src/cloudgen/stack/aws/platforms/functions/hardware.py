"""How much memory a function gets, and with it CPU, and who is told."""

from __future__ import annotations

from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.sizes import LAMBDA, LAMBDA_VCPU, lambda_memory
from cloudgen.stack.summary import size_text
from cloudgen.stack.workload import Wanted


def memory(foundation: Foundation, wanted: Wanted) -> int:
    """Choose the memory, in MB; where it is more than the spec asks for, that is told there."""
    found = lambda_memory(wanted.vcpu, wanted.memory)
    asked = size_text(wanted.vcpu, wanted.memory)
    if found is None:
        foundation.problems.error(
            "no-such-size",
            f"Lambda has no size with {asked}",
            wanted.size_at,
            f"the largest has {LAMBDA[1] / LAMBDA_VCPU:.1f} vCPU and {LAMBDA[1] // 1024} GiB; "
            "or write platform: containers",
        )
        return LAMBDA[1]
    if found != wanted.memory:
        foundation.problems.warning(
            "rounded-size",
            f"Lambda gives CPU with memory: for {asked} container `{wanted.name}` gets {found} MiB",
            wanted.size_at,
        )
    return found
