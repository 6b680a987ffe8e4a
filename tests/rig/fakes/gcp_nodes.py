"""A platform for Google Cloud, as small as one can be: what its own package must bring, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cloudgen.spec.containers import Kind
from cloudgen.stack.base import Address, Problems, label
from cloudgen.stack.gcp.alarms import Alarm, Graph
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import ServiceAccount, service_account
from cloudgen.stack.gcp.logs import Origin
from cloudgen.stack.gcp.network.firewall import FirewallRule, allow, network_tag
from cloudgen.stack.gcp.platforms.containers.parity import PARITY as CONTAINERS
from cloudgen.stack.gcp.platforms.workload import Around, Check, Entry, Identity, Workload
from cloudgen.stack.outputs import Output
from cloudgen.stack.parity import Table, exact
from cloudgen.stack.readme import File
from cloudgen.stack.summary import SummaryRow
from cloudgen.stack.text import Markdown, ShellText
from cloudgen.stack.workload import Given, Step, Told, Wanted, told

RUNS = "fake nodes"
FILES = (File("nodes.tf", "platforms.kubernetes", "nodes"),)
PARITY: Table = {**CONTAINERS, "containers.*.scaling.cpu": exact("nodes are never busy")}


@dataclass(frozen=True)
class Node:
    """A container on a node, rendered by nodes.tf."""

    name: str
    kind: Kind
    size: str
    environment: Mapping[str, Any]
    identity: Identity
    peer: str
    rules: tuple[FirewallRule, ...]
    entry: Entry | None
    before: tuple[Address, ...]
    image_platform: str = "linux/amd64"
    alarms: tuple[Alarm, ...] = ()
    differences: tuple[str, ...] = ("Nodes are fake.",)

    @property
    def label(self) -> str:
        """The Terraform label."""
        return label(self.name)

    @property
    def tags(self) -> tuple[str, ...]:
        """Its network tag."""
        return (self.peer,)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The node."""
        return (Address("google_compute_instance", self.label),)

    @property
    def graphs(self) -> tuple[Graph, ...]:
        """How busy it is."""
        metric = "compute.googleapis.com/instance/cpu/utilization"
        return (Graph("Nodes", "CPU", metric, "gce_instance", "instance_id", self.name, "ALIGN_MEAN", "REDUCE_MEAN"),)

    @property
    def logs(self) -> tuple[Origin, ...]:
        """Its log."""
        return (Origin("gce_instance", "instance_id", self.name),)

    @property
    def given(self) -> Given:
        """A small node."""
        row = SummaryRow("containers", self.name, "google_compute_instance", {"size": self.size})
        return Given(f"Compute Engine, {self.size}", (self.name, self.kind, self.size), row)


@dataclass(frozen=True)
class Nodes:
    """All nodes."""

    nodes: tuple[Workload, ...]
    title: str = "Compute Engine"
    scheduler: None = None
    keeps_addresses: Markdown | None = None
    blocks: tuple[Address, ...] = ()
    accounts: tuple[ServiceAccount, ...] = ()
    agents: tuple[str, ...] = ()
    granted_agents: tuple[str, ...] = ()
    revisions: tuple[str, ...] | None = None
    last_words: str = 'resource.type = "k8s_container"'
    rules: tuple[FirewallRule, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    outputs: tuple[Output, ...] = (Output("nodes", "Whether there are nodes", value=True),)
    steps: tuple[Step, ...] = (Step("Nodes", (ShellText("gcloud compute instances list"),), ("jq",)),)
    steps_before_destroy: tuple[Step, ...] = (Step("Nodes", (ShellText("echo goodbye"),)),)


def needs(containers: Sequence[Wanted]) -> tuple[str, ...]:
    """The API by which nodes are patched."""
    return ("osconfig",)


def workload(foundation: Foundation, container: Wanted, around: Around) -> Node:
    """Decide the node of a container."""
    name, check, port = container.name, container.spec.health_check, container.spec.port or 80
    used = [(around.resources[use.name], use.verb) for use in container.uses]
    account = service_account(
        foundation.prefix, name, name, [grant for resource, verb in used for grant in resource.grants(verb)]
    )
    given = Told(
        tuple(
            variable
            for resource, verb in used
            for variable in (*resource.environment, *resource.connected(verb, account))
        )
    )
    variables = told(container, given, around.secrets, foundation.problems).variables
    entry = Entry(
        container=name,
        groups=(Address("google_compute_instance_group", label(name)).id,),
        protocol="HTTP",
        path=check.path,
        asked=f"{check.path} every {check.interval} s",
        port_name="http",
        check=Check(check.path, check.host, port, check.interval, check.timeout),
    )
    return Node(
        name=name,
        kind=container.kind,
        size="e2-small",
        environment={variable.name: variable.value for variable in variables},
        identity=Identity(account),
        peer=network_tag(foundation.prefix, name),
        rules=tuple(
            allow(foundation.prefix, name, resource.name, resource.endpoint)
            for resource, _ in used
            if resource.endpoint is not None
        ),
        entry=entry if container.routed else None,
        before=account.ready,
    )


def tell(container: Wanted, problems: Problems) -> None:
    """Nothing differs."""


def ground(foundation: Foundation, workloads: Sequence[Workload]) -> Nodes:
    """All nodes."""
    return Nodes(tuple(workloads))
