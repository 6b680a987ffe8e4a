"""What the pictures of all clouds have in common: how things look, and which arrows lead where."""

from __future__ import annotations

from collections.abc import Iterator

from cloudgen.spec.deployment import Deployment
from cloudgen.stack.flowchart import Edge, Style
from cloudgen.stack.folders import kept_of

STYLES = {
    "outside": Style("#f6f8fa", "#57606a", "#24292f"),
    "entrance": Style("#ede4fb", "#8250df", "#24292f"),
    "runs": Style("#fff1e0", "#bc4c00", "#24292f"),
    "stores": Style("#ddf4ff", "#0969da", "#24292f"),
    "watches": Style("#ffebe9", "#cf222e", "#24292f"),
}
"""How nodes look, by what they are for."""

TITLES = {"postgres": "PostgreSQL", "mysql": "MySQL", "valkey": "Valkey"}
"""How engines write their own names."""


def edges(deployment: Deployment, *, entrance: bool, way_out: bool) -> Iterator[Edge]:
    """The way of a request, of a schedule and of a message.

    The nodes are `visitors` and `load-balancer` where there is an `entrance`, `nat` and `internet` where there is a
    `way_out`, `scheduler` where there are jobs, and `container:NAME`, `storage:NAME`, which kept folders are,
    too, and `secret:NAME`.
    """
    if entrance:
        yield Edge("visitors", "load-balancer")
        for route in deployment.routes:
            yield Edge("load-balancer", f"container:{route.container}", route.path if route.path != "/" else "")
    for name, container in deployment.containers.items():
        if container.kind == "job":
            yield Edge("scheduler", f"container:{name}")
        if container.trigger:
            yield Edge(f"storage:{container.trigger.bucket or container.trigger.queue}", f"container:{name}", "events")
    # Servers and workers before jobs, as the boxes have them.
    for name, container in sorted(deployment.containers.items(), key=lambda item: item[1].kind == "job"):
        for stored, label in (
            *((connection.name, connection.verb or "") for connection in container.connects_to),
            *((kept.name, "") for kept in kept_of(name, container)),
        ):
            yield Edge(f"container:{name}", f"storage:{stored}", label)
        for secret in dict.fromkeys(container.secrets.values()):
            yield Edge(f"container:{name}", f"secret:{secret}")
    if way_out:
        yield Edge("nat", "internet")
