"""What every backing resource (database, bucket, cache, queue) offers to the containers that use it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, Protocol

from cloudgen.dataclass import dataclass

if TYPE_CHECKING:
    from cloudgen.stack.base import Address, Ref, SecretVariable, Template, Variable
    from cloudgen.stack.gcp.alarms import Alarm
    from cloudgen.stack.gcp.foundation import Foundation
    from cloudgen.stack.gcp.iam import Grant, ServiceAccount
    from cloudgen.stack.gcp.logs import Origin
    from cloudgen.stack.held import Fact
    from cloudgen.stack.kinds import Stated
    from cloudgen.stack.parity import Table
    from cloudgen.stack.readme import File, Size
    from cloudgen.stack.summary import SummaryRow

Place = Literal["subnetwork", "peered", "regional"]
"""In the containers' own subnetwork; in Google's network, behind a peering; or behind a public API."""


@dataclass(frozen=True)
class Endpoint:
    """Where a resource accepts connections inside the network, for the rule that lets a container out to it."""

    port: int
    ranges: Sequence[str | Ref | Template]
    """Where it lives, as IPv4 ranges."""
    title: str
    """What to call it in a rule: `PostgreSQL of orders-db`."""


class Resource(Protocol):
    """A backing resource. Containers, accounts and alarms are made by looping over these, so a new kind edits none."""

    @property
    def name(self) -> str:
        """The name in the spec."""

    @property
    def stated(self) -> Stated:
        """Where the spec asks for it."""

    @property
    def blocks(self) -> Sequence[Address]:
        """Every block that it renders, but those of its alarms."""

    @property
    def environment(self) -> Sequence[Variable]:
        """What every container that connects is told, by the names of `stack/contract.py`."""

    def connected(self, verb: str | None, account: ServiceAccount) -> Sequence[Variable]:
        """What only this container is told, because it depends on the verb (the topic to publish to, the subscription
        to consume from) or on its service account; mostly nothing."""

    def parts(self, verb: str | None) -> Mapping[str, str | Ref | Template]:
        """What `{from: …}` may ask for beside that: parts that not every cloud has, or that depend on the verb."""

    @property
    def secrets(self) -> Sequence[SecretVariable]:
        """What a container that connects reads from Secret Manager; `grants` includes the right to read it."""

    def grants(self, verb: str | None) -> Sequence[Grant]:
        """What a container needs for a verb of the spec (`read`, `publish`, …; None is the kind's default)."""

    @property
    def endpoint(self) -> Endpoint | None:
        """Where it accepts connections inside the network; None for services with a public API."""

    @property
    def apis(self) -> Sequence[str]:
        """The APIs that it needs: `sqladmin`, without `.googleapis.com`."""

    @property
    def agents(self) -> Sequence[str]:
        """The service agents (names in `agents.py`) that encrypt it, and so need the customer's key."""

    @property
    def granted_agents(self) -> Sequence[str]:
        """The service agents (names in `agents.py`) that it grants something itself, whoever encrypts."""

    @property
    def alarms(self) -> Sequence[Alarm]:
        """What to watch."""

    @property
    def logs(self) -> Sequence[Origin]:
        """Where its logs come from."""

    @property
    def before(self) -> Sequence[Address]:
        """What must exist before a container that uses it starts."""

    @property
    def place(self) -> Place:
        """Where it is in the network, and so in the picture."""

    @property
    def picture(self) -> str:
        """What stands below its name in the picture: `Pub/Sub queue`."""

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

    @property
    def left_behind(self) -> Sequence[str]:
        """What `terraform destroy` leaves of it, for the README; all that say the same are one line."""


class KindModule(Protocol):
    """What the module of a kind of storage offers."""

    PARITY: Table
    """How well it does what the fields of the kind ask for."""
    FILE: File
    """Its file of the output, for the README."""
    SHARED: Sequence[Address]
    """Blocks that all resources of the kind share; rendered where there is one."""

    def decide(self, foundation: Foundation) -> tuple[Resource, ...]:
        """Decide the resources, in the order of the spec."""
