"""Requirement files of pip: nested ones are followed, and every file that pip will read is listed."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from cloudgen.dataclass import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudgen.detect.tree import Tree

NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?")
_PRODUCTION = ("production", "prod", "live", "deploy", "server")


@dataclass(frozen=True)
class Requirement:
    """A package that is asked for. `group` is None where it is always installed, else the extra or group."""

    name: str
    extras: frozenset[str]
    text: str
    evidence: str
    group: str | None = None


@dataclass
class Files:
    """What a requirement file leads to: packages, the files that are read, and local projects."""

    found: list[Requirement] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    projects: list[tuple[str, str, str]] = field(default_factory=list)


def normal(name: str) -> str:
    """Return a package's name as PyPI compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement(text: str, evidence: str, group: str | None = None) -> Requirement | None:
    """Parse one requirement (PEP 508); None where it names no package."""
    match = NAME.match(text)
    if match is None or re.match(r"\s*(?:https?|git\+|file):", text):
        return None
    extras = frozenset(part.strip() for part in (match[2] or "").split(",") if part.strip())
    return Requirement(normal(match[1]), extras, text.strip(), evidence, group)


def read(tree: Tree, file: str, found: Files | None = None) -> Files:
    """Read a requirement file and those that it refers to."""
    found = found or Files()
    text = tree.text(file)
    if text is None or file in found.files:
        return found
    found.files.append(file)
    folder = posixpath.dirname(file)
    for number, line in _lines(text):
        option = re.match(r"(-r|--requirement|-c|--constraint|-e|--editable)(?:\s+|=)\s*(\S+)", line) or re.match(
            r"(-r|-c|-e)(\S+)", line
        )
        if (option and option[1] in ("-e", "--editable")) or line.startswith(("./", "../")) or line == ".":
            target = option[2] if option else line
            path, _, extras = target.partition("[")
            if "://" not in path:
                found.projects.append((_join(folder, path), extras.rstrip("]"), f"{file}:{number}"))
        elif option:
            other = _join(folder, option[2])
            if not tree.has(other):
                tree.notes.append(f"{file}:{number} refers to {option[2]}, which is not there")
            elif option[1] in ("-c", "--constraint"):
                found.files.append(other)
            else:
                read(tree, other, found)
        elif not line.startswith("-") and (item := requirement(line, f"{file}:{number}")):
            found.found.append(item)
    return found


def _join(folder: str, path: str) -> str:
    joined = posixpath.normpath(posixpath.join(folder, path))
    return "" if joined == "." else joined


def _lines(text: str) -> Iterator[tuple[int, str]]:
    pending, start = "", 0
    for number, raw in enumerate(text.splitlines(), 1):
        line = re.sub(r"(^|\s)#.*$", "", raw).strip()
        start = start or number
        if line.endswith("\\"):
            pending += line[:-1] + " "
            continue
        line = (pending + line).strip()
        if line:
            yield start, line
        pending, start = "", 0


def choose(tree: Tree, folder: str, stated: dict[str, str]) -> list[str]:
    """Return the requirement files of a project: those that its install commands name, else by their names."""
    named = [file for path in stated if (file := _locate(tree, folder, path))]
    if named:
        return list(dict.fromkeys(named))
    listed = [
        name
        for name in tree.files
        if posixpath.dirname(name) == folder or posixpath.dirname(name) == _join(folder, "requirements")
    ]
    texts = [
        name for name in listed if re.search(r"requirements?[^/]*\.(txt|lock)$|requirements/[^/]+\.(txt|lock)$", name)
    ]
    live = [
        name
        for name in texts
        if any(re.search(rf"\b{word}\b", posixpath.basename(name).replace("_", "-")) for word in _PRODUCTION)
    ]
    plain = next(
        (name for name in texts if posixpath.basename(name) in ("requirements.lock", "requirements.txt")), None
    )
    base = next(
        (
            name
            for name in texts
            if posixpath.basename(name) in ("base.txt", "common.txt", "main.txt", "requirements.in")
        ),
        None,
    )
    if live and not (plain and live[0] in read(tree, plain).files):
        return live[:1]
    return [name for name in (plain or base,) if name]


def _locate(tree: Tree, folder: str, path: str) -> str | None:
    clean = posixpath.normpath(path.strip("\"'")).lstrip("/")
    parts = clean.split("/")
    for index in range(len(parts)):
        for start in (folder, ""):
            if tree.has(file := _join(start, "/".join(parts[index:]))):
                return file
    return next(iter(tree.named(parts[-1])), None) if not re.search(r"[$*?]", clean) else None
