"""Two rules of every cloud: no two resources have one address, and no two of a kind have one name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from cloudgen.errors import Problem
from cloudgen.stack.base import Address, Problems, Template
from cloudgen.stack.naming import Shortened


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
    elif is_dataclass(node) and not isinstance(node, type):
        if id(node) in done:
            return
        done.add(id(node))
        for field in fields(node):
            yield from _shortened(getattr(node, field.name), type(node).__name__, field.name, done)
