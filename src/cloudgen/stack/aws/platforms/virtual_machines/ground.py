"""The ground of platform `virtual_machines`: the system's image, how versions roll out, who hears of failures."""

from __future__ import annotations

from collections.abc import Sequence

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws.alarms import Alarm
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Role
from cloudgen.stack.aws.network.security_groups import SecurityGroup
from cloudgen.stack.aws.platforms.groups import FailedMachines, autoscaling_role, failed_machines
from cloudgen.stack.aws.platforms.virtual_machines.machine import Machines
from cloudgen.stack.aws.platforms.virtual_machines.rollout import VERSIONS, rollout
from cloudgen.stack.aws.platforms.workload import Workload
from cloudgen.stack.base import Address, Template
from cloudgen.stack.held import Held
from cloudgen.stack.machines import MEMORY_FOLDERS, MemoryFolder
from cloudgen.stack.outputs import Output
from cloudgen.stack.readme import Example, File
from cloudgen.stack.text import Markdown
from cloudgen.stack.workload import Step

FILES = (
    File("virtual_machines.tf", "platforms.virtual_machines", "groups of machines, and how one of them starts"),
    File("machine/", "platforms.virtual_machines", "what each machine runs: units of systemd and a program"),
)
IMAGES = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-"
"""Where AWS tells the newest image of Amazon Linux 2023; the architecture follows.

https://docs.aws.amazon.com/linux/al2023/ug/ec2.html#launch-via-aws-cli
"""


@dataclass(frozen=True)
class SystemImage:
    """The newest image of the operating system for one architecture."""

    address: Address
    parameter: str


@dataclass(frozen=True)
class Groups:
    """All groups of machines, rendered by virtual_machines.tf."""

    machines: tuple[Machines, ...]
    images: tuple[SystemImage, ...]
    failed: FailedMachines
    steps: tuple[Step, ...]
    key_users: tuple[Template, ...]
    memory_folders: tuple[MemoryFolder, ...] = MEMORY_FOLDERS
    title: str = "EC2"
    roles: tuple[Role, ...] = ()
    security_groups: tuple[SecurityGroup, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    publishes: bool = True
    held: tuple[Held, ...] = ()
    steps_before_destroy: tuple[Step, ...] = ()
    costs: tuple[str, ...] = ("the machines",)
    left_behind: tuple[str, ...] = ()

    @property
    def start(self) -> Sequence[str]:
        """The command that starts a machine's container, and has it start each time with the folders mounted before.

        Without --no-block cloud-init would wait for the image.
        """
        units = (each.unit for each in self.memory_folders)
        return ("systemctl", "enable", "--now", "--no-block", *units, "container.service")

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The images, and the rule that reports what failed."""
        return (*(image.address for image in self.images), *self.failed.blocks)

    @property
    def outputs(self) -> tuple[Output, ...]:
        """The groups, and the version of its launch template that each is to run."""
        return (
            Output(
                "machines", "Names of the Auto Scaling groups", {each.name: each.address.name for each in self.machines}
            ),
            Output(
                VERSIONS,
                "The version of its launch template that each group is to run",
                {each.name: each.template.latest_version for each in self.machines},
            ),
        )

    @property
    def example(self) -> Example:
        """Change a group."""
        group = self.machines[0].address
        return Example("virtual_machines_override.tf", Markdown(f'resource "{group.type}" "{group.label}"'))

    @property
    def changes(self) -> tuple[Markdown, ...]:
        """Terraform makes a version, and deploy.sh rolls it out; schedules write the limits."""
        found = [
            Markdown(
                "Whatever changes how a machine starts, such as a new image, makes a version of its launch template. "
                "`./deploy.sh` then replaces the machines, new ones first, and goes back by itself where they do not "
                "work; `terraform apply` alone leaves the machines that run alone. A newer image of Amazon Linux is "
                "such a change, too. A port that changes interrupts: the load balancer knows one port for all machines."
            )
        ]
        names = [each.name for each in self.machines if each.scaling.schedules]
        if names:
            found.append(
                Markdown(
                    f"Schedules write the least and the most machines of {' and '.join(names)}, so Terraform leaves "
                    "both alone once they exist. Another `min` or `max` in the spec is in force after: "
                    "`aws autoscaling update-auto-scaling-group --auto-scaling-group-name <name> "
                    "--min-size <min> --max-size <max>`."
                )
            )
        found.append(
            Markdown(
                "A shell on a machine, without an open port or a key: `aws ssm start-session --target <instance>`. "
                "The container is called `container` there, and `journalctl -u container` shows what it says."
            )
        )
        return tuple(found)

    @property
    def restart(self) -> Markdown:
        """How to make the containers read a changed password."""
        command = "aws autoscaling start-instance-refresh --auto-scaling-group-name <name>"
        return Markdown(f"`{command}` for each group that connects")


def ground(foundation: Foundation, workloads: Sequence[Workload]) -> Groups:
    """Decide what these groups of machines share."""
    groups = tuple(each for each in workloads if isinstance(each, Machines))
    images = {each.image: each.architecture for each in groups}
    return Groups(
        machines=groups,
        images=tuple(SystemImage(address, f"{IMAGES}{architecture}") for address, architecture in images.items()),
        failed=failed_machines(foundation, "machines", [each.address for each in groups]),
        steps=rollout(groups),
        key_users=(autoscaling_role(foundation),),
    )
