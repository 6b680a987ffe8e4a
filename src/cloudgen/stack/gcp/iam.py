"""Service accounts and what they may do: one per container, with only the grants that the spec implies.

Grants are additive (`*_iam_member`): they touch nobody else's, and none of them can lock anybody out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address, HclValue, Ref, Template, label
from cloudgen.stack.naming import fit


@dataclass(frozen=True)
class Argument:
    """An argument of a block. The name is HCL that our code wrote, so the template can print it bare."""

    name: Ref
    value: HclValue


@dataclass(frozen=True)
class Scope:
    """What a grant is given on: the type of the resource that gives it, and the arguments that name the thing."""

    type: str
    label: str
    """What it is called in labels: `assets`."""
    arguments: tuple[Argument, ...]


@dataclass(frozen=True)
class Grant:
    """A role on a thing."""

    role: str
    scope: Scope

    @property
    def slug(self) -> str:
        """The role in labels: `roles/storage.objectUser` is `object_user`."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", self.role.rpartition(".")[2]).lower()


@dataclass(frozen=True)
class Member:
    """A grant to somebody, rendered by the partial `_member.tf.j2`."""

    label: str
    grant: Grant
    member: Ref | Template | str

    @property
    def address(self) -> Address:
        """Its address; whatever uses the grant has to wait for it."""
        return Address(self.grant.scope.type, self.label)


@dataclass(frozen=True)
class ServiceAccount:
    """The identity of one container (or of one purpose, such as the scheduler of a job), with its grants."""

    label: str
    account_id: str
    display_name: str
    description: str
    grants: tuple[Grant, ...] = ()

    @property
    def address(self) -> Address:
        """The account's address; `.email` and `.member` are its names."""
        return Address("google_service_account", self.label)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The account and its grants."""
        return (self.address, *self.ready)

    @property
    def members(self) -> tuple[Member, ...]:
        """Its grants, each once, labelled `<account>_<thing>_<role>`."""
        return tuple(
            Member(f"{self.label}_{grant.scope.label}_{grant.slug}", grant, self.address.member)
            for grant in dict.fromkeys(self.grants)
        )

    @property
    def ready(self) -> tuple[Address, ...]:
        """Everything that it may do; a container that starts earlier is refused what it needs."""
        return tuple(member.address for member in self.members)


def service_account(prefix: str, name: str, description: str, grants: Sequence[Grant] = ()) -> ServiceAccount:
    """Make a service account. Its id has 6 to 30 characters.

    https://cloud.google.com/iam/docs/service-accounts-create
    """
    return ServiceAccount(
        label=label(name),
        account_id=fit(f"{prefix}-{name}", 30),
        display_name=f"{prefix} {name}",
        description=description,
        grants=tuple(grants),
    )


def on_bucket(address: Address) -> Scope:
    """A bucket of Cloud Storage."""
    return scope("google_storage_bucket_iam_member", address.label, bucket=address.name)


def on_secret(address: Address) -> Scope:
    """A secret of Secret Manager."""
    return scope("google_secret_manager_secret_iam_member", address.label, secret_id=address.id)


def on_topic(address: Address) -> Scope:
    """A topic of Pub/Sub."""
    return scope("google_pubsub_topic_iam_member", address.label, topic=address.id)


def on_subscription(address: Address) -> Scope:
    """A subscription of Pub/Sub."""
    return scope("google_pubsub_subscription_iam_member", address.label, subscription=address.name)


def on_key(address: Address) -> Scope:
    """A key of Cloud KMS."""
    return scope("google_kms_crypto_key_iam_member", address.label, crypto_key_id=address.id)


def scope(type_: str, label_: str, **arguments: HclValue) -> Scope:
    """What a grant is given on: the type of resource that gives it, what it is called in labels, and what names it."""
    return Scope(type_, label_, tuple(Argument(Ref(name), value) for name, value in arguments.items()))
