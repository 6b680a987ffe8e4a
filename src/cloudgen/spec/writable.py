"""Folders of a container that can be written."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from cloudgen.spec.types import StrictModel, invalid, single_line

KEEP = "keep"
"""What follows a folder whose files stay: `media:keep`."""

_FOLDER = r"(?!.*(?:^|/)\.\.(?:/|$))(?:/?[A-Za-z0-9._][A-Za-z0-9._-]*)(?:/[A-Za-z0-9._][A-Za-z0-9._-]*)*/?"
_PATTERN = re.compile(_FOLDER)
_SYSTEM = frozenset(["bin", "boot", "dev", "etc", "lib", "lib64", "proc", "root", "sbin", "sys", "tmp", "usr"])
"""Folders at the root that belong to the system, and /tmp, which can be written anyway."""


class Writable(StrictModel):
    """A folder that can be written; without `keep`, its files go with the container."""

    folder: str
    """Relative to the context in the image, or absolute."""
    keep: bool = False

    def __str__(self) -> str:
        return f"{self.folder}:{KEEP}" if self.keep else self.folder


def _writable(value: object) -> object:
    if isinstance(value, Writable):
        return value
    folder, colon, word = single_line(value).partition(":")
    if not _PATTERN.fullmatch(folder) or len(folder) > 200 or (colon and word != KEEP):
        raise invalid(
            "bad-value",
            "is not a folder of the container",
            "write data or /var/lib/shop, of letters, digits and . _ - /; media:keep for files that stay",
        )
    first = folder.split("/")[1] if folder.startswith("/") else ""
    if folder.startswith("/opt/venv") or first in _SYSTEM:
        raise invalid(
            "bad-value",
            "is a folder of the system" if first != "tmp" else "is a folder that can be written without being named",
            "name a folder of the application" if first != "tmp" else "remove it",
        )
    return {"folder": folder, "keep": bool(colon)}


WritableFolder = Annotated[
    Writable,
    BeforeValidator(_writable),
    WithJsonSchema({"type": "string", "pattern": f"^{_FOLDER}(?::{KEEP})?$", "examples": ["data", "media:keep"]}),
]
"""A folder, relative to the context or absolute, and optionally that its files stay: `media:keep`."""
