"""The fewest trees that have every type of resource between them: what is played often, where all takes too long."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

TYPE = re.compile(r'^(?:resource|data) "(\w+)"', re.MULTILINE)


def types(tree: Path) -> set[str]:
    """Return the types of resources and data sources in a rendered tree, with its modules."""
    return {found for path in tree.rglob("*.tf") for found in TYPE.findall(path.read_text(encoding="utf-8"))}


def fewest(trees: Mapping[str, Path]) -> tuple[str, ...]:
    """Return the names of trees that have every type: each time the one that adds most."""
    having = {name: types(tree) for name, tree in trees.items()}
    left = set[str]().union(*having.values())
    chosen: list[str] = []
    while left:
        chosen.append(max(having, key=lambda name: len(having[name] & left)))
        left -= having[chosen[-1]]
    return tuple(chosen)
