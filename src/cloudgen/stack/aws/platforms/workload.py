"""What every platform offers for the containers that it runs, whatever it runs them on.

The parts around a workload (load balancer, roles, network, monitoring, picture, README, outputs, deploy.sh) loop over
these, so that a new platform edits none of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, Protocol

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws.addresses import target_group
from cloudgen.stack.base import Address, Template

if TYPE_CHECKING:
    from cloudgen.spec.containers import Kind
    from cloudgen.stack.aws.alarms import Alarm, Metric
    from cloudgen.stack.aws.foundation import Foundation
    from cloudgen.stack.aws.iam import Role
    from cloudgen.stack.aws.network.network import Network
    from cloudgen.stack.aws.network.security_groups import SecurityGroup
    from cloudgen.stack.aws.scheduler import Schedule
    from cloudgen.stack.aws.secrets import Secret
    from cloudgen.stack.aws.storage.resource import Resource
    from cloudgen.stack.held import Held
    from cloudgen.stack.outputs import Output
    from cloudgen.stack.parity import Table
    from cloudgen.stack.readme import Example, File
    from cloudgen.stack.text import Markdown
    from cloudgen.stack.workload import Given, Step, Wanted


@dataclass(frozen=True)
class Entry:
    """How the load balancer reaches a workload. Times are in seconds."""

    container: str
    target_type: Literal["ip", "instance", "lambda"]
    """What the target group holds: addresses of tasks, instances, or a function."""
    port: int
    path: str
    """What the health check asks for."""
    success: str
    """The status codes that mean it works: `200-399`."""
    interval: int
    timeout: int
    peer: Address | None
    """The security group that it is in; None for what the load balancer does not reach by the network."""
    member: str
    """What the target group holds one of, in the texts of alarms: `task`."""
    before: tuple[Address, ...] = ()
    """What has to exist before requests are led to it."""

    @property
    def address(self) -> Address:
        """The target group that the load balancer makes for it."""
        return target_group(self.container)


@dataclass(frozen=True)
class Identity:
    """The roles of a workload: its own, and that of what starts it. None where the machine starts it by itself."""

    own: Role
    starter: Role | None = None

    @property
    def roles(self) -> tuple[Role, ...]:
        """Both, what starts it first."""
        return (self.own,) if self.starter is None else (self.starter, self.own)


@dataclass(frozen=True)
class LogGroup:
    """A log in CloudWatch, kept for `retention` days."""

    address: Address
    retention: int


class Workload(Protocol):
    """A container as one platform runs it."""

    @property
    def name(self) -> str:
        """The name in the spec."""

    @property
    def label(self) -> str:
        """The Terraform label."""

    @property
    def kind(self) -> Kind:
        """Why and how long it runs."""

    @property
    def blocks(self) -> Sequence[Address]:
        """Every block that it renders, but those of its roles, alarms and target group."""

    @property
    def identity(self) -> Identity:
        """Whom grants go to."""

    @property
    def roles(self) -> Sequence[Role]:
        """The roles of its identity, and those of what starts it by the clock or on events."""

    @property
    def security_groups(self) -> Sequence[SecurityGroup]:
        """Who it is in the network."""

    @property
    def entry(self) -> Entry | None:
        """How the load balancer reaches it; None where no route leads to it."""

    @property
    def alarms(self) -> Sequence[Alarm]:
        """What to watch."""

    @property
    def graphs(self) -> Mapping[str, Metric]:
        """What is drawn on the dashboard: the metric of each graph by the graph's title."""

    @property
    def logs(self) -> Sequence[LogGroup]:
        """Where it writes its log."""

    @property
    def schedule(self) -> Schedule | None:
        """When EventBridge Scheduler starts it; None for what runs always, or on events."""

    @property
    def given(self) -> Given:
        """What was chosen for it, in words."""

    @property
    def differences(self) -> Sequence[str]:
        """What the spec says in neutral words and the platform does in its own way: sentences of the README."""


class Ground(Protocol):
    """What the workloads of one platform share: a cluster, say. Made once where the platform is in use."""

    @property
    def title(self) -> str:
        """What stands in the picture after `Private subnets: `, such as `Fargate`."""

    @property
    def blocks(self) -> Sequence[Address]:
        """Every block that it renders, but those of its roles and alarms."""

    @property
    def roles(self) -> Sequence[Role]:
        """The roles of the ground itself."""

    @property
    def security_groups(self) -> Sequence[SecurityGroup]:
        """Who it is in the network."""

    @property
    def alarms(self) -> Sequence[Alarm]:
        """What to watch beside the workloads."""

    @property
    def publishes(self) -> bool:
        """Whether EventBridge publishes to the topic of the alarms."""

    @property
    def key_users(self) -> Sequence[Template]:
        """Roles of AWS's services, by ARN, that encrypt with the customer's key in their own name."""

    @property
    def held(self) -> Sequence[Held]:
        """What of it an edit may not simply take away."""

    @property
    def outputs(self) -> Sequence[Output]:
        """What Terraform tells after applying."""

    @property
    def example(self) -> Example:
        """How to change something that the spec cannot say, for the README."""

    @property
    def changes(self) -> Sequence[Markdown]:
        """Edits that do not simply apply in place, a paragraph each, for the README."""

    @property
    def restart(self) -> Markdown:
        """How to make the workloads read a changed password, for the README."""

    @property
    def costs(self) -> Sequence[str]:
        """What of it is billed by the hour, whether anybody comes or not: `the tasks`."""

    @property
    def left_behind(self) -> Sequence[str]:
        """What exists after `terraform destroy`."""

    @property
    def steps(self) -> Sequence[Step]:
        """What deploy.sh runs after `terraform apply`."""

    @property
    def steps_before_destroy(self) -> Sequence[Step]:
        """What has to run before `terraform destroy`."""


@dataclass(frozen=True)
class Around:
    """What is decided before the workloads, and what they stand in."""

    network: Network
    resources: Mapping[str, Resource]
    """Everything in `storage`, by name."""
    secrets: Mapping[str, Secret]


class PlatformModule(Protocol):
    """What the package of a platform offers, `stack/aws/platforms/<platform>/__init__.py`."""

    RUNS: str
    """What a container is on it, for the parity table: `tasks on ECS`."""
    FILES: Sequence[File]
    """Its files of the output, for the README."""
    PARITY: Table
    """How well it does what the fields below `compute`, `containers` and `scaling` ask for."""

    def needs(self, containers: Sequence[Wanted]) -> Sequence[str]:
        """The interface endpoints (`logs`) that these containers need where the network is private."""

    def peer(self, container: Wanted) -> Address | None:
        """The security group that databases and caches admit for a container; None for one outside of the network."""

    def workload(self, foundation: Foundation, container: Wanted, around: Around) -> Workload:
        """Decide what runs a container."""

    def ground(self, foundation: Foundation, workloads: Sequence[Workload]) -> Ground:
        """Decide what these workloads share. There is at least one."""
