"""Roles and what they may do. One role per container and purpose, with only the grants that the spec implies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cloudgen.stack.aws.account import Account
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
class Role:
    """A role that one AWS service may assume, with an inline policy of its grants."""

    label: str
    name: str
    description: str
    principal: str
    grants: Sequence[Grant] = ()
    trust_conditions: Sequence[Condition] = ()
    managed_policies: Mapping[str, str] = field(default_factory=dict)
    """Policies that AWS keeps and that the role needs, by label."""

    @property
    def address(self) -> Address:
        """The role's address."""
        return Address("aws_iam_role", self.label)

    @property
    def trust(self) -> Address:
        """The policy document that says who may assume the role."""
        return Address("data.aws_iam_policy_document", f"{self.label}_trust")

    @property
    def document(self) -> Address:
        """The policy document with the grants."""
        return Address("data.aws_iam_policy_document", self.label)

    @property
    def policy(self) -> Address:
        """The inline policy, which must exist before anything uses the role."""
        return Address("aws_iam_role_policy", self.label)


def role(
    account: Account,
    prefix: str,
    name: str,
    description: str,
    principal: str,
    grants: Sequence[Grant],
    *,
    source_arn: Arn | None = None,
) -> Role:
    """Make a role for `principal`, trusted only on behalf of this account (confused deputy).

    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """
    conditions = [Condition("StringEquals", "aws:SourceAccount", [account.id])]
    if source_arn is not None:
        conditions.append(Condition("ArnLike", "aws:SourceArn", [source_arn]))
    # 64 characters is the limit of a role name.
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    return Role(label(name), fit(f"{prefix}-{name}", 64), description, principal, tuple(grants), tuple(conditions))
