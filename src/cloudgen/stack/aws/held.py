"""What of a stack on AWS holds data, by what it is known, and what an edit does to it.

What can never change in place is what the provider replaces for: https://registry.terraform.io/providers/hashicorp/aws
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cloudgen.stack.aws.addresses import KEY
from cloudgen.stack.aws.storage import module
from cloudgen.stack.base import Address
from cloudgen.stack.held import ACCOUNT, BOOTSTRAP, ROOT, Fact, Held, Mark, resources
from cloudgen.stack.holding import audit_record, container, encryption_key, images, secret, state, stored, zone

if TYPE_CHECKING:
    from cloudgen.stack.aws.parts import AwsParts

GUARDED = "it is protected against deletion, so the apply would stop half-way, when nobody gets an answer any more"
REPLACED = "AWS cannot change the range of a VPC, and everything else is in it"


def identity(parts: AwsParts) -> tuple[Mark, ...]:
    """What tells this deployment from others."""
    account = parts.account
    return (
        Mark("name", parts.deployment.name, ("name",)),
        Mark("environment", parts.deployment.environment, ("environment",)),
        Mark("region", account.region, ("targets", "aws", "region")),
        Mark("account", str(account.id) if account.stated else "", ("targets", "aws", "account")),
    )


def held(parts: AwsParts) -> Iterator[Held]:
    """Everything that holds data, in the order of the spec's sections."""
    encryption = parts.deployment.security.encryption
    network = parts.network
    yield Held(
        ("networking",),
        "the network",
        "everything in it",
        (Fact("cidr", network.cidr, "impossible", REPLACED, ("networking", "cidr")),),
    )
    if parts.load_balancer:
        guard = GUARDED if parts.load_balancer.deletion_protection else ""
        yield Held(("load_balancer",), "the load balancer", "", guarded=guard)
    isolated = [Address(f"aws_{kind}", "isolated") for kind in ("subnet", "route_table", "route_table_association")]
    for each in parts.workloads:
        platform = parts.deployment.platform(parts.deployment.containers[each.name])
        yield container(each.name, each.kind, platform)
    for ground in parts.platforms:
        yield from ground.held
    for kind, found in parts.storage.kinds.items():
        for resource in found:
            roles = (block for role in resource.roles for block in role.blocks)
            around = (*module(kind).SHARED, *(isolated if resource.endpoint else ()))
            blocks = resources((*resource.blocks, *roles, *around))
            yield stored(resource.stated, resource.keeps, resource.facts(encryption), {ROOT: blocks})
    for one in parts.secrets:
        yield secret(one.name, {ROOT: resources(one.blocks)})
    if parts.dns and parts.dns.create_zone:
        yield zone(parts.dns.zone, {ROOT: (parts.dns.hosted_zone,)})
    if parts.audit:
        yield audit_record()
    yield from _before(parts)


def _before(parts: AwsParts) -> Iterator[Held]:
    """What bootstrap/ makes, and the keys of all modules."""
    made = parts.bootstrap
    if made and made.state:
        yield state({BOOTSTRAP: resources(made.state.blocks)})
    if made:
        # A repository keeps the encryption that it was made with, so no edit of that field touches it.
        yield images((), {BOOTSTRAP: resources(made.repository.blocks)})
    if parts.key:
        modules = (ROOT, *((BOOTSTRAP,) if made and made.key else ()))
        modules = (*modules, *((ACCOUNT,) if parts.audit and parts.audit.key else ()))
        yield encryption_key(dict.fromkeys(modules, (KEY,)))


def modules(parts: AwsParts) -> dict[str, tuple[Address, ...]]:
    """The modules that are rendered, with the blocks of each that may be let go and are still there."""
    found = {ROOT: parts.blocks}
    present = {BOOTSTRAP: parts.bootstrap is not None, ACCOUNT: parts.audit is not None}
    for name in (name for name, is_there in present.items() if is_there):
        found[name] = tuple(block for part in parts.held for block in part.blocks.get(name, ()))
    return found
