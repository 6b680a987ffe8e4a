"""How the load balancer asks whether a workload works, and what it cannot ask."""

from __future__ import annotations

from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.workload import Wanted

LEAST_TIMEOUT = 2
"""Seconds that a health check may take, at least.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
"""


def timeout(foundation: Foundation, wanted: Wanted) -> int:
    """The seconds that a check may take; it is told where they are not those of the spec."""
    check = wanted.spec.health_check
    if check.timeout < LEAST_TIMEOUT:
        foundation.problems.warning(
            "approximated",
            f"container `{wanted.name}`: the load balancer gives a check {LEAST_TIMEOUT} seconds at least",
            wanted.at("health_check", "timeout"),
        )
    return max(check.timeout, LEAST_TIMEOUT)


def tell_unasked(foundation: Foundation, wanted: Wanted) -> None:
    """Warn of a health check that nobody asks."""
    if not wanted.routed and wanted.says("health_check"):
        foundation.problems.warning(
            "ignored",
            f"container `{wanted.name}`: no route of the load balancer leads to it, so nothing asks its health check",
            wanted.at("health_check"),
        )
