"""Follows a command through entry scripts and `sh -c` to the processes that it starts."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from cloudgen.dataclass import replace
from cloudgen.detect.stated.process import Process, inner_script, is_started, understand, unwrap
from cloudgen.detect.stated.shell import Command, commands, expand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cloudgen.detect.tree import Tree

MAX_DEPTH = 5
_HASHBANG = re.compile(r"#!.*\b(?:ba|da|a|z|k)?sh\b|#!.*with-contenv")
_MARKDOWN = (".py", ".md", ".txt", ".toml", ".yml", ".yaml", ".json", ".ini", ".cfg", ".conf")


def follow(
    tree: Tree,
    words: tuple[str, ...],
    evidence: str,
    values: Mapping[str, str],
    locate: Callable[[str], str | None] = lambda path: path,
    depth: int = 0,
) -> Iterator[Process]:
    """Yield the processes that a command starts. `locate` tells where a path of an image lies in the repository."""
    known = dict(values)
    bare = unwrap(tuple(expand(word, known) for word in words), known)
    if not bare or depth > MAX_DEPTH:
        return
    if (inner := inner_script(bare)) is not None:
        yield from _script(tree, inner, evidence, known, bare[3:], locate, depth, None)
        return
    position = 1 if bare[0] in ("sh", "bash", "ash", "dash", "source", ".") and len(bare) > 1 else 0
    stated = next((word for word in words if posixpath.basename(word) == bare[position]), bare[position])
    file = script_file(tree, stated, locate)
    if file is not None and (text := tree.text(file)) is not None:
        yield from _script(tree, text, evidence, known, bare[position + 1 :], locate, depth, file)
    elif "/" in stated and len(bare) > 1 and not stated.endswith(("/python", "/python3")) and is_started(bare[1]):
        yield from follow(tree, bare[1:], evidence, known, locate, depth + 1)  # a wrapper that is not here
    elif bare[0] == "make" and len(bare) > 1:
        yield from _target(tree, bare[1], known, locate, depth)
    elif process := understand(words, evidence, values):
        yield replace(process, environment=known)


def script_file(tree: Tree, path: str, locate: Callable[[str], str | None]) -> str | None:
    """Return the shell script of the repository that a command names, by its place or by its name alone."""
    if path.endswith(_MARKDOWN) or path.startswith("-"):
        return None
    located = locate(path)
    name = posixpath.basename(path)
    candidates = [located] if located else []
    candidates += [posixpath.normpath(path.lstrip("/"))]
    if "/" in path or path.endswith(".sh"):
        candidates += tree.named(name) if name and not re.search(r"[*?\[]", name) else []
    for file in candidates:
        if tree.has(file) and (text := tree.text(file)) is not None and (file.endswith(".sh") or _HASHBANG.match(text)):
            return file
    return None


def _script(
    tree: Tree,
    text: str,
    evidence: str,
    values: Mapping[str, str],
    arguments: tuple[str, ...],
    locate: Callable[[str], str | None],
    depth: int,
    file: str | None,
) -> Iterator[Process]:
    listed = list(commands(text, values))
    wanted = _wanted_label(listed, arguments)
    folder = ""
    for command in listed:
        where = f"{file}:{command.line}" if file else evidence
        if command.label and wanted is not None and not _fits(command.label, wanted):
            if depth < MAX_DEPTH and "$@" not in command.words:
                others = follow(tree, command.words, where, values, locate, MAX_DEPTH)
                yield from (item for item in others if item.role == "migration")
            continue
        if command.words[0] == "cd" and len(command.words) > 1:
            folder = _changed(folder, locate(command.words[1]) or command.words[1])
        elif "$@" in command.words or "${@}" in command.words or command.words[-1:] == ("$*",):
            given = tuple(
                item for word in command.words for item in (arguments if word in ("$@", "${@}", "$*") else (word,))
            )
            yield from follow(tree, given, evidence if len(command.words) < 3 else where, values, locate, depth + 1)
        else:
            for process in follow(tree, command.words, where, values, locate, depth + 1):
                yield replace(process, folder=process.folder or folder, name=process.name or command.label)


def _changed(folder: str, path: str) -> str:
    joined = posixpath.normpath(posixpath.join(folder, path.lstrip("/")))
    return "" if joined in (".", "") or joined.startswith(("..", "$")) else joined


def _wanted_label(listed: list[Command], arguments: tuple[str, ...]) -> str | None:
    """Of `case "$1" in`, the label that the arguments choose; None where there is no choice, or none is made."""
    labels = {command.label for command in listed}
    return next((word for word in arguments[:1] if any(_fits(label, word) for label in labels if label)), None)


def _fits(label: str, word: str) -> bool:
    return word in [part.strip(" \"'()") for part in label.split("|")]


def _target(
    tree: Tree,
    name: str,
    values: Mapping[str, str],
    locate: Callable[[str], str | None],
    depth: int,
) -> Iterator[Process]:
    """Yield what a target of the Makefile runs."""
    text, is_inside = tree.text("Makefile") or "", False
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith(("\t", " ")):
            is_inside = line.startswith(f"{name}:")
        elif is_inside:
            body = line.strip().lstrip("@-").replace("$(", "${").replace(")", "}").replace("$$", "$")
            for command in commands(body, values):
                yield from follow(tree, command.words, f"Makefile:{number}", values, locate, depth + 1)
