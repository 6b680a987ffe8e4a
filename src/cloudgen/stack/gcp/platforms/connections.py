"""What a container gets by `connects_to` and `secrets`, whatever runs it: an account, rules, variables, an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cloudgen.dataclass import dataclass, replace
from cloudgen.stack import contract
from cloudgen.stack.base import Address, Variable, join
from cloudgen.stack.gcp.addresses import BALANCER_ADDRESS, GRANTS_READY, HTTPS, NAT
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import Grant, ServiceAccount, service_account
from cloudgen.stack.gcp.network.firewall import FirewallRule, allow, allow_out, network_tag
from cloudgen.stack.gcp.platforms.workload import Around
from cloudgen.stack.gcp.storage.resource import Resource
from cloudgen.stack.workload import Told, Wanted, told

Used = Sequence[tuple[Resource, str | None]]
"""What a container connects to, each with the verb of the connection."""


@dataclass(frozen=True)
class Connected:
    """A container with what belongs to it alone, and what it may use."""

    account: ServiceAccount
    tag: str
    """Its network tag."""
    rules: tuple[FirewallRule, ...]
    """What it may reach in the network."""
    told: Told
    """Its environment."""
    before: tuple[Address, ...]
    """What has to exist before it can start."""


def connect(
    foundation: Foundation,
    wanted: Wanted,
    around: Around,
    *,
    start: Sequence[Grant] = (),
    variables: Sequence[Variable] = (),
    reserved: Mapping[str, str] | None = None,
    by: str = "connects_to",
) -> Connected:
    """Decide what a container gets.

    `start` is what it takes to start it, where that is done by its own account; `variables` are those that the
    platform gives beside connections. `reserved` and `by` are as in `workload.told`.
    """
    prefix, name = foundation.prefix, wanted.name
    used = [(around.resources[use.name], use.verb) for use in wanted.uses]
    used += [(around.resources[name], None) for name in wanted.kept]
    connected = list({resource.name: resource for resource, _ in used}.values())
    own_secrets = [around.secrets[secret] for secret in wanted.secrets]
    grants = [grant for resource, verb in used for grant in resource.grants(verb)]
    account = service_account(
        prefix,
        name,
        f"Container {name}: what it may do",
        [*start, *grants, *(grant for secret in own_secrets for grant in secret.grants)],
    )
    rules = (
        *(allow(prefix, name, one.name, one.endpoint) for one in connected if one.endpoint is not None),
        *(allow_out(prefix, name, way) for way in wanted.spec.egress),
    )
    given = _given(wanted, connected, used, account)
    environment = told(
        wanted,
        replace(given, variables=(*variables, *given.variables)),
        around.secrets,
        foundation.problems,
        reserved=reserved,
        by=by,
    )
    return Connected(
        account=account,
        tag=network_tag(prefix, name),
        rules=rules,
        told=environment,
        before=tuple(
            dict.fromkeys(
                [
                    *_way_out(foundation, rules),
                    *((GRANTS_READY,) if account.ready else ()),
                    *(address for secret in own_secrets for address in secret.before),
                    *(address for resource in connected for address in resource.before),
                ]
            )
        ),
    )


def _given(wanted: Wanted, connected: Sequence[Resource], used: Used, account: ServiceAccount) -> Told:
    """What load balancer and connections tell the container."""
    uses = tuple({(resource.name, verb): (resource, verb) for resource, verb in used}.values())
    return Told(
        (
            *_trusted(wanted),
            *(variable for resource in connected for variable in resource.environment),
            *(variable for resource, verb in uses for variable in resource.connected(verb, account)),
        ),
        tuple(variable for resource in connected for variable in resource.secrets),
        {f"{each.name}.{part}": value for each, verb in uses for part, value in each.parts(verb).items()},
    )


def _trusted(wanted: Wanted) -> tuple[Variable, ...]:
    """Let the server in an image of cloudgen's believe the load balancer, too.

    It puts its own address last into X-Forwarded-For. Without the variable, every request would come from there.
    https://cloud.google.com/load-balancing/docs/https#x-forwarded-for_header
    """
    container = wanted.spec
    if not wanted.routed or not container.built or contract.FORWARDED in container.environment:
        return ()
    known = ",".join(contract.PROXIES)
    return (Variable(contract.FORWARDED, join(f"{known},", BALANCER_ADDRESS.address)),)


def _way_out(foundation: Foundation, rules: Sequence[FirewallRule]) -> tuple[Address, ...]:
    """What a container needs to reach anything: made before it, and destroyed after it."""
    nat = foundation.deployment.networking.nat != "none"
    return (HTTPS, *((NAT,) if nat else ()), *(rule.address for rule in rules))
