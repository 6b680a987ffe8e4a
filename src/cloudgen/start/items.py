"""Lines of a spec before they are text: a value, a comment, and whether the spec knows the key."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from cloudgen.dataclass import dataclass

_PLAIN = re.compile(r"\.|[A-Za-z/][A-Za-z0-9_./-]*(?::[A-Za-z0-9_.]+)?")
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off"})


@dataclass(frozen=True)
class Item:
    """One key's value: a scalar, a list, a flow mapping, or `Block` for keys below it; None leaves the key open.

    `is_known` False writes the line as a comment: a finding that the spec has no key for.
    """

    value: Any
    comment: str = ""
    is_known: bool = True


class Block(dict[str, Item]):
    """Keys that stand below another one, a line each."""


def lines(block: Mapping[str, Item], indent: int = 0) -> Iterator[str]:
    """Write keys as YAML."""
    for key, item in block.items():
        margin = " " * indent + ("" if item.is_known else "# ")
        comment = f"  # {printable(item.comment)}" if item.comment else ""
        if isinstance(item.value, Block):
            yield f"{margin}{key}:{comment}"
            yield from lines(item.value, indent + 2)
        elif item.value is None:
            yield f"{margin}{key}:{comment}"
        else:
            yield f"{margin}{key}: {flow(item.value)}{comment}"


def flow(value: Any) -> str:
    """Write a value on one line, so that YAML reads it as it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    text = str(value)
    return text if _PLAIN.fullmatch(text) and text.lower() not in _WORDS else json.dumps(text, ensure_ascii=False)


def printable(text: str) -> str:
    """Return a text that cannot end a comment."""
    return "".join(character if character.isprintable() else "?" for character in text)
