"""Secrets in Secret Manager. Terraform writes their values, and keeps them neither in its state nor in its plans."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address, SecretVariable, label
from cloudgen.stack.gcp.addresses import APIS_READY
from cloudgen.stack.gcp.agents import key_ready
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import Grant, on_secret


@dataclass(frozen=True)
class Secret:
    """A secret, rendered by secrets.tf."""

    name: str
    secret_id: str
    version: str
    """Raised by the user to replace the value. Text: google 8 wants it so, and google 7 takes it for a number."""
    protected: bool
    before_secret: tuple[Address, ...]
    agents: tuple[str, ...] = ("secrets",)
    apis: tuple[str, ...] = ("secretmanager",)

    @property
    def label(self) -> str:
        """The Terraform label."""
        return label(self.name)

    @property
    def address(self) -> Address:
        """The secret's address."""
        return Address("google_secret_manager_secret", self.label)

    @property
    def value(self) -> Address:
        """The address of the stored value."""
        return Address("google_secret_manager_secret_version", self.label)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The secret and its value."""
        return (self.address, self.value)

    @property
    def grants(self) -> tuple[Grant, ...]:
        """What a container needs to read it."""
        return (Grant("roles/secretmanager.secretAccessor", on_secret(self.address)),)

    def variable(self, name: str) -> SecretVariable:
        """The environment variable that reads it: the version that Terraform stored, so that a new value is rolled out
        by itself."""
        return SecretVariable(name, self.address.secret_id, version=self.value.version)

    @property
    def before(self) -> tuple[Address, ...]:
        """What must exist before a container that reads it starts."""
        return (self.value,)


def secrets(foundation: Foundation) -> tuple[Secret, ...]:
    """Decide the secrets, in the order of the spec. A secret's id has 255 characters at most."""
    return tuple(
        Secret(
            name=name,
            secret_id=f"{foundation.prefix}-{name}",
            version=str(secret.version),
            protected=foundation.protected,
            before_secret=key_ready(foundation) or (APIS_READY,),
        )
        for name, secret in foundation.deployment.security.secrets.items()
    )
