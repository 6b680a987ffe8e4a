"""Two rules of every cloud: no two blocks have one address, and no two things of a kind have one name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cloudgen.dataclass import fields, is_dataclass
from cloudgen.errors import Problem, SpecPath
from cloudgen.stack.base import Address, Problems, Template, label
from cloudgen.stack.naming import Shortened

Owned = tuple[SpecPath, Sequence[Address]]
"""Where the spec names something, and the blocks that are rendered for it."""


def check_clashes(blocks: Iterable[Address], problems: Problems, owned: Iterable[Owned] = ()) -> None:
    """Record a problem for each address that two blocks have.

    `blocks` are all blocks of a module, and `owned` those that belong to something that the spec names. Three cases:

    * A container `firewall` has the address of a block of cloudgen's own: that name is reserved.
    * A queue `jobs-dead-letter` has the address of the dead-letter queue of `jobs`: that name is reserved as well,
      because one of the two is named by the spec, and the other one follows from it.
    * Container `a` with bucket `b-c`, and `a-b` with `c`, join to one name.
    """
    twice = [address for address, number in Counter(blocks).items() if number > 1]
    if not twice:
        return
    parts = [(path, Counter(addresses)) for path, addresses in owned]
    reserved: set[tuple[SpecPath, ...]] = set()
    joined: dict[tuple[SpecPath, ...], Address] = {}
    for address in twice:
        owners = tuple(path for path, addresses in parts if addresses[address])
        alone = len(owners) == 1 and all(addresses[address] < 2 for _, addresses in parts)
        named = owners if alone else tuple(path for path in owners if label(str(path[-1])) == address.label)
        if len(named) != 1:
            joined.setdefault(owners, address)
        elif owners not in reserved:
            reserved.add(owners)
            _reserved(address, named[0], [path for path in owners if path != named[0]], problems)
    for owners, address in joined.items():
        if owners not in reserved:
            _joined(address, owners, problems)


def _reserved(address: Address, path: SpecPath, others: Sequence[SpecPath], problems: Problems) -> None:
    whose = f"what belongs to {' and '.join(map(_text, others))}" if others else "resources of its own"
    problems.error(
        "reserved-name",
        f"`{path[-1]}` is how cloudgen names {whose}, such as {address}",
        path,
        "choose another name",
    )


def _joined(address: Address, owners: Sequence[SpecPath], problems: Problems) -> None:
    whose = f", for {' and '.join(map(_text, owners))}" if owners else ""
    problems.error(
        "name-clash",
        f"two grants, rules or alarms would both be called {address.label}{whose}",
        owners[-1] if owners else ("containers",),
        "rename one of the containers or resources whose names, joined by a hyphen, are the same",
    )


def _text(path: SpecPath) -> str:
    return ".".join(map(str, path))


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
