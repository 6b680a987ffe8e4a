"""The account, region and partition that everything belongs to, and the ARNs made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws.regions import known
from cloudgen.stack.base import Address, Ref, Template, join

if TYPE_CHECKING:
    from cloudgen.stack.aws.target import AwsTarget


GLOBAL = "us-east-1"
"""Where Route 53 keeps what it measures.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html
"""


@dataclass(frozen=True)
class Account:
    """Where the stack lives. `id` is the literal account id, or a reference where the spec has none."""

    region: str
    partition: str
    dns_suffix: str
    id: str | Ref
    stated: bool
    """Whether the spec states the account id, so that plans need no look-up and wrong accounts are refused."""

    @property
    def second_region(self) -> str | None:
        """The region of what exists in one region only; None where the stack is there, or its partition has no such."""
        return GLOBAL if self.partition == "aws" and self.region != GLOBAL else None

    @property
    def blocks(self) -> tuple[Address, ...]:
        """What looks the account id up, where the spec does not state it."""
        return () if self.stated else (Address("data.aws_caller_identity", "current"),)

    def arn(self, service: str, *resource: str | Ref, regional: bool = True) -> Template:
        """An ARN in this account: `account.arn("iam", "root", regional=False)`."""
        region = self.region if regional else ""
        return join(f"arn:{self.partition}:{service}:{region}:", self.id, ":", *resource)

    def managed_policy(self, path: str) -> str:
        """The ARN of a policy that AWS keeps."""
        return f"arn:{self.partition}:iam::aws:policy/{path}"


def account(target: AwsTarget) -> Account:
    """Derive the account from the spec's coordinates; the partition follows from the region.

    https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
    """
    return Account(
        region=target.region,
        partition=known(target.region).partition,
        dns_suffix="amazonaws.com",
        id=target.account or Ref("data.aws_caller_identity.current.account_id"),
        stated=target.account is not None,
    )
