"""TOML files of the application, read with patience: a broken file is told, a table of the wrong kind is empty."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cloudgen.detect.tree import Tree


def toml(tree: Tree, file: str) -> tuple[str, dict[str, Any]]:
    """Return a TOML file's text and data, both empty where there is none; one that is broken is noted."""
    text = tree.text(file)
    if text is None:
        return "", {}
    try:
        return text, tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        note = f"{file} is no valid TOML, so it was not looked at: {error}"
        if note not in tree.notes:
            tree.notes.append(note)
        return text, {}


def table(data: Any, *keys: str) -> dict[str, Any]:
    """Return the table at a path, empty where something else is there."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def texts(value: Any) -> list[str]:
    """Return the texts of a list, or a text alone as a list."""
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
