"""The picture in the output's README, drawn from the same parts of the stack as the Terraform."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cloudgen.stack.mermaid import Edge, Flowchart, Group, Node

if TYPE_CHECKING:
    from cloudgen.stack.gcp.stack import GcpStack

STYLES = (
    ("outside", "fill:#f6f8fa,stroke:#57606a,color:#24292f"),
    ("entrance", "fill:#ede4fb,stroke:#8250df,color:#24292f"),
    ("runs", "fill:#fff1e0,stroke:#bc4c00,color:#24292f"),
    ("stores", "fill:#ddf4ff,stroke:#0969da,color:#24292f"),
    ("watches", "fill:#ffebe9,stroke:#cf222e,color:#24292f"),
)
TITLES = {"postgres": "PostgreSQL", "mysql": "MySQL", "valkey": "Valkey"}


def diagram(stack: GcpStack) -> Flowchart:
    """Draw what a request, a schedule and a message meet on their way, with networks as boxes."""
    groups = (
        Group("", tuple(_outside(stack))),
        Group("Edge of Google", tuple(_edge(stack))),
        Group("Subnetwork: Cloud Run", tuple(_subnetwork(stack))),
        Group("Network of Google, by private address", tuple(_private(stack))),
        Group("Regional services", tuple(_regional(stack))),
        Group("The project", tuple(_project(stack))),
    )
    return Flowchart(groups, tuple(_edges(stack)), STYLES)


def _outside(stack: GcpStack) -> Iterator[Node]:
    if stack.load_balancer:
        yield Node("visitors", ("Visitors",), "outside")
    if stack.network.nat:
        yield Node("internet", ("Internet",), "outside")


def _edge(stack: GcpStack) -> Iterator[Node]:
    balancer = stack.load_balancer
    if balancer:
        protocol = "HTTPS" if balancer.https else "HTTP"
        firewall = ("Cloud Armor",) if balancer.firewall else ()
        yield Node("load-balancer", (*firewall, f"Application Load Balancer, {protocol}"), "entrance")


def _subnetwork(stack: GcpStack) -> Iterator[Node]:
    for part in stack.workloads:
        yield Node(f"container:{part.name}", (part.name, part.kind, f"{part.cpu} vCPU"), "runs")
    for cache in stack.caches:
        engine = TITLES[stack.deployment.storage.caches[cache.name].engine]
        yield Node(f"storage:{cache.name}", (cache.name, f"Memorystore {engine}"), "stores")
    if stack.network.nat:
        yield Node("nat", ("Cloud NAT",), "entrance")


def _private(stack: GcpStack) -> Iterator[Node]:
    for database in stack.databases:
        title = f"Cloud SQL {database.engine.title} {database.major_version}"
        yield Node(f"storage:{database.name}", (database.name, title), "stores")


def _regional(stack: GcpStack) -> Iterator[Node]:
    if stack.jobs:
        yield Node("scheduler", ("Cloud Scheduler",), "entrance")
    for bucket in stack.buckets:
        yield Node(f"storage:{bucket.name}", (bucket.name, "Cloud Storage bucket"), "stores")
    for queue in stack.queues:
        yield Node(f"storage:{queue.name}", (queue.name, "Pub/Sub queue"), "stores")
    for secret in stack.secrets:
        yield Node(f"secret:{secret.name}", (secret.name, "secret"), "stores")
    told = stack.monitoring.channels
    mails = (f"mail to {len(told)}",) if told else ()
    yield Node("alerts", (f"{len(stack.monitoring.alarms)} alert policies", *mails), "watches")


def _project(stack: GcpStack) -> Iterator[Node]:
    if stack.audit:
        yield Node("audit", ("Audit trail", "Cloud Audit Logs"), "watches")


def _edges(stack: GcpStack) -> Iterator[Edge]:
    if stack.load_balancer:
        yield Edge("visitors", "load-balancer")
    for route in stack.deployment.routes if stack.load_balancer else ():
        yield Edge("load-balancer", f"container:{route.container}", route.path if route.path != "/" else "")
    for job in stack.jobs.jobs if stack.jobs else ():
        yield Edge("scheduler", f"container:{job.name}")
    for part in stack.workloads:
        container = stack.deployment.containers[part.name]
        for connection in container.connects_to:
            yield Edge(f"container:{part.name}", f"storage:{connection.name}", connection.verb or "")
        for secret in dict.fromkeys(container.secrets.values()):
            yield Edge(f"container:{part.name}", f"secret:{secret}")
    if stack.network.nat:
        yield Edge("nat", "internet")
