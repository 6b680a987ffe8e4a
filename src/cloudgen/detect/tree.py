"""The application's files: one walk of the folder, and the text of what is asked for.

Nothing is skipped silently: what is not looked into, or cannot be read, is in `Tree.notes` or `Tree.passed_over`.
"""

from __future__ import annotations

import codecs
import io
import os
import posixpath
import re
import stat
import tokenize
from fnmatch import fnmatch
from functools import cached_property
from typing import TYPE_CHECKING

from cloudgen.output.ownership import OWNERSHIP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_BYTES = 8 * 1024 * 1024
"""Larger files hold data; none of the kinds of files that are read here is that large."""

_OTHERS = frozenset(
    {"node_modules", "bower_components", "site-packages", "__pycache__", ".git", ".hg", ".svn", ".tox", ".nox", ".venv"}
    | {".mypy_cache", ".ruff_cache", ".pytest_cache", ".terraform", ".idea", ".ipynb_checkpoints", ".eggs"}
)
"""Folders that hold packages of others, caches or history, wherever they stand."""
_QUIET = frozenset({"__pycache__", ".git", ".hg", ".svn", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".idea"})
_DECOYS = frozenset(
    {"test", "tests", "testing", "docs", "doc", "docs_src", "example", "examples", "samples", "demo", "demos"}
    | {"benchmark", "benchmarks", "cookbook", "tutorial", "tutorials", "notebooks", "fixtures", "vendor", "vendored"}
    | {"third_party"}
)


def is_decoy(file: str) -> bool:
    """Whether a file belongs to tests, documentation or examples: an application there is not the one that runs."""
    *folders, name = file.lower().split("/")
    return bool(_DECOYS.intersection(folders)) or is_test(file) or name == "setup.py"


def is_test(file: str) -> bool:
    """Whether a file belongs to the tests."""
    *folders, name = file.lower().split("/")
    return bool({"test", "tests", "testing"}.intersection(folders)) or (
        name.startswith("test_") or name.endswith("_test.py") or name in ("tests.py", "conftest.py")
    )


class Tree:
    """The files of a folder, shallow ones first, as POSIX paths relative to it. Symbolic links are not followed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notes: list[str] = []
        self.passed_over: list[str] = []
        self._texts: dict[str, str | None] = {}
        self._raw: dict[str, bytes | None] = {}
        self.files = sorted(self._walk(), key=lambda name: (name.count("/"), name))
        self._known = frozenset(self.files)
        self._submodules()

    def _walk(self) -> Iterator[str]:
        for root, folders, files in os.walk(self.folder, onerror=self._not_listed):
            relative = os.path.relpath(root, self.folder).replace(os.sep, "/")
            prefix = "" if relative == "." else f"{relative}/"
            kept = []
            for name in sorted(folders):
                if os.path.islink(os.path.join(root, name)):  # noqa: PTH114, PTH118 - called for each of many folders
                    self.passed_over.append(f"{prefix}{name} (a symbolic link)")
                elif os.path.exists(os.path.join(root, name, OWNERSHIP)):  # noqa: PTH110, PTH118
                    self.passed_over.append(f"{prefix}{name} (rendered by cloudgen)")
                elif name in _OTHERS or os.path.exists(os.path.join(root, name, "pyvenv.cfg")):  # noqa: PTH110, PTH118
                    if name not in _QUIET:
                        self.passed_over.append(f"{prefix}{name}")
                else:
                    kept.append(name)
            folders[:] = kept
            yield from (prefix + name for name in files)

    def _submodules(self) -> None:
        """A submodule that is not checked out is an empty folder, in which the application may stand."""
        for path in re.findall(r"^\s*path\s*=\s*(\S+)", self.text(".gitmodules") or "", re.MULTILINE):
            if not any(file.startswith(f"{path}/") for file in self.files):
                self.notes.append(f"{path} is empty: run `git submodule update --init`, and init again")

    def _not_listed(self, error: OSError) -> None:
        self.notes.append(f"{error.filename}: the folder cannot be listed ({error.strerror})")

    def has(self, file: str) -> bool:
        """Whether there is a file of that path."""
        return file in self._known

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that holds a file, directly or below."""
        found = {""}
        for file in self.files:
            folder = posixpath.dirname(file)
            while folder not in found:
                found.add(folder)
                folder = posixpath.dirname(folder)
        return frozenset(found)

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        names: dict[str, list[str]] = {}
        for file in self.files:
            names.setdefault(posixpath.basename(file), []).append(file)
        return names

    def named(self, *patterns: str, decoys: bool = False) -> list[str]:
        """Return the files whose own name fits a pattern of `fnmatch`; those of tests and documentation if asked."""
        names = [name for name in self._by_name if any(fnmatch(name, pattern) for pattern in patterns)]
        found = [file for name in names for file in self._by_name[name] if decoys or not is_decoy(file)]
        return sorted(found, key=lambda file: (file.count("/"), file))

    def raw(self, file: str) -> bytes | None:
        """Return a file's bytes, or None where it is no regular file, too large, or cannot be read."""
        if file not in self._raw:
            self._raw[file] = self._read(file)
        return self._raw[file]

    def _read(self, file: str) -> bytes | None:
        path = self.folder / file
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                return None
            if status.st_size > MAX_BYTES:
                self.notes.append(f"{file} was not read: it is larger than {MAX_BYTES // 1024 // 1024} MiB")
                return None
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            self.notes.append(f"{file} was not read: {(error.strerror or 'unknown reason').lower()}")
            return None

    def text(self, file: str) -> str | None:
        """Return a file's text, whatever its encoding; what is not UTF-8 is told."""
        if file not in self._texts:
            raw = self.raw(file) if file in self._known else None
            self._texts[file] = None if raw is None else self._decode(file, raw)
        return self._texts[file]

    def _decode(self, file: str, raw: bytes) -> str | None:
        try:
            if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return raw.decode("utf-16").replace("\r\n", "\n")
            return raw.decode(_encoding(file, raw)).replace("\r\n", "\n")
        except (UnicodeDecodeError, LookupError, SyntaxError):
            if b"\0" in raw:
                self.notes.append(f"{file} was not read: it is no text")
                return None
            self.notes.append(f"{file} is not UTF-8: read as Latin-1")
            return raw.decode("latin-1").replace("\r\n", "\n")


def _encoding(file: str, raw: bytes) -> str:
    """Return the encoding: Python sources may state theirs (PEP 263)."""
    if not file.endswith(".py"):
        return "utf-8-sig"
    return tokenize.detect_encoding(io.BytesIO(raw).readline)[0]
