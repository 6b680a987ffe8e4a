"""What a planned change replaces a resource for, by what the real provider told (`changes`).

A change is another value of an attribute, in blocks, too, or another number of blocks. An element of a set has no place
that a path could name, so there the whole set is named, as the real provider does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rig.standin.changes import Changes
from rig.standin.encoding import is_unknown
from rig.standin.schema import Block, ValuePath

Way = tuple[str, ...]


def replaced_paths(block: Block, changes: Changes, prior: Any, planned: Any) -> list[ValuePath]:
    """Return the paths of all that changes and cannot change in place, each once."""
    found: dict[ValuePath, None] = {}
    for name in changes.replaced_by:
        found |= dict.fromkeys(_differing(block, tuple(name.split(".")), prior, planned, ()))
    for name in changes.replaced_by_count:
        found |= dict.fromkeys(_recounted(block, tuple(name.split(".")), prior, planned, ()))
    return list(found)


def _differing(block: Block, way: Way, before: Any, after: Any, path: ValuePath) -> Iterator[ValuePath]:
    """Yield the paths at which an attribute has another value."""
    if len(way) > 1:
        for inner, old, new, where in _nested(block, way[0], before, after, path):
            if where[-1] == way[0] and isinstance(old, list):
                if sorted(map(repr, _leaves(old, way[1:]))) != sorted(map(repr, _leaves(new, way[1:]))):
                    yield where
            else:
                yield from _differing(inner, way[1:], old, new, where)
    elif way[0] in block.get("attributes", {}):
        old, new = _get(before, way[0]), _get(after, way[0])
        if old != new and (old or new):
            yield (*path, way[0])


def _recounted(block: Block, way: Way, before: Any, after: Any, path: ValuePath) -> Iterator[ValuePath]:
    """Yield the paths at which there is another number of blocks."""
    if len(way) > 1:
        for inner, old, new, where in _nested(block, way[0], before, after, path):
            if not isinstance(old, list):
                yield from _recounted(inner, way[1:], old, new, where)
            elif sum(map(len, _leaves(old, way[1:]))) != sum(map(len, _leaves(new, way[1:]))):
                yield where
    elif way[0] in block.get("block_types", {}):
        old, new = _get(before, way[0]), _get(after, way[0])
        if is_unknown(new) or len(old or ()) != len(new or ()):
            yield (*path, way[0])


def _nested(
    block: Block, name: str, before: Any, after: Any, path: ValuePath
) -> Iterator[tuple[Block, Any, Any, ValuePath]]:
    """Yield the pairs of blocks of a name: block, the old and the new one, path; a set is one pair of lists."""
    nested = block.get("block_types", {}).get(name)
    if nested is None:
        return
    old, new = _get(before, name), _get(after, name)
    if nested["nesting_mode"] in ("single", "group"):
        yield nested["block"], old, new, (*path, name)
    elif nested["nesting_mode"] == "set":
        yield nested["block"], list(old or ()), [] if is_unknown(new) else list(new or ()), (*path, name)
    elif not is_unknown(new):
        old, new = list(old or ()), list(new or ())
        for at in range(max(len(old), len(new))):
            pair = (side[at] if at < len(side) else None for side in (old, new))
            yield nested["block"], *pair, (*path, name, at)


def _leaves(values: list[Any], way: Way) -> Iterator[Any]:
    """Yield what stands at the end of a way in each of some blocks; a missing value counts as an empty one."""
    for value in values:
        inner = _get(value, way[0])
        if len(way) == 1:
            yield inner or ""
        else:
            yield from _leaves(inner if isinstance(inner, list) else [inner], way[1:])


def _get(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None
