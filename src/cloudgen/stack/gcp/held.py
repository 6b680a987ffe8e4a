"""What of a stack on Google Cloud holds data, by what it is known, and what an edit does to it.

What can never change in place is what the provider replaces for: https://registry.terraform.io/providers/hashicorp/google
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cloudgen.stack.base import Address
from cloudgen.stack.gcp.addresses import (
    KEY,
    KEY_RING,
    REGISTRY,
    SERVICES_CONNECTION,
    SERVICES_RANGE,
    STATE_BUCKET,
    ZONE,
)
from cloudgen.stack.gcp.storage import module
from cloudgen.stack.held import ACCOUNT, BOOTSTRAP, ROOT, Fact, Held, Mark, resources
from cloudgen.stack.holding import (
    audit_record,
    container,
    encrypted_with,
    encryption_key,
    images,
    secret,
    state,
    stored,
    zone,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cloudgen.stack.gcp.parts import GcpParts

NEW_KEY = (
    "Artifact Registry cannot change the encryption of a repository, so a new one takes its place, without the images"
)
ALONE = "; raise no version of a secret and let go of nothing in the same edit, for Terraform would find a cycle"
"""Machines are replaced by new ones that are made first, which Terraform asks of all that they depend on, too.

https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#create_before_destroy
"""
ON_CLOUD_RUN = ("containers", "functions")
"""Platforms that run what answers requests or events by one service of Cloud Run, which changes in place."""
REPLACED = "the range of a subnetwork that is in use cannot change, nor can the one that was handed to Google"


def identity(parts: GcpParts) -> tuple[Mark, ...]:
    """What tells this deployment from others."""
    return (
        Mark("name", parts.deployment.name, ("name",)),
        Mark("environment", parts.deployment.environment, ("environment",)),
        Mark("region", parts.region, ("targets", "gcp", "region")),
        Mark("project", parts.project, ("targets", "gcp", "project")),
    )


def held(parts: GcpParts) -> Iterator[Held]:
    """Everything that holds data, in the order of the spec's sections."""
    encryption = parts.deployment.security.encryption
    cidr = parts.deployment.networking.cidr
    fact = Fact("cidr", cidr, "impossible", REPLACED, ("networking", "cidr"))
    yield Held(("networking",), "the network", "everything in it", (fact,))
    for each in parts.workloads:
        platform = parts.deployment.platform(parts.deployment.containers[each.name])
        yield container(each.name, each.kind, platform, ALONE, ON_CLOUD_RUN)
    for kind, found in parts.storage.kinds.items():
        for resource in found:
            peering = (SERVICES_RANGE, SERVICES_CONNECTION) if resource.place == "peered" else ()
            around = (*module(kind).SHARED, *peering, *_granted(parts, resource.agents))
            blocks = resources((*resource.blocks, *around))
            yield stored(resource.stated, resource.keeps, resource.facts(encryption), {ROOT: blocks})
    for one in parts.secrets:
        yield secret(one.name, {ROOT: resources((*one.blocks, *_granted(parts, one.agents)))})
    if parts.dns and parts.dns.create_zone:
        yield zone(parts.dns.zone, {ROOT: (ZONE,)})
    if parts.audit:
        yield audit_record()
    yield from _before(parts)


def _granted(parts: GcpParts, agents: Iterable[str]) -> tuple[Address, ...]:
    """The grants by which a service reads its own data: without them what is encrypted is lost to it."""
    wanted = {name.replace("-", "_") for name in agents}
    members = parts.key.members if parts.key else ()
    return tuple(member.address for member in members if member.address.label in wanted)


def _before(parts: GcpParts) -> Iterator[Held]:
    """What bootstrap/ makes, and the keys of all modules."""
    made = parts.bootstrap
    if made and made.state:
        yield state({BOOTSTRAP: (STATE_BUCKET,)})
    if made and made.registry:
        key = encrypted_with(parts.deployment.security.encryption, NEW_KEY, both_ways=True)
        yield images((key,), {BOOTSTRAP: (REGISTRY,)})
    if parts.key:
        keys = {ROOT: parts.key.members}
        if made and made.key:
            keys[BOOTSTRAP] = made.key.members
        if parts.audit and parts.audit.key:
            keys[ACCOUNT] = parts.audit.key.members
        yield encryption_key(
            {name: (KEY_RING, KEY, *(member.address for member in members)) for name, members in keys.items()}
        )


def modules(parts: GcpParts) -> dict[str, tuple[Address, ...]]:
    """The modules that are rendered, with the blocks of each that may be let go and are still there."""
    found = {ROOT: parts.blocks}
    present = {BOOTSTRAP: parts.bootstrap is not None, ACCOUNT: parts.audit is not None}
    for name in (name for name, is_there in present.items() if is_there):
        found[name] = tuple(block for part in parts.held for block in part.blocks.get(name, ()))
    return found
