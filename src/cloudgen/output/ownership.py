"""Which files cloudgen wrote, and what was in them: `.cloudgen.json` in the output folder.

`files` has the SHA-256 of every file as cloudgen wrote it last. What other keys there are is the `memory` of a
deployment, which `edits` reads and writes; version 1 has none. `writing` is there only while a run changes the folder:
what it is about to write. A run that was killed half way left files of both, and the next one knows them as its own.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from cloudgen.dataclass import dataclass, field
from cloudgen.errors import OutputError
from cloudgen.render.errors import RenderError
from cloudgen.render.files import check_path

OWNERSHIP = ".cloudgen.json"
_VERSION = 2
_MEMORY = ("deployment", "parts", "let_go")
"""The keys of the memory, in their order."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


LARGEST_RECORD = 4 * 1024 * 1024
"""Bytes of `.cloudgen.json`: some 30,000 files. What is longer is none."""


def with_own_line_ends(content: bytes) -> bytes:
    """Undo what a check-out with CRLF line ends does to a file."""
    return content.replace(b"\r\n", b"\n")


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class Ownership:
    """SHA-256 by path, of the last complete run and of one that was cut off."""

    files: Mapping[str, str] = field(default_factory=dict)
    writing: Mapping[str, str] = field(default_factory=dict)
    memory: Mapping[str, Any] = field(default_factory=dict)
    """What is known of the deployment, as JSON data."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that cloudgen ever wrote, or began to write, and did not remove; sorted."""
        return tuple(sorted({*self.files, *self.writing}))

    def wrote(self, path: str, content: bytes) -> bool:
        """Tell whether this is what cloudgen wrote to this path."""
        known = (self.files.get(path), self.writing.get(path))
        return digest(content) in known or digest(with_own_line_ends(content)) in known

    def dump(self) -> bytes:
        """Return the text of `.cloudgen.json`: sorted, so that it makes small diffs under version control."""
        memory = {key: self.memory[key] for key in _MEMORY if key in self.memory}
        version = _VERSION if memory else 1  # An older cloudgen reads what it would have written itself.
        data: dict[str, object] = {"version": version, **memory, "files": dict(sorted(self.files.items()))}
        if self.writing:
            data["writing"] = dict(sorted(self.writing.items()))
        return (json.dumps(data, indent=2) + "\n").encode()


def load(content: bytes, shown: str) -> Ownership:
    """Read `.cloudgen.json`, which messages call `shown`.

    Raises `OutputError` when it is damaged or was written by a newer cloudgen.
    """
    if len(content) > LARGEST_RECORD:
        raise _damaged(shown)
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _damaged(shown) from error
    if not isinstance(data, dict):
        raise _damaged(shown)
    version = data.pop("version", None)
    if isinstance(version, int) and version > _VERSION:
        raise OutputError(f"{shown} was written by a newer cloudgen: use that one, or a later one")
    memory = {key: data.pop(key) for key in _MEMORY if key in data}
    known = version == 1 or (version == _VERSION and memory)
    if not known or (version == 1 and memory) or not {"files"} <= set(data) <= {"files", "writing"}:
        raise _damaged(shown)
    if not all(isinstance(value, dict) for value in memory.values()):
        raise _damaged(shown)
    return Ownership(_hashes(data["files"], shown), _hashes(data.get("writing", {}), shown), memory)


def _hashes(data: object, shown: str) -> dict[str, str]:
    if not isinstance(data, dict):
        raise _damaged(shown)
    for path, value in data.items():
        if not isinstance(value, str) or not _SHA256.fullmatch(value):
            raise _damaged(shown)
        try:
            check_path(path)
        except RenderError as error:
            # Somebody made this entry up: cloudgen would remove the file when it is no longer rendered.
            raise _damaged(shown) from error
    return data


def _damaged(shown: str) -> OutputError:
    return OutputError(
        f"{shown} is damaged, so cloudgen cannot tell its files from yours: restore it from version control, "
        "or remove it and run again (files that differ then need --force)"
    )
