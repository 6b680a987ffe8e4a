"""What the groups of machines share: no resource of their own, but what a machine does when it starts."""

from __future__ import annotations

from collections.abc import Sequence

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address
from cloudgen.stack.gcp.alarms import Alarm
from cloudgen.stack.gcp.iam import ServiceAccount
from cloudgen.stack.gcp.network.firewall import FirewallRule
from cloudgen.stack.gcp.platforms.virtual_machines.machine import AGENT, Machine
from cloudgen.stack.machines import MEMORY_FOLDERS, RESTART_PAUSE, STOP_TIMEOUT, TMP, MemoryFolder
from cloudgen.stack.outputs import Output
from cloudgen.stack.text import Markdown, ShellText
from cloudgen.stack.workload import Step

STOP_LIMIT = STOP_TIMEOUT + 15
"""Seconds after which systemd gives up on a container that does not stop; Compute Engine waits 90.

https://cloud.google.com/compute/docs/instances/stop-start-instance
"""
READY_LIMIT = 1800
"""Seconds that deploy.sh waits for the machines of a group."""


@dataclass(frozen=True)
class Machines:
    """The groups of machines, rendered by virtual_machines.tf."""

    prefix: str
    project: str
    region: str
    encrypted: bool
    """Whether the customer's key encrypts disks."""
    machines: tuple[Machine, ...]
    title: str = "Compute Engine"
    scheduler: str | None = None
    keeps_addresses: Markdown | None = None
    revisions: Sequence[str] | None = None
    blocks: Sequence[Address] = ()
    accounts: Sequence[ServiceAccount] = ()
    rules: Sequence[FirewallRule] = ()
    alarms: Sequence[Alarm] = ()
    granted_agents: Sequence[str] = ()
    steps_before_destroy: Sequence[Step] = ()
    memory_folders: tuple[MemoryFolder, ...] = MEMORY_FOLDERS
    tmp: str = TMP
    stop_timeout: int = STOP_TIMEOUT
    stop_limit: int = STOP_LIMIT
    restart_pause: int = RESTART_PAUSE

    @property
    def start(self) -> str:
        """The command that starts a machine's container.

        Docker runs already, so it starts again, with its folders mounted. Where one step fails, nothing runs.
        """
        units = " ".join(each.unit for each in self.memory_folders)
        return " && ".join(
            (
                f"systemctl enable {units}",
                "systemctl stop docker.service containerd.service",
                "systemctl start --no-block container.service",
            )
        )

    @property
    def agents(self) -> tuple[str, ...]:
        """The agent that encrypts disks."""
        return (AGENT,) if self.encrypted else ()

    @property
    def last_words(self) -> str:
        """What machines said on their way up, and the containers on them.

        https://cloud.google.com/compute/docs/troubleshooting/viewing-serial-port-output
        """
        return (
            f'resource.type = "gce_instance" AND (jsonPayload.instance.name =~ "^{self.prefix}-" OR '
            f'labels."compute.googleapis.com/resource_name" =~ "^{self.prefix}-")'
        )

    @property
    def outputs(self) -> tuple[Output, ...]:
        """The names of the groups."""
        names = {each.label: each.group.name for each in self.machines}
        return (Output("machines", "Names of the managed instance groups", names),)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Wait until the autoscalers' machines are there, too: Terraform has waited for those of a new version."""
        wait = "gcloud compute instance-groups managed wait-until"
        options = f'--stable --timeout {READY_LIMIT} --project "$project" --region "$region"'
        return (Step("Machines", tuple(ShellText(f"{wait} {each.group_name} {options}") for each in self.machines)),)
