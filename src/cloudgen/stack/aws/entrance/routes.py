"""What follows from the routes of the spec alone, so that workloads can know it before the load balancer is decided."""

from __future__ import annotations

import hashlib
import re

from cloudgen.spec.deployment import Deployment
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.base import Address, label
from cloudgen.stack.entrance import beside_default, is_https

PLAIN = re.compile(r"(/[A-Za-z0-9]+)+")
"""Paths that differ still differ when each `/` is written as `_`."""
MOST_PARTS = 10
WIDEST = 24_000
"""Numbers for paths of one part, 24001 to 48000 of the 50000 that AWS allows."""


def listener(deployment: Deployment) -> Address:
    """The listener that serves: a target group can be used only once it hangs on one."""
    return Address("aws_lb_listener", "https" if is_https(deployment) else "http")


def way_in(deployment: Deployment, container: str) -> tuple[Address, ...]:
    """What ties a container's target group to the load balancer; nothing where no route leads to it.

    ECS refuses a target group "that does not have an associated load balancer".
    """
    if container not in {route.container for route in deployment.routes}:
        return ()
    rules = (
        Address("aws_lb_listener_rule", rule_label(route.path))
        for route in beside_default(deployment)
        if route.container == container
    )
    return (listener(deployment), *rules)


def rule_label(path: str) -> str:
    """What the rule of a path is called: by the path alone, so that nothing else renames it.

    A path of plain words keeps them: `/api/v1` is `path_api_v1`. Any other sign could make two paths one label, so
    that a hash of the path follows.
    """
    bare = path.rstrip("/")
    words = label(f"path{''.join(each if each.isascii() and each.isalnum() else '_' for each in bare)}")
    if PLAIN.fullmatch(bare):
        return words
    return f"{words}_{hashlib.sha256(bare.encode()).hexdigest()[:6]}"


def rule_priority(path: str) -> int:
    """The place of a path's rule among the others, from 1 to 48000; the lowest number is asked first.

    It depends on the path alone. AWS changes the number of one rule at a time and refuses a number in use, so that
    numbers by position fail as soon as a route is added. Of two paths that take the same requests the one with more
    parts comes first: each number of parts has a range of its own, half as wide as the one before.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html

    Raises `ValueError` for a path of more than `MOST_PARTS` parts.
    """
    bare = path.rstrip("/")
    parts = bare.count("/")
    if not 1 <= parts <= MOST_PARTS:
        raise ValueError(f"{path} has {parts} parts")
    width = WIDEST >> (parts - 1)
    return width + 1 + int(hashlib.sha256(bare.encode()).hexdigest(), 16) % width


def check_rules(foundation: Foundation) -> bool:
    """Return whether every path gets a rule of its own; record what does not as errors at the routes."""
    deployment = foundation.deployment
    spec = deployment.load_balancer
    places = {route.path: index for index, route in enumerate(spec.routes or ())} if spec else {}
    taken: dict[int, str] = {}
    known = len(foundation.problems.errors)
    for route in beside_default(deployment):
        where = ("load_balancer", "routes", places[route.path], "path")
        if route.path.rstrip("/").count("/") > MOST_PARTS:
            foundation.problems.error(
                "path-too-deep",
                f"a path of a route can have {MOST_PARTS} parts on aws",
                where,
                "route a shorter one: it takes everything below it",
            )
            continue
        other = taken.setdefault(rule_priority(route.path), route.path)
        if other != route.path:
            foundation.problems.error(
                "duplicate-priority",
                f"{route.path} and {other} would get the same place among the rules of the load balancer",
                where,
                "write one of the two paths in another way",
            )
    return len(foundation.problems.errors) == known
