"""Finds the repository's Dockerfiles, those of production first, and the folder that each is built with."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from cloudgen.detect.stated.dockerfile import Dockerfile, copies, parse

if TYPE_CHECKING:
    from cloudgen.detect.tree import Tree

_MANIFESTS = ("requirements.txt", "pyproject.toml", "setup.py", "Pipfile", "manage.py")


def find(tree: Tree) -> list[Dockerfile]:
    """Return the repository's Dockerfiles, those for production first, with the context that their COPY lines fit."""
    found = []
    for file in tree.named("Dockerfile", "Dockerfile.*", "*.Dockerfile", "*.dockerfile", "Containerfile"):
        text = tree.text(file)
        if text is None or file.endswith((".dockerignore", ".j2", ".md")) or "# cloudgen" in text[:200].lower():
            continue
        dockerfile = parse(file, text)
        if dockerfile.stages:
            dockerfile.context = _context(tree, dockerfile)
            found.append(dockerfile)
    return sorted(found, key=lambda item: (rank(item.file), item.file.count("/")))


def rank(file: str) -> int:
    """Return 0 for files that production uses, 1 for those that do not say, 2 for those of developers and tests."""
    words = set(re.split(r"[^a-z]+", file.lower()))
    if words & {
        "dev",
        "develop",
        "development",
        "local",
        "test",
        "tests",
        "debug",
        "devcontainer",
        "ci",
        "override",
        "e2e",
    }:
        return 2
    return 0 if words & {"prod", "production", "live", "release"} else 1


def _context(tree: Tree, dockerfile: Dockerfile) -> str:
    own = posixpath.dirname(dockerfile.file)
    sources = []
    for stage in dockerfile.stages:
        for instruction in stage.instructions:
            if instruction.keyword in ("COPY", "ADD"):
                sources += [source for source, _ in copies(instruction, "/", dockerfile.values)]
    fits = {folder: sum(_exists(tree, folder, source) for source in sources) for folder in ("", own)}
    if fits[""] != fits[own]:
        return max(fits, key=lambda folder: fits[folder])
    return own if any(tree.has(posixpath.join(own, name)) for name in _MANIFESTS) else ""


def _exists(tree: Tree, folder: str, source: str) -> bool:
    path = posixpath.normpath(posixpath.join(folder, source.split("*")[0].rstrip("/") or "."))
    return path == "." or path in tree.folders or tree.has(path) or "*" in source
