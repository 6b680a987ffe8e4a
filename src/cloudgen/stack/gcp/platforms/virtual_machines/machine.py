"""A group of machines that runs one container: an instance template, a managed instance group, an autoscaler."""

from __future__ import annotations

from collections.abc import Mapping

from cloudgen.dataclass import dataclass
from cloudgen.spec.containers import HealthCheck, Kind
from cloudgen.stack.base import Address, HclValue, label
from cloudgen.stack.contract import port as port_variable
from cloudgen.stack.gcp.addresses import APIS_READY
from cloudgen.stack.gcp.agents import key_ready
from cloudgen.stack.gcp.alarms import Alarm, Graph
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import Grant, ServiceAccount, scope
from cloudgen.stack.gcp.logs import Condition
from cloudgen.stack.gcp.network.firewall import FirewallRule, allow_balancer
from cloudgen.stack.gcp.platforms.connections import connect
from cloudgen.stack.gcp.platforms.virtual_machines.boot import metadata
from cloudgen.stack.gcp.platforms.virtual_machines.hardware import Hardware, hardware
from cloudgen.stack.gcp.platforms.virtual_machines.images import pull
from cloudgen.stack.gcp.platforms.virtual_machines.scaling import Scaling, full_load, scaling
from cloudgen.stack.gcp.platforms.virtual_machines.watching import alarms, graphs, logs
from cloudgen.stack.gcp.platforms.workload import Around, Check, Entry, Identity, Serving
from cloudgen.stack.machines import STOP_TIMEOUT
from cloudgen.stack.naming import fit
from cloudgen.stack.summary import SummaryRow, instances_text
from cloudgen.stack.workload import Given, Wanted

AGENT = "machines"
"""The service agent of Compute Engine, in `agents.py`."""
GROUPS = {"amd64": "", "arm64": "-arm64"}
"""What a group's name says of its processor: machines with Arm are in other zones, which a group cannot change.

The group that takes its place is made before it goes, so both have names of their own.
"""
PORT_NAME = "http"
REQUEST_TIMEOUT = 300
"""Seconds that a request or a WebSocket may take, as on Cloud Run."""
BOOT = 120
"""Seconds that a machine takes to start, and to pull an image, before the container has its own time to start."""
ZONES = 3
"""Zones that a regional group is spread over, so that it grows by as many while it is updated.

https://cloud.google.com/compute/docs/instance-groups/distributing-instances-with-regional-instance-groups
"""


@dataclass(frozen=True)
class Healing:
    """The check that replaces a machine. Times are in seconds.

    More patient than the load balancer's: what is left out for a while need not be replaced.
    https://cloud.google.com/compute/docs/instance-groups/autohealing-instances-in-migs
    """

    name: str
    path: str
    host: str | None
    port: int
    interval: int
    timeout: int
    failures: int = 5


