"""What follows from the routes of the spec alone, so that workloads can know it before the load balancer is decided."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from cloudgen.spec.deployment import Deployment
from cloudgen.spec.load_balancer import Route
from cloudgen.stack.base import Address, label
from cloudgen.stack.entrance import beside_default, is_https


def listener(deployment: Deployment) -> Address:
    """The listener that serves: a target group can be used only once it hangs on one."""
    return Address("aws_lb_listener", "https" if is_https(deployment) else "http")


def way_in(deployment: Deployment, container: str) -> tuple[Address, ...]:
    """What ties a container's target group to the load balancer; nothing where no route leads to it.

    ECS refuses a target group "that does not have an associated load balancer".
    """
    if container not in {route.container for route in deployment.routes}:
        return ()
    others = beside_default(deployment)
    rules = (
        Address("aws_lb_listener_rule", name)
        for route, name in zip(others, rule_labels(others), strict=True)
        if route.container == container
    )
    return (listener(deployment), *rules)


def rule_labels(routes: Sequence[Route]) -> list[str]:
    """What the routes' rules are called: container and path, and a hash where the path's signs leave two the same."""
    found: list[str] = []
    for route in routes:
        name = label(f"{route.container}{_slug(route.path)}")
        digest = hashlib.sha256(f"{route.container} {route.path}".encode()).hexdigest()[:4]
        found.append(f"{name}_{digest}" if name in found else name)
    return found


def _slug(path: str) -> str:
    return "".join(character if character.isalnum() else "_" for character in path.rstrip("/"))
