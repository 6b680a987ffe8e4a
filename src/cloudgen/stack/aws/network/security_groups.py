"""Security groups and their rules. Groups admit each other by reference, never by address range, inside the network."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws.addresses import security_group
from cloudgen.stack.base import Address, Ref, label


@dataclass(frozen=True)
class Rule:
    """One rule, for TCP if it has a port. The peer is just one of three: another group, an IPv4 range, a prefix list.

    A rule without a port admits everything: for peers whose port changes while both the old and the new one serve.
    """

    label: str
    description: str
    port: int | None
    peer: Address | None = None
    cidr: str | None = None
    prefix_list: Ref | None = None

    @property
    def protocol(self) -> str:
        """The protocol as AWS writes it: `-1` is all of them, with all their ports, and goes without ports.

        All ports of TCP alone would do, but checkov takes such a rule for one that admits everybody: it does not read
        `referenced_security_group_id`. What a load balancer sends is TCP anyway.
        """
        return "-1" if self.port is None else "tcp"

    @property
    def any_port(self) -> bool:
        """Whether it admits everything."""
        return self.port is None

    @property
    def public_http(self) -> bool:
        """Whether everybody may send plain HTTP."""
        return self.port == 80 and self.cidr == "0.0.0.0/0"


@dataclass(frozen=True)
class SecurityGroup:
    """A security group, rendered by the partial `_security_group.tf.j2`."""

    label: str
    name_prefix: str
    description: str
    ingress: tuple[Rule, ...] = ()
    egress: tuple[Rule, ...] = ()
    scheduled: bool = False
    """Whether it is a job's, so that only a schedule attaches it."""

    @property
    def name(self) -> str:
        """What the group is called in the console; its real name ends in characters that AWS adds."""
        return self.name_prefix.rstrip("-")

    @property
    def address(self) -> Address:
        """The group's address."""
        return security_group(self.label)

    @property
    def addresses(self) -> tuple[Address, ...]:
        """The addresses of the group and of all its rules."""
        admitted = (Address("aws_vpc_security_group_ingress_rule", rule.label) for rule in self.ingress)
        return (self.address, *admitted, *self.egress_addresses)

    @property
    def egress_addresses(self) -> tuple[Address, ...]:
        """The addresses of the rules by which its members reach others."""
        return tuple(Address("aws_vpc_security_group_egress_rule", rule.label) for rule in self.egress)


@dataclass(frozen=True)
class Endpoint:
    """Where a resource accepts connections: its security group and port, and what to call it in a rule."""

    group: Address
    port: int
    title: str


def admit(owner: str, title: str, consumers: tuple[tuple[str, Address], ...], port: int) -> tuple[Rule, ...]:
    """Make the ingress rules that let each consumer (name, security group) in."""
    return tuple(
        Rule(f"{label(owner)}_from_{label(name)}", f"{name} to {title}", port, peer=group) for name, group in consumers
    )
