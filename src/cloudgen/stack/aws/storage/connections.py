"""Who uses what: the connections of the spec, seen from the resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudgen.stack.aws.platforms import PLATFORMS, module
from cloudgen.stack.workload import wanted

if TYPE_CHECKING:
    from cloudgen.spec.deployment import Deployment
    from cloudgen.stack.base import Address


def consumers(deployment: Deployment, resource: str) -> tuple[tuple[str, Address], ...]:
    """The containers that use a resource: name and security group of each, in the order of the spec."""
    everything = (each for each in wanted(deployment) if each.platform in PLATFORMS)
    using = (each for each in everything if resource in (*each.used, *each.kept))
    return tuple((each.name, peer) for each in using if (peer := module(each.platform).peer(each)) is not None)
