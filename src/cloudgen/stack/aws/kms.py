"""The customer's own key: who may use it, and the grants to use it through one service."""

from __future__ import annotations

from collections.abc import Iterable

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws.addresses import KEY
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Condition, Grant
from cloudgen.stack.base import Address, Ref, Template


@dataclass(frozen=True)
class Key:
    """The key that encrypts all data of the stack, rendered by kms.tf."""

    alias: str
    description: str
    deletion_window: int
    """Days between asking for deletion and deletion."""
    account_root: Template
    """The principal that stands for the whole account: its IAM policies decide who may use the key."""
    logs_principal: str
    log_groups: Template
    """What CloudWatch Logs may encrypt."""
    account: str | Ref
    users: tuple[Template, ...]
    """Roles of services that encrypt with the key in their own name, such as the disks of machines."""

    @property
    def address(self) -> Address:
        """The key's address."""
        return KEY

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of kms.tf."""
        return (KEY, Address("aws_kms_alias", "main"))

    @property
    def arn(self) -> Ref:
        """What other resources name the key by."""
        return self.address.arn


def key(foundation: Foundation, users: Iterable[Template] = ()) -> Key | None:
    """Decide the key; None where AWS's own keys encrypt.

    `users` are roles of services that encrypt with it in their own name.
    """
    if not foundation.customer_key:
        return None
    account = foundation.account
    return Key(
        alias=f"alias/{foundation.prefix}",
        description=f"Encrypts the data of {foundation.prefix}",
        # 7 to 30 days. https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
        deletion_window=30 if foundation.deployment.security.deletion_protection else 7,
        account_root=account.arn("iam", "root", regional=False),
        logs_principal=f"logs.{account.region}.{account.dns_suffix}",
        log_groups=account.arn("logs", "log-group:*"),
        account=account.id,
        users=tuple(dict.fromkeys(users)),
    )


def use_key(foundation: Foundation, sid: str, service: str, *actions: str) -> tuple[Grant, ...]:
    """Make the grant to use the customer's key through one service only, never directly; nothing without such a key.

    `use_key(foundation, "DecryptObjects", "s3", "Decrypt")`.
    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
    """
    if foundation.key is None:
        return ()
    account = foundation.account
    through = Condition("StringEquals", "kms:ViaService", (f"{service}.{account.region}.{account.dns_suffix}",))
    return (Grant(sid, tuple(f"kms:{action}" for action in actions), (foundation.key,), (through,)),)
