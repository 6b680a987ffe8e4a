"""What `connects_to` and `secrets` mean for a workload, whatever runs it: variables, grants, rules, and their order."""

from __future__ import annotations

from collections.abc import Sequence

from cloudgen.dataclass import dataclass
from cloudgen.stack import contract
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Condition, Grant
from cloudgen.stack.aws.images import pull
from cloudgen.stack.aws.network.network import Network
from cloudgen.stack.aws.network.security_groups import Rule
from cloudgen.stack.aws.platforms.workload import Around
from cloudgen.stack.aws.secrets import Secret
from cloudgen.stack.aws.storage.resource import Resource
from cloudgen.stack.base import Address, join, label
from cloudgen.stack.workload import Told, Wanted


@dataclass(frozen=True)
class Connections:
    """What a container uses."""

    wanted: Wanted
    used: tuple[tuple[Resource, str | None], ...]
    """Each connection: the resource, and the verb of the spec. A kept folder is one, too."""
    secrets: tuple[Secret, ...]
    network: Network

    @property
    def resources(self) -> tuple[Resource, ...]:
        """What it connects to, each once."""
        return tuple({resource.name: resource for resource, _ in self.used}.values())

    @property
    def given(self) -> Told:
        """What port and connections tell the container."""
        port = () if self.wanted.spec.port is None else (contract.port(self.wanted.spec.port),)
        return Told(
            (*port, *(variable for resource in self.resources for variable in resource.environment)),
            tuple(variable for resource in self.resources for variable in resource.secrets),
            {f"{each.name}.{part}": value for each in self.resources for part, value in each.parts.items()},
        )

    def starting(self, foundation: Foundation, log_group: Address) -> tuple[Grant, ...]:
        """What starting the container takes: its image, its log, the secrets that it reads."""
        return (
            *pull(foundation, self.wanted),
            Grant("WriteLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], [join(log_group.arn, ":*")]),
            *self.reading,
        )

    @property
    def reading(self) -> tuple[Grant, ...]:
        """What reading its secrets takes."""
        return tuple(
            merged(
                [grant for secret in self.secrets for grant in secret.secret_grants]
                + [grant for resource in self.resources for grant in resource.secret_grants]
            )
        )

    @property
    def grants(self) -> tuple[Grant, ...]:
        """What the application itself may do."""
        return tuple(merged([grant for resource, verb in self.used for grant in resource.grants(verb)]))

    @property
    def egress(self) -> tuple[Rule, ...]:
        """Whom it reaches: the internet or AWS's services, and what it connects to."""
        name = self.wanted.name
        rules = list(self.network.egress(name, self.wanted.spec.egress))
        for resource in self.resources:
            if resource.endpoint is not None:
                rule = f"{label(name)}_to_{label(resource.name)}"
                title = f"{name} to {resource.endpoint.title}"
                rules.append(Rule(rule, title, resource.endpoint.port, peer=resource.endpoint.group))
        return tuple(rules)

    def before(self, *own: Address, inside: bool = True) -> tuple[Address, ...]:
        """What has to exist before the container can start; `own` are its rules and policies.

        `inside` is False for what runs outside of the network, and needs no way out of it.
        """
        name = self.wanted.name
        return tuple(
            dict.fromkeys(
                [*(self.network.way_out(name) if inside else ()), *own]
                + [address for secret in self.secrets for address in secret.before]
                + [address for resource, _ in self.used for address in resource.before]
                + [
                    Address("aws_vpc_security_group_ingress_rule", f"{label(resource.name)}_from_{label(name)}")
                    for resource, _ in self.used
                    if resource.endpoint is not None
                ]
            )
        )


def connections(wanted: Wanted, around: Around) -> Connections:
    """Look up what a container uses."""
    return Connections(
        wanted,
        (
            *((around.resources[use.name], use.verb) for use in wanted.uses),
            *((around.resources[name], None) for name in wanted.kept),
        ),
        tuple(around.secrets[secret] for secret in wanted.secrets),
        around.network,
    )


def merged(grants: Sequence[Grant]) -> list[Grant]:
    """One statement for grants that differ only in their resources and in what these are reached by; none twice."""
    found: dict[tuple[str, tuple[str, ...]], Grant] = {}
    for grant in grants:
        key = (grant.sid, tuple(grant.actions))
        known = found.get(key)
        resources = list(dict.fromkeys([*(known.resources if known else ()), *grant.resources]))
        conditions = _together([*(known.conditions if known else ()), *grant.conditions])
        found[key] = Grant(grant.sid, grant.actions, resources, conditions)
    return list(found.values())


def _together(conditions: Sequence[Condition]) -> list[Condition]:
    """One condition for all values of a variable: any of them will do."""
    found: dict[tuple[str, str], Condition] = {}
    for each in conditions:
        known = found.get((each.test, each.variable))
        values = tuple(dict.fromkeys([*(known.values if known else ()), *each.values]))
        found[each.test, each.variable] = Condition(each.test, each.variable, values)
    return list(found.values())
