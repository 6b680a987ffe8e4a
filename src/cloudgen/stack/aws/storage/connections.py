"""Who uses what: the connections of the spec, seen from the resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudgen.stack.aws.platforms import PLATFORMS, module
from cloudgen.stack.workload import wanted

if TYPE_CHECKING:
    from cloudgen.spec.deployment import Deployment
    from cloudgen.stack.base import Address


def consumers(deployment: Deployment, resource: str) -> tuple[tuple[str, Address], ...]:
    """The containers that connect to a resource: name and security group of each, in the order of the spec."""
    return tuple(
        (each.name, module(each.platform).peer(each))
        for each in wanted(deployment)
        if resource in each.used and each.platform in PLATFORMS
    )
