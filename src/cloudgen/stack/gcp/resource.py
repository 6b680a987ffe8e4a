"""What every backing resource (database, bucket, cache, queue) offers to the containers that use it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address, Ref, Template, Variable
from cloudgen.stack.gcp.alarms import Alarm
from cloudgen.stack.gcp.iam import Grant, ServiceAccount


@dataclass(frozen=True)
class SecretVariable:
    """An environment variable that Cloud Run reads from Secret Manager when a container starts.

    The version is a number, never `latest`: a new value starts new instances, and a restart changes nothing.
    """

    name: str
    secret: Ref
    """The secret's id within the project: `google_secret_manager_secret.x.secret_id`."""
    version: Ref | str
    """`google_secret_manager_secret_version.x.version`."""


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
    def environment(self) -> Sequence[Variable]:
        """What every container that connects is told, by the names of `stack/contract.py`."""

    def connected(self, verb: str | None, account: ServiceAccount) -> Sequence[Variable]:
        """What only this container is told, because it depends on the verb (the topic to publish to, the subscription
        to consume from) or on its service account; mostly nothing."""

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
    def alarms(self) -> Sequence[Alarm]:
        """What to watch."""

    @property
    def before(self) -> Sequence[Address]:
        """What must exist before a container that uses it starts."""
