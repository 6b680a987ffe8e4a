"""Two rules of every cloud: no two blocks have one address, and no two things of a kind have one name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cloudgen.dataclass import fields, is_dataclass
from cloudgen.errors import Problem, SpecPath
from cloudgen.stack.base import Address, Problems, Template
from cloudgen.stack.naming import Shortened

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


def check_shortened(stack: object) -> tuple[Problem, ...]:
    """Return a problem for each two names of a stack that shortening made one, among things of one kind."""
    seen: dict[tuple[str, str, str], str] = {}
    found: dict[tuple[str, str], Problem] = {}
    for kind, attribute, name in _shortened(stack, "", "", set()):
        other = seen.setdefault((kind, attribute, name), name.full)
        if other != name.full:
            first, second = sorted((other, name.full))
            found[first, second] = Problem(
                "name-clash",
                f"`{first}` and `{second}` are too long for the cloud, and shortened both are `{name}`",
                ("name",),
                hint="give one of the two containers or resources a shorter name",
            )
    return tuple(found[pair] for pair in sorted(found))


def _shortened(node: Any, kind: str, attribute: str, done: set[int]) -> Iterator[tuple[str, str, Shortened]]:
    """Walk through a stack, and yield each shortened name with the class and the attribute that it belongs to."""
    if isinstance(node, Shortened):
        yield kind, attribute, node
    elif isinstance(node, Template | Mapping | list | tuple):
        items = node.parts if isinstance(node, Template) else node.values() if isinstance(node, Mapping) else node
        for item in items:
            yield from _shortened(item, kind, attribute, done)
    elif is_dataclass(node):
        if id(node) in done:
            return
        done.add(id(node))
        for name in fields(node):
            yield from _shortened(getattr(node, name), type(node).__name__, name, done)
