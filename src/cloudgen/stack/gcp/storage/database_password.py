"""The passwords of databases: made while Terraform runs, without anybody seeing them.

An ephemeral random_password is written to Secret Manager by a write-only argument; an ephemeral read of the stored
version hands it to Cloud SQL, by a write-only argument again. So the state and the plans hold none, the first apply
needs no input, and a second plan is empty: what runs later generates a new password that nothing takes.
https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only
"""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.stack import contract
from cloudgen.stack.base import Address, Ref, label
from cloudgen.stack.gcp.addresses import APIS_READY
from cloudgen.stack.gcp.agents import key_ready
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.text import Markdown


@dataclass(frozen=True)
class Password:
    """The password of a database's user: made while Terraform runs, kept in Secret Manager and nowhere else."""

    label: str
    """Of its secret."""
    secret_id: str
    generator_label: str
    description: str
    before: tuple[Address, ...]

    @property
    def secret(self) -> Address:
        """The secret's address."""
        return Address("google_secret_manager_secret", self.label)

    @property
    def value(self) -> Address:
        """The address of the stored value."""
        return Address("google_secret_manager_secret_version", self.label)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """What makes it, and what keeps and reads it."""
        return (
            Address("ephemeral.random_password", self.generator_label),
            self.secret,
            self.value,
            Address("ephemeral.google_secret_manager_secret_version", self.label),
        )

    @property
    def value_address(self) -> Markdown:
        """The address of the stored value, for a command."""
        return Markdown(str(self.value))

    @property
    def generated(self) -> Ref:
        """A new password at every run; only the run that makes the secret's value uses it."""
        return Address("ephemeral.random_password", self.generator_label).result

    @property
    def stored(self) -> Ref:
        """The password as Secret Manager has it, read while Terraform runs."""
        return Address("ephemeral.google_secret_manager_secret_version", self.label).secret_data


def password(foundation: Foundation, name: str) -> Password:
    """Decide the password of a database."""
    secret = f"{name}-password"
    return Password(
        label=label(secret),
        secret_id=f"{foundation.prefix}-{secret}",
        generator_label=label(name),
        description=f"Password of the user {contract.DATABASE_USER} of database {name}",
        before=key_ready(foundation) or (APIS_READY,),
    )
