"""The customer's own key, and the service agents that may use it."""

from __future__ import annotations

from collections.abc import Iterable

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address
from cloudgen.stack.gcp.addresses import KEY, KEY_RING
from cloudgen.stack.gcp.agents import LOGS, LOOKED_UP_DATA, STORAGE, Lent, key_members
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import Member

ROTATION = "7776000s"
"""90 days."""
DESTROY_AFTER = "2592000s"
"""30 days between asking for the destruction of a key and its destruction.

https://cloud.google.com/kms/docs/destroy-restore
"""


@dataclass(frozen=True)
class Key(Lent):
    """The key that encrypts all data of the stack, rendered by kms.tf."""

    ring_name: str
    region: str
    protected: bool
    """Whether Terraform refuses to destroy the key."""
    members: tuple[Member, ...]
    agents: tuple[str, ...]

    @property
    def address(self) -> Address:
        """The key's address."""
        return KEY

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The key, the agents that are looked up, and what lets agents use it."""
        data = (LOOKED_UP_DATA[name] for name in (STORAGE, LOGS) if name in self.agents)
        return (KEY_RING, KEY, *data, *self.lent)

    @property
    def apis(self) -> tuple[str, ...]:
        """The API of Cloud KMS."""
        return ("cloudkms",)

    @property
    def ring(self) -> Address:
        """The address of the key ring."""
        return KEY_RING

    @property
    def rotation(self) -> str:
        """How often it gets a new version, as the API writes it."""
        return ROTATION

    @property
    def destroy_after(self) -> str:
        """How long a version can still be saved, as the API writes it."""
        return DESTROY_AFTER

    @property
    def storage(self) -> bool:
        """Whether the agent of Cloud Storage is looked up."""
        return STORAGE in self.agents

    @property
    def logs(self) -> bool:
        """Whether the agent of Cloud Logging is looked up."""
        return LOGS in self.agents


def key(foundation: Foundation, agents: Iterable[str]) -> Key | None:
    """Decide the key; None where Google's own keys encrypt. Logs are encrypted in every stack."""
    if not foundation.customer_key:
        return None
    names = tuple(sorted({*agents, LOGS}))
    return Key(foundation.prefix, foundation.region, foundation.protected, key_members(names), names)
