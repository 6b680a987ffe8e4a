"""The resources and data sources of a rendered tree, read by python-hcl2."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import hcl2
from hcl2 import SerializationOptions

OPTIONS = SerializationOptions(with_comments=False, explicit_blocks=False, strip_string_quotes=True)

Body = dict[str, Any]
"""Blocks are lists; references stand in `${}`."""

_BLOCK = re.compile(r"(?:#[^\n]*\n|\n)*[a-z][^\n]*\{\n.*?^\}\n", re.DOTALL | re.MULTILINE)
"""A block of a file as `terraform fmt` leaves it, with the comments and empty lines before it."""

ONE_AT_A_TIME = threading.Lock()
"""python-hcl2 8.1 keeps one `SerializationContext` for all callers and changes it while it works: two threads at once
get references without their `${}`, and so may all that come later."""


@dataclass(frozen=True)
class RenderedBlock:
    """A resource, and the file of the tree that it stands in."""

    file: str
    type: str
    label: str
    body: Body

    @property
    def address(self) -> str:
        """Its address in its module."""
        return f"{self.type}.{self.label}"


def resources(file: str, text: str) -> Iterator[RenderedBlock]:
    """Yield the resources of one file."""
    return _blocks(file, text, "resource")


def data_sources(file: str, text: str) -> Iterator[RenderedBlock]:
    """Yield the data sources of one file; their types begin with `data.`, as addresses do."""
    return _blocks(file, text, "data", prefix="data.")


def local_values(file: str, text: str) -> Iterator[RenderedBlock]:
    """Yield the local values of one file, each as the one argument `value` of a block `local.NAME`."""
    for found in parsed(text).get("locals", []):
        for label, value in found.items():
            yield RenderedBlock(file, "local", label, {"value": value})


def encoded(value: Any) -> Any:
    """Return what a value is the JSON of: the argument of `jsonencode(...)`. Raises `ValueError` for anything else."""
    call = re.fullmatch(r"\$\{jsonencode\((.*)\)\}", str(value), re.DOTALL)
    if call is None:
        raise ValueError(f"no jsonencode: {value}")
    return parsed(f"value = {call[1]}\n")["value"]


def _blocks(file: str, text: str, kind: str, prefix: str = "") -> Iterator[RenderedBlock]:
    for found in parsed(text).get(kind, []):
        for type_, labelled in found.items():
            for label, body in labelled.items():
                yield RenderedBlock(file, prefix + type_, label, body)


@cache
def parsed(text: str) -> Body:
    """Return the blocks of a file by their kind. The answer is kept, and not to be changed."""
    blocks = _BLOCK.findall(text)
    if "".join(blocks) != text:
        return _read(text)
    body: Body = {}
    for block in blocks:
        for kind, found in _read(block).items():
            body.setdefault(kind, []).extend(found)
    return body


@cache
def _read(text: str) -> Body:
    """Return what python-hcl2 reads. Many blocks stand in several trees, and a defect changes one of its file."""
    with ONE_AT_A_TIME:
        body: Body = hcl2.load(io.StringIO(text), serialization_options=OPTIONS)
    return body


def read_tree(folder: Path) -> dict[str, str]:
    """Return the text of every Terraform file by its path below the folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.tf"))
    }
