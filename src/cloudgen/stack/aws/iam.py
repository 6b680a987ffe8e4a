"""Roles and what they may do. One role per container and purpose, with only the grants that the spec implies."""

from __future__ import annotations

from collections.abc import Sequence

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws.arns import Account
from cloudgen.stack.base import Address, Ref, Template, label
from cloudgen.stack.naming import fit

Arn = str | Ref | Template


@dataclass(frozen=True)
class Condition:
    """A condition of a policy statement."""

    test: str
    variable: str
    values: Sequence[Arn]


@dataclass(frozen=True)
class Grant:
    """One statement of a policy: these actions on these resources."""

    sid: str
    actions: Sequence[str]
    resources: Sequence[Arn]
    conditions: Sequence[Condition] = ()


@dataclass(frozen=True)
class Trust:
    """Who may assume a role: one AWS service, on behalf of this account only. Roles with the same trust share it.

    `actions` are what the service does to become the role; EKS tags its sessions as well.
    """

    principal: str
    conditions: tuple[Condition, ...]
    actions: tuple[str, ...] = ("sts:AssumeRole",)

    @property
    def label(self) -> str:
        """The label of its policy document: `ecs_tasks_trust`."""
        return f"{label(self.principal.split('.')[0])}_trust"

    @property
    def principals(self) -> tuple[str, ...]:
        """The services that may assume the role."""
        return (self.principal,)

    @property
    def address(self) -> Address:
        """Its policy document."""
        return Address("data.aws_iam_policy_document", self.label)


@dataclass(frozen=True)
class Attachment:
    """A policy that AWS keeps, attached to a role."""

    label: str
    arn: str


@dataclass(frozen=True)
class Role:
    """A role that one AWS service may assume, with an inline policy of its grants."""

    label: str
    name: str
    description: str
    trust: Trust
    grants: tuple[Grant, ...] = ()
    managed_policies: tuple[str, ...] = ()
    """ARNs of policies that AWS keeps and that the role needs."""

    @property
    def address(self) -> Address:
        """The role's address."""
        return Address("aws_iam_role", self.label)

    @property
    def document(self) -> Address:
        """The policy document with the grants."""
        return Address("data.aws_iam_policy_document", self.label)

    @property
    def policy(self) -> Address:
        """The inline policy, which must exist before anything uses the role."""
        return Address("aws_iam_role_policy", self.label)

    @property
    def policy_name(self) -> str:
        """The name of the inline policy."""
        return "grants"

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block that it renders in iam.tf, but its trust, which roles share."""
        granted = (self.document, self.policy) if self.grants else ()
        attached = (Address("aws_iam_role_policy_attachment", part.label) for part in self.attachments)
        return (self.address, *granted, *attached)

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The policies of AWS, labelled `<role>_<policy>` where a role has several."""
        if len(self.managed_policies) == 1:
            return (Attachment(self.label, self.managed_policies[0]),)
        return tuple(Attachment(f"{self.label}_{index + 1}", arn) for index, arn in enumerate(self.managed_policies))


def role(
    account: Account,
    prefix: str,
    name: str,
    description: str,
    principal: str,
    grants: Sequence[Grant],
    *,
    source_arn: Arn | None = None,
    managed_policies: Sequence[str] = (),
    bound: bool = True,
) -> Role:
    """Make a role for `principal`, trusted only on behalf of this account (confused deputy).

    `bound` is False for a service that does not say on whose behalf it acts.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """
    conditions = [Condition("StringEquals", "aws:SourceAccount", (account.id,))] if bound else []
    if source_arn is not None:
        conditions.append(Condition("ArnLike", "aws:SourceArn", (source_arn,)))
    return Role(
        label=label(name),
        name=role_name(account, f"{prefix}-{name}"),
        description=description,
        trust=Trust(principal, tuple(conditions)),
        grants=tuple(grants),
        managed_policies=tuple(managed_policies),
    )


def role_name(account: Account, name: str) -> str:
    """The name of a role. Roles belong to all regions of an account, so the region is a part of it.

    64 characters is the limit.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    return fit(f"{name}-{account.region}", 64)
