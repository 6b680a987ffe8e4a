"""Which of the arguments that cannot change in place a plan changes.

Names are dotted. One that ends at an attribute means its value; one that ends at a block means how many there are, as
ForceNew on a block does: https://developer.hashicorp.com/terraform/plugin/sdkv2/schemas/schema-behaviors#forcenew
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rig.standin.schema import Block, ValuePath


def replaced(block: Block, names: Iterable[str], prior: Any, planned: Any) -> Iterator[ValuePath]:
    """Yield the paths that a plan changes; into a set no path leads further than to the set."""
    for name in names:
        yield from dict.fromkeys(_changed(block, tuple(name.split(".")), prior, planned, ()))


def _changed(block: Block, words: tuple[str, ...], prior: Any, planned: Any, path: ValuePath) -> Iterator[ValuePath]:
    if not isinstance(prior, dict) or not isinstance(planned, dict):
        return
    word, rest = words[0], words[1:]
    before, after = prior.get(word), planned.get(word)
    here = (*path, word)
    nested = block.get("block_types", {}).get(word)
    if nested is None:
        if before != after and (before or after):
            yield here
        return
    if not isinstance(before, list) or not isinstance(after, list):
        pairs = [(before, after)] if rest else []
        differ = (before is None) != (after is None)
    else:
        pairs = list(zip(before, after, strict=False)) if rest else []
        differ = len(before) != len(after)
    if not rest:
        if differ:
            yield here
        return
    for at, (one, other) in enumerate(pairs):
        inside = list(_changed(nested["block"], rest, one, other, (*here, at)))
        if inside and nested["nesting_mode"] == "set":
            yield here
        else:
            yield from inside
