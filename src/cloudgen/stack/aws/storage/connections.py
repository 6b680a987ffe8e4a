"""Who uses what: the connections of the spec, seen from the resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudgen.stack.aws.network.security_groups import group_address

if TYPE_CHECKING:
    from cloudgen.spec.deployment import Deployment
    from cloudgen.stack.base import Address


def consumers(deployment: Deployment, resource: str) -> tuple[tuple[str, Address], ...]:
    """The containers that connect to a resource: name and security group of each, in the order of the spec."""
    return tuple(
        (name, group_address(name))
        for name, container in deployment.containers.items()
        if any(connection.name == resource for connection in container.connects_to)
    )
