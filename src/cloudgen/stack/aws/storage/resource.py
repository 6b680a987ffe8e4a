"""What every backing resource (database, bucket, cache, queue) offers to the containers that use it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from cloudgen.stack.aws.alarms import Alarm, Metric, Notice
    from cloudgen.stack.aws.foundation import Foundation
    from cloudgen.stack.aws.iam import Grant, Role
    from cloudgen.stack.aws.network.security_groups import Endpoint, SecurityGroup
    from cloudgen.stack.base import Address, Ref, SecretVariable, Template, Variable
    from cloudgen.stack.held import Fact
    from cloudgen.stack.kinds import Stated
    from cloudgen.stack.parity import Table
    from cloudgen.stack.readme import File, Size
    from cloudgen.stack.summary import SummaryRow


class Resource(Protocol):
    """A backing resource. Everything else is made by looping over these, so that a new kind edits nothing else."""

    @property
    def name(self) -> str:
        """The name in the spec."""

    @property
    def stated(self) -> Stated:
        """Where the spec asks for it."""

    @property
    def blocks(self) -> Sequence[Address]:
        """Every block that it renders, but those of its roles and alarms."""

    @property
    def environment(self) -> Sequence[Variable]:
        """What a container that connects is told, by the names of `stack/contract.py`."""

    @property
    def secrets(self) -> Sequence[SecretVariable]:
        """What a container that connects reads from Secrets Manager."""

    @property
    def parts(self) -> Mapping[str, str | Ref | Template]:
        """What `{from: …}` may ask for beside that: parts that not every cloud has, such as `arn`."""

    @property
    def secret_grants(self) -> Sequence[Grant]:
        """What reading those secrets takes: given to what starts a workload, or to the workload itself."""

    def grants(self, verb: str | None) -> Sequence[Grant]:
        """What a workload needs for a verb of the spec (`read`, `publish`, …; None is the kind's default)."""

    @property
    def roles(self) -> Sequence[Role]:
        """The roles that it needs itself."""

    @property
    def security_groups(self) -> Sequence[SecurityGroup]:
        """Who it is in the network."""

    @property
    def endpoint(self) -> Endpoint | None:
        """Where it accepts connections, in the isolated subnets; None for services with a public API."""

    @property
    def vpc_endpoints(self) -> Sequence[str]:
        """The interface VPC endpoints (`sqs`) that its users need where the network is private."""

    @property
    def alarms(self) -> Sequence[Alarm]:
        """What to watch, and what to draw on the dashboard."""

    @property
    def waiting(self) -> Metric | None:
        """What counts the messages that wait for a consumer; None for what is no queue."""

    @property
    def notices(self) -> Sequence[Notice]:
        """Events of AWS about it that somebody is told of."""

    @property
    def before(self) -> Sequence[Address]:
        """What must exist before a container that uses it starts."""

    @property
    def picture(self) -> str:
        """What stands below its name in the picture: `SQS queue`."""

    @property
    def row(self) -> SummaryRow:
        """What `explain` shows of it."""

    @property
    def keeps(self) -> str:
        """What is lost with it: `its data and its backups`."""

    def facts(self, encryption: str) -> tuple[Fact, ...]:
        """What an edit cannot change, or only by interrupting it. A path is the field's, below the resource."""

    @property
    def size(self) -> Size | None:
        """What was chosen for its size, for the README; None where the spec states no size."""


class KindModule(Protocol):
    """What the module of a kind of storage offers."""

    FILE: File
    """Its file of the output, for the README."""
    PARITY: Table
    """How well it does what the fields of its section ask for."""
    SHARED: Sequence[Address]
    """Blocks that all resources of the kind share; rendered where there is one."""

    def decide(self, foundation: Foundation) -> tuple[Resource, ...]:
        """Decide the resources, in the order of the spec."""
