"""A front end that has to be built with node before the application can serve it."""

from __future__ import annotations

import json
import posixpath
import re
from typing import TYPE_CHECKING

from cloudgen.detect.facts import Fact, line_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cloudgen.detect.stated.dockerfile import Dockerfile
    from cloudgen.detect.tree import Tree


LOCKS = {
    "package-lock.json": "npm",
    "npm-shrinkwrap.json": "npm",
    "pnpm-lock.yaml": "pnpm",
    "yarn.lock": "yarn",
    "bun.lock": "bun",
    "bun.lockb": "bun",
}
"""Lock file -> the package manager of Node.js that makes it."""


def package_manager(tree: Tree, folder: str) -> str | None:
    """Return the package manager of a front end: by the nearest lock, beside its package.json or above."""
    while True:
        for name, manager in LOCKS.items():
            if tree.has(posixpath.join(folder, name)):
                return manager
        if not folder:
            return None
        folder = posixpath.dirname(folder)


def _has_python(one: Dockerfile) -> bool:
    """Whether an image has Python: by a stage that begins with it, or by what is installed."""
    words = [stage.base for stage in one.stages] + [item.text for stage in one.stages for item in stage.instructions]
    return any(re.search(r"(^|[\s/:=-])(python|uv|pip)", text) for text in words)


def own_image(file: str, dockerfiles: Iterable[Dockerfile]) -> Dockerfile | None:
    """Return the Dockerfile that makes an image of the front end alone: beside its package.json, without Python."""
    folder = posixpath.dirname(file)
    for one in dockerfiles:
        if folder and posixpath.dirname(one.file) == folder:
            return None if _has_python(one) else one
    return None


def front_end(tree: Tree, dockerfiles: Iterable[Dockerfile]) -> Fact[str] | None:
    """Return the folder of the front end: that a Dockerfile builds in a stage of node, else that has a build script."""
    for file in tree.named("package.json"):
        text = tree.text(file) or ""
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            tree.notes.append(f"{file} is no valid JSON, so it was not looked at")
            continue
        scripts = data.get("scripts") if isinstance(data, dict) else None
        if isinstance(scripts, dict) and "build" in scripts and own_image(file, dockerfiles) is None:
            return Fact(posixpath.dirname(file) or ".", f"{file}:{line_of(text, chr(34) + 'build' + chr(34))}")
    for one in (item for item in dockerfiles if _has_python(item)):
        for stage in one.stages:
            if re.search(r"(^|/)(node|oven/bun)(:|$)", stage.base):
                return Fact(".", f"{one.file}:{stage.line}")
    return None
