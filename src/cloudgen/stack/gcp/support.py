"""What the spec can say and Google Cloud cannot do: each an error at the field's line, never silence."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cloudgen.stack.base import Address
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.parity import PARITY, TITLE
from cloudgen.stack.parity import check

RESERVED = re.compile(r".*-scheduler")
"""Names of containers that would give two service accounts one address."""


def tell_parity(foundation: Foundation) -> None:
    """Record what the parity table says: errors for what is not rendered, warnings for what Google does its own way."""
    check(PARITY, TITLE, foundation.deployment, foundation.problems)


def check_names(foundation: Foundation) -> None:
    """Refuse container names that other parts of the stack use for their own resources."""
    for name in foundation.deployment.containers:
        if RESERVED.fullmatch(name):
            foundation.problems.error(
                "reserved-name",
                f"`{name}` is how cloudgen names resources of its own",
                ("containers", name),
                "choose another name",
            )


def check_addresses(foundation: Foundation, addresses: Iterable[Address]) -> None:
    """Refuse names that join to one: container `a` with bucket `b-c`, and container `a-b` with bucket `c`."""
    seen: set[Address] = set()
    for address in addresses:
        if address in seen:
            foundation.problems.error(
                "name-clash",
                f"two grants or rules would both be called {address.label}",
                ("containers",),
                "rename one of the containers or resources whose names, joined by a hyphen, are the same",
            )
        seen.add(address)
