"""How a change gets into a resource: by an update mask, by merging, or by replacing."""

from __future__ import annotations

import re
from typing import Any

from rig.gcp.discovery import Api
from rig.gcp.refusal import invalid

Json = dict[str, Any]

WHOLE = ("labels", "annotations", "userLabels")
"""Maps of which a merge takes the new value as it is: a label that is not sent is gone."""


def camel(name: str) -> str:
    """Return a name as JSON has it: `update_mask` is `updateMask`."""
    return re.sub(r"_(\w)", lambda letter: letter[1].upper(), name)


def mask_paths(mask: str) -> list[str]:
    """Return the paths of an update mask, as JSON names them."""
    return [camel(path.strip()) for path in mask.split(",") if path.strip()]


def check_mask(api: Api, schema: str, paths: list[str]) -> None:
    """Refuse a path that leads nowhere: only what a resource has can be changed. Raises `Refusal`."""
    for path in paths:
        fields: Json | None = api.properties(schema)
        for word in path.split("."):
            if not fields:
                break
            if word not in fields:
                invalid(f"Invalid update mask: {schema} has no field {path}")
            found = fields[word]
            fields = api.properties(found["$ref"]) if "$ref" in found else found.get("properties")


def change_masked(target: Json, source: Json, paths: list[str]) -> None:
    """Change exactly what the paths name; what the source does not have is removed."""
    for path in paths:
        *way, last = path.split(".")
        here: Json = target
        there: Any = source
        for word in way:
            there = there.get(word) if isinstance(there, dict) else None
            if not isinstance(here.get(word), dict):
                here[word] = {}
            here = here[word]
        if isinstance(there, dict) and there.get(last) is not None:
            here[last] = clean(there[last])
        else:
            here.pop(last, None)


def merge(target: Json, source: Json) -> None:
    """Change what the source has, and leave all else: a patch without a mask. A null removes."""
    for key, value in source.items():
        if value is None:
            target.pop(key, None)
        elif isinstance(value, dict) and isinstance(target.get(key), dict) and key not in WHOLE:
            merge(target[key], value)
        else:
            target[key] = clean(value)


def replace(target: Json, source: Json, kept: frozenset[str]) -> None:
    """Replace a resource but for what its API itself keeps."""
    for key in [key for key in target if key not in kept and key not in source]:
        del target[key]
    target.update(source)


def clean(value: Any, *, nulls: bool = False) -> Any:
    """Return a body without nulls, which Google's APIs drop, in lists, too; with `nulls`, fields keep theirs."""
    if isinstance(value, dict):
        return {key: clean(item, nulls=nulls) for key, item in value.items() if item is not None or nulls}
    if isinstance(value, list):
        return [clean(item) for item in value if item is not None]
    return value
