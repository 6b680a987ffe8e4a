"""Who uses what: the connections of the spec, seen from the resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudgen.stack.gcp.iam import ServiceAccount, service_account

if TYPE_CHECKING:
    from cloudgen.spec.deployment import Deployment


def consumers(deployment: Deployment, resource: str) -> tuple[tuple[str, ServiceAccount], ...]:
    """The containers that connect to a resource: name and service account of each, in the order of the spec.

    The account is there for its address and e-mail; its grants are not filled in.
    """
    return tuple(
        (name, service_account(deployment.prefix, name, ""))
        for name, container in deployment.containers.items()
        if any(connection.name == resource for connection in container.connects_to)
    )