@dataclass(frozen=True)
class Machine:
    """A container on machines of its own, rendered by virtual_machines.tf."""

    name: str
    kind: Kind
    group_name: str
    template_prefix: str
    account: ServiceAccount
    hardware: Hardware
    metadata: Mapping[str, HclValue]
    peer: str
    rules: tuple[FirewallRule, ...]
    port: int | None
    entry: Entry | None
    healing: Healing | None
    patience: int
    """Seconds that a new machine has to start before it is judged, or counted by the autoscaler."""
    scaling: Scaling
    before_template: tuple[Address, ...]
    before: tuple[Address, ...]
    """What has to exist before the first machine can start."""
    alarms: tuple[Alarm, ...]

    @property
    def label(self) -> str:
        """The Terraform label."""
        return label(self.name)

    @property
    def template(self) -> Address:
        """The address of the instance template."""
        return Address("google_compute_region_instance_template", self.label)

    @property
    def group(self) -> Address:
        """The address of the managed instance group."""
        return Address("google_compute_region_instance_group_manager", self.label)

    @property
    def autoscaler(self) -> Address:
        """The address of the autoscaler."""
        return Address("google_compute_region_autoscaler", self.label)

    @property
    def healing_check(self) -> Address:
        """The address of the check that replaces machines."""
        return Address("google_compute_health_check", f"{self.label}_heal")

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Template, group, autoscaler and check."""
        check = (self.healing_check,) if self.healing else ()
        autoscaler = (self.autoscaler,) if self.scaling.automatic else ()
        return (self.template, *check, self.group, *autoscaler)

    @property
    def port_name(self) -> str:
        """What the load balancer calls the port."""
        return PORT_NAME

    @property
    def tags(self) -> tuple[str, ...]:
        """Its network tags."""
        return (self.peer,)

    @property
    def surge(self) -> int:
        """How many machines an update may add: as many as zones, or none at all."""
        return ZONES

    @property
    def identity(self) -> Identity:
        """The account that its machines have."""
        return Identity(self.account)

    @property
    def image_platform(self) -> str:
        """What its image is built for."""
        return f"linux/{self.hardware.architecture}"

    @property
    def graphs(self) -> tuple[Graph, ...]:
        """Machines, CPU and memory."""
        return graphs(self.group_name)

    @property
    def logs(self) -> tuple[Condition, ...]:
        """What the container writes, and what the machines say on their way up."""
        return logs(self.group_name)

    @property
    def differences(self) -> tuple[str, ...]:
        """What machines of its own mean."""
        found = [
            f"{self.name} has machines of its own, {self.scaling.min} at least. Its service account pulls the image, "
            f"writes logs and metrics of the project, and reads the secrets of {self.name}: what runs in the container "
            "may do all of that, too.",
            f"A machine that goes lets {self.name} finish: {STOP_TIMEOUT} seconds after SIGTERM.",
        ]
        if self.hardware.spot:
            found.append(
                f"{self.name} runs on Spot VMs: Google takes them back with 30 seconds' notice, and may have none."
            )
        return tuple(found)

    @property
    def given(self) -> Given:
        """What was chosen for it, in words."""
        kind = "Spot VM" if self.hardware.spot else "VM"
        runs_on = f"{kind}, {self.hardware.machine.name}, {self.hardware.architecture}"
        values = {"size": self.hardware.size, "runs on": runs_on}
        if self.port is not None:
            values["port"] = str(self.port)
        row = SummaryRow("containers", self.name, self.group.type, values)
        size = f"{self.hardware.machine.name}, {self.hardware.size}"
        return Given(size, (self.name, self.kind, self.hardware.machine.name), row, self._scaling_row())

    def _scaling_row(self) -> SummaryRow:
        decided = self.scaling
        values = {"instances": instances_text(decided.min, decided.max)}
        if decided.automatic and decided.cpu is not None:
            values["cpu"] = f"{decided.cpu * 100:g}%"
        if decided.automatic and decided.messages is not None:
            values["messages"] = f"{decided.messages.each} waiting, each machine"
        return SummaryRow("scaling", self.name, self.autoscaler.type if decided.automatic else self.group.type, values)


def machine(foundation: Foundation, wanted: Wanted, around: Around) -> Machine:
    """Decide the group of machines that runs a container."""
    name, port, check = wanted.name, wanted.spec.port, wanted.spec.health_check
    # 58 characters of a machine's name, before a hyphen and four more; 37 of a template's, before a time and a number.
    group_name = fit(f"{foundation.prefix}-{name}{GROUPS[wanted.architecture]}", 58)
    connected = connect(
        foundation,
        wanted,
        around,
        start=[*_writes(foundation), *pull(foundation, wanted)],
        variables=[port_variable(port)] if port is not None else [],
        by="port or connects_to",
    )
    inward = (allow_balancer(foundation.prefix, name, port),) if port is not None else ()
    return Machine(
        name=name,
        kind=wanted.kind,
        group_name=group_name,
        template_prefix=f"{fit(f'{foundation.prefix}-{name}', 36)}-",
        account=connected.account,
        hardware=hardware(foundation, wanted),
        metadata=metadata(foundation, wanted, group_name, connected),
        peer=connected.tag,
        rules=(*connected.rules, *inward),
        port=port,
        entry=_entry(wanted, port) if wanted.routed and port is not None else None,
        healing=_healing(foundation, name, port, check) if port is not None else None,
        patience=min(BOOT + check.grace_period, 3600),
        scaling=scaling(wanted, foundation.problems),
        before_template=key_ready(foundation) or (APIS_READY,),
        before=(*connected.before, *(rule.address for rule in inward)),
        alarms=tuple(
            alarms(foundation, name, label(name), Address("google_compute_region_instance_group_manager", label(name)))
        ),
    )


def _writes(foundation: Foundation) -> tuple[Grant, ...]:
    """What a machine needs to be heard: Docker does not start a container whose logs it may not write.

    https://cloud.google.com/logging/docs/access-control
    """
    project = scope("google_project_iam_member", "project", project=foundation.project)
    return (Grant("roles/logging.logWriter", project), Grant("roles/monitoring.metricWriter", project))


def _entry(wanted: Wanted, port: int) -> Entry:
    """By the instance group and its named port. The load balancer asks each machine itself."""
    check = wanted.spec.health_check
    group = Address("google_compute_region_instance_group_manager", label(wanted.name))
    return Entry(
        container=wanted.name,
        groups=(group.instance_group,),
        protocol="HTTP",
        path=check.path,
        asked=f"{check.path} every {check.interval} s",
        port_name=PORT_NAME,
        check=Check(check.path, check.host, port, check.interval, check.timeout),
        suffix="machines",
        serving=Serving(REQUEST_TIMEOUT, STOP_TIMEOUT, full_load(wanted)),
    )


def _healing(foundation: Foundation, name: str, port: int, check: HealthCheck) -> Healing:
    """Half as often as the load balancer asks, and at 30 seconds at least."""
    interval = min(max(2 * check.interval, 30), 300)
    return Healing(fit(f"{foundation.prefix}-{name}-heal", 63), check.path, check.host, port, interval, check.timeout)
