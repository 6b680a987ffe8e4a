"""The resources of a rendered tree, read by python-hcl2."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hcl2
from hcl2 import SerializationOptions

OPTIONS = SerializationOptions(with_comments=False, explicit_blocks=False, strip_string_quotes=True)

Body = dict[str, Any]
"""Blocks are lists; references stand in `${}`."""


@dataclass(frozen=True)
class Resource:
    """A resource, and the file of the tree that it stands in."""

    file: str
    type: str
    label: str
    body: Body

    @property
    def address(self) -> str:
        """Its address in its module."""
        return f"{self.type}.{self.label}"


def resources(file: str, text: str) -> Iterator[Resource]:
    """Yield the resources of one file."""
    for found in hcl2.load(io.StringIO(text), serialization_options=OPTIONS).get("resource", []):
        for type_, labelled in found.items():
            for label, body in labelled.items():
                yield Resource(file, type_, label, body)


def read_tree(folder: Path) -> dict[str, str]:
    """Return the text of every Terraform file by its path below the folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.tf"))
    }
