"""A rule of every cloud: no two blocks have one address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from cloudgen.errors import SpecPath
from cloudgen.stack.base import Address, Problems

Owned = tuple[SpecPath, Sequence[Address]]
"""Where the spec names something, and the blocks that are rendered for it."""


def check_clashes(blocks: Iterable[Address], problems: Problems, owned: Iterable[Owned] = ()) -> None:
    """Record a problem for each address that two blocks have.

    `blocks` are all blocks of a module, and `owned` those that belong to something that the spec names. A container
    `firewall` has the address of a block of cloudgen's own: that name is reserved. Container `a` with bucket `b-c`, and
    `a-b` with `c`, join to one name.
    """
    if any(problem.code == "reserved-name" for problem in problems.errors):
        return  # Such a name clashes with cloudgen's own, which is told already.
    twice = [address for address, number in Counter(blocks).items() if number > 1]
    if not twice:
        return
    parts = [(path, Counter(addresses)) for path, addresses in owned]
    told: set[SpecPath] = set()
    for address in twice:
        owners = [path for path, addresses in parts if addresses[address]]
        if len(owners) == 1 and all(addresses[address] < 2 for _, addresses in parts):
            if owners[0] not in told:
                problems.error(
                    "reserved-name",
                    f"`{owners[0][-1]}` is how cloudgen names resources of its own",
                    owners[0],
                    "choose another name",
                )
            told.add(owners[0])
        else:
            problems.error(
                "name-clash",
                f"two grants, rules or alarms would both be called {address.label}",
                ("containers",),
                "rename one of the containers or resources whose names, joined by a hyphen, are the same",
            )
