"""What every backing resource (database, bucket, cache, queue) offers to the containers that use it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from cloudgen.stack.aws.alarms import Alarm
from cloudgen.stack.aws.iam import Grant
from cloudgen.stack.aws.network.security_groups import Endpoint
from cloudgen.stack.base import Address, SecretVariable, Variable


class Resource(Protocol):
    """A backing resource. Tasks, roles and alarms are made by looping over these, so a new kind edits none of them."""

    @property
    def name(self) -> str:
        """The name in the spec."""

    @property
    def environment(self) -> Sequence[Variable]:
        """What a container that connects is told, by the names of `stack/contract.py`."""

    @property
    def secrets(self) -> Sequence[SecretVariable]:
        """What a container that connects reads from Secrets Manager."""

    @property
    def secret_grants(self) -> Sequence[Grant]:
        """What the execution role needs to read those secrets."""

    def grants(self, verb: str | None) -> Sequence[Grant]:
        """What the task role needs for a verb of the spec (`read`, `publish`, …; None is the kind's default)."""

    @property
    def endpoint(self) -> Endpoint | None:
        """Where it accepts connections inside the network; None for services with a public API."""

    @property
    def vpc_endpoints(self) -> Sequence[str]:
        """The interface VPC endpoints (`sqs`) that its users need where the network is private."""

    @property
    def alarms(self) -> Sequence[Alarm]:
        """What to watch."""

    @property
    def before(self) -> Sequence[Address]:
        """What must exist before a container that uses it starts."""
