"""A rule of every cloud: no two resources have one address."""

from __future__ import annotations

from collections.abc import Iterable

from cloudgen.stack.base import Address, Problems


def check_clashes(addresses: Iterable[Address], problems: Problems) -> None:
    """Record a problem for names that join to one: container `a` with bucket `b-c`, and `a-b` with `c`."""
    if any(problem.code == "reserved-name" for problem in problems.errors):
        return  # Such a name clashes with cloudgen's own, which is told already.
    seen: set[Address] = set()
    for address in addresses:
        if address in seen:
            problems.error(
                "name-clash",
                f"two grants, rules or alarms would both be called {address.label}",
                ("containers",),
                "rename one of the containers or resources whose names, joined by a hyphen, are the same",
            )
        seen.add(address)
