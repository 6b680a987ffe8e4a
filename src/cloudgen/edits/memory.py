"""What `.cloudgen.json` remembers of a deployment: whose folder it is, what holds data, and what was let go."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cloudgen.dataclass import dataclass, field
from cloudgen.errors import OutputError
from cloudgen.printable import printable

if TYPE_CHECKING:
    from cloudgen.stack.base import Stack
    from cloudgen.stack.held import Held

DEPLOYMENT, PARTS, LET_GO = "deployment", "parts", "let_go"

# They become Terraform again, so nothing else may be read from a file that anybody can edit.
_ADDRESS = re.compile(r"[a-z][a-z0-9_]*\.[a-z_][a-z0-9_]*")
_MODULE = re.compile(r"[a-z]+")
LONGEST = 1000
"""Characters of a text in the record."""

Blocks = Mapping[str, tuple[str, ...]]
"""Addresses of Terraform blocks by module."""


@dataclass(frozen=True)
class Remembered:
    """A part that holds data, as it was rendered last. `at` is its place in the spec where its name is another."""

    title: str
    keeps: str = ""
    only_let_go: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)
    blocks: Blocks = field(default_factory=dict)
    at: str = ""
    guarded: str = ""


@dataclass(frozen=True)
class Memory:
    """What is known of the deployment in a folder. `let_go` are the blocks of parts that are kept, but not managed."""

    deployment: Mapping[str, str]
    parts: Mapping[str, Remembered]
    let_go: Mapping[str, Blocks] = field(default_factory=dict)

    def dump(self) -> dict[str, Any]:
        """Return the record as JSON data, sorted; what is empty is left out."""
        parts = {name: _dumped(part) for name, part in sorted(self.parts.items())}
        let_go = {name: _listed(blocks) for name, blocks in sorted(self.let_go.items())}
        record = {DEPLOYMENT: dict(self.deployment), PARTS: parts, LET_GO: let_go}
        return {key: value for key, value in record.items() if value}


def of_stack(stack: Stack, let_go: Mapping[str, Blocks]) -> Memory:
    """Return what is to be remembered of a stack."""
    identity = {"target": stack.target, **{mark.name: mark.value for mark in stack.identity if mark.value}}
    return Memory(identity, {part.name: _remembered(part) for part in stack.held}, let_go)


def load(record: Mapping[str, Any], shown: str) -> Memory | None:
    """Read a record, which messages call `shown`; None where nothing is remembered, as before version 2.

    Raises `OutputError` when it is damaged.
    """
    if not record:
        return None
    try:
        parts = {_text(name): _part(part) for name, part in record.get(PARTS, {}).items()}
        let_go = {_text(name): _blocks(blocks) for name, blocks in record.get(LET_GO, {}).items()}
        return Memory(_texts(record[DEPLOYMENT]), parts, let_go)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise OutputError(
            f"{shown} is damaged, so cloudgen cannot tell what this folder holds: restore it from version control"
        ) from error


def _remembered(part: Held) -> Remembered:
    blocks = {module: tuple(str(block) for block in found) for module, found in part.blocks.items() if found}
    facts = {fact.name: fact.value for fact in part.facts}
    at = part.at if part.called else ""
    return Remembered(part.title, part.keeps, part.only_let_go, facts, blocks, at, part.guarded)


def _dumped(part: Remembered) -> dict[str, Any]:
    stated: dict[str, Any] = {"title": part.title, "at": part.at, "keeps": part.keeps}
    stated |= {"only_let_go": part.only_let_go, "facts": {**part.facts}, "guarded": part.guarded}
    return {key: value for key, value in {**stated, "blocks": _listed(part.blocks)}.items() if value}


def _listed(blocks: Blocks) -> dict[str, list[str]]:
    return {module: list(found) for module, found in sorted(blocks.items())}


def _part(part: Mapping[str, Any]) -> Remembered:
    unknown = set(part) - {"title", "at", "keeps", "only_let_go", "facts", "blocks", "guarded"}
    only = part.get("only_let_go", False)
    if unknown or not isinstance(only, bool):
        raise ValueError
    facts, blocks = _texts(part.get("facts", {})), _blocks(part.get("blocks", {}))
    keeps, at = _text(part.get("keeps", "")), _text(part.get("at", ""))
    return Remembered(_text(part["title"]), keeps, only, facts, blocks, at, _text(part.get("guarded", "")))


def _blocks(blocks: Mapping[str, Sequence[str]]) -> Blocks:
    for module, addresses in blocks.items():
        if not _MODULE.fullmatch(module) or not all(_ADDRESS.fullmatch(address) for address in addresses):
            raise ValueError
    return {module: tuple(addresses) for module, addresses in blocks.items()}


def _texts(texts: Mapping[str, str]) -> dict[str, str]:
    return {_text(name): _text(value) for name, value in texts.items()}


def _text(text: str) -> str:
    if not isinstance(text, str) or len(text) > LONGEST or printable(text) != text:
        raise ValueError
    return text
