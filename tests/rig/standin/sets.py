"""Pairing the elements of set blocks with the prior state.

Terraform pairs set elements by their whole value. An element with computed members looks new when they are not yet
filled in, so a provider has to find the old element that it stands for; otherwise the second plan is never empty.
"""

from __future__ import annotations

from typing import Any

from rig.standin.schema import Block


def same(block: Block, new: dict[str, Any], old: dict[str, Any]) -> bool:
    """Whether `new`, with null for what it does not configure, is the block that `old` already is."""

    def nested_same(nested: Block, left: Any, right: Any) -> bool:
        if not isinstance(left, list) or not isinstance(right, list):
            return bool(left == right)
        inner = nested["block"]
        return len(left) == len(right) and all(
            any(isinstance(item, dict) and same(inner, item, other) for other in right) for item in left
        )

    return all(
        new.get(name) == old.get(name) or (new.get(name) is None and attribute.get("computed"))
        for name, attribute in block.get("attributes", {}).items()
    ) and all(
        nested_same(nested, new.get(name), old.get(name)) for name, nested in block.get("block_types", {}).items()
    )


def keep_known(block: Block, new: Any, old: Any) -> Any:
    """Return `new` with the elements of its set blocks replaced by the old elements that they stand for."""
    if not isinstance(new, dict) or not isinstance(old, dict):
        return new
    out = dict(new)
    for name, nested in block.get("block_types", {}).items():
        value, before, inner = new.get(name), old.get(name), nested["block"]
        if not isinstance(value, list) or not isinstance(before, list):
            continue
        if nested["nesting_mode"] == "set":
            out[name] = [
                next((item for item in before if same(inner, element, item)), element)
                if isinstance(element, dict)
                else element
                for element in value
            ]
        else:
            paired = [keep_known(inner, item, other) for item, other in zip(value, before, strict=False)]
            out[name] = paired + value[len(before) :]
    return out
