"""The picture in the output's README and beside it, drawn from the same parts of the stack as the Terraform."""

from __future__ import annotations

from collections.abc import Iterator

from cloudgen.stack.diagram import STYLES, edges
from cloudgen.stack.flowchart import Flowchart, Group, Node
from cloudgen.stack.gcp.parity import TITLE
from cloudgen.stack.gcp.parts import GcpParts
from cloudgen.stack.gcp.storage.resource import Place


def diagram(stack: GcpParts) -> Flowchart:
    """Draw what a request, a schedule and a message meet on their way, with networks as boxes."""
    groups = (
        Group("", tuple(_outside(stack)), 0),
        Group("Edge of Google", tuple(_edge(stack)), 1),
        Group(f"Subnetwork: {', '.join(ground.title for ground in stack.grounds)}", tuple(_subnetwork(stack)), 2),
        Group("Network of Google, by private address", tuple(_stored(stack, "peered")), 3),
        Group("Regional services", tuple(_regional(stack)), 3),
        Group("The project", tuple(_project(stack)), 3),
    )
    arrows = edges(stack.deployment, entrance=bool(stack.load_balancer), way_out=bool(stack.network.nat))
    return Flowchart(f"{stack.prefix} on {TITLE}, {stack.region}", groups, tuple(arrows), STYLES)


def _outside(stack: GcpParts) -> Iterator[Node]:
    if stack.load_balancer:
        yield Node("visitors", ("Visitors",), "outside")
    if stack.network.nat:
        yield Node("internet", ("Internet",), "outside")


def _edge(stack: GcpParts) -> Iterator[Node]:
    balancer = stack.load_balancer
    if balancer:
        protocol = "HTTPS" if balancer.https else "HTTP"
        firewall = ("Cloud Armor",) if balancer.firewall else ()
        yield Node("load-balancer", (*firewall, f"Application Load Balancer, {protocol}"), "entrance")


def _subnetwork(stack: GcpParts) -> Iterator[Node]:
    for part in stack.workloads:
        yield Node(f"container:{part.name}", part.given.lines, "runs")
    yield from _stored(stack, "subnetwork")
    if stack.network.nat:
        yield Node("nat", ("Cloud NAT",), "entrance")


def _stored(stack: GcpParts, place: Place) -> Iterator[Node]:
    for resource in stack.storage:
        if resource.place == place:
            yield Node(f"storage:{resource.name}", (resource.name, resource.picture), "stores")


def _regional(stack: GcpParts) -> Iterator[Node]:
    schedulers = tuple(dict.fromkeys(ground.scheduler for ground in stack.grounds if ground.scheduler))
    if schedulers:
        yield Node("scheduler", schedulers, "entrance")
    yield from _stored(stack, "regional")
    for secret in stack.secrets:
        yield Node(f"secret:{secret.name}", (secret.name, "secret"), "stores")
    told = stack.monitoring.channels
    mails = (f"mail to {len(told)}",) if told else ()
    yield Node("alerts", (f"{len(stack.monitoring.alarms)} alert policies", *mails), "watches")


def _project(stack: GcpParts) -> Iterator[Node]:
    if stack.audit:
        yield Node("audit", ("Audit trail", "Cloud Audit Logs"), "watches")
