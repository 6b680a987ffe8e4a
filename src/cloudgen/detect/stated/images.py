"""Adds what the repository's Dockerfiles state."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cloudgen.dataclass import replace
from cloudgen.detect.facts import Fact
from cloudgen.detect.stated import dockerfiles
from cloudgen.detect.stated.scripts import follow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cloudgen.detect.stated.dockerfile import Dockerfile
    from cloudgen.detect.stated.process import Process
    from cloudgen.detect.stated.statement import Stated
    from cloudgen.detect.tree import Tree

_URL = re.compile(r"https?://[^/\s\"'|;,\])]+(/[^\s\"'|;,\])?]*)?")
INSTALLERS = (
    "pip",
    "pip3",
    "uv",
    "poetry",
    "pdm",
    "pipenv",
    "hatch",
    "python",
    "python3",
    "conda",
    "mamba",
    "micromamba",
)
_PYTHON_ONLY = frozenset({"python3", "python3-dev", "python3-pip", "python3-venv", "python-is-python3"})


def add(tree: Tree, stated: Stated) -> None:
    """Read every Dockerfile that was found, those of production first."""
    for one in stated.dockerfiles:
        is_last = dockerfiles.rank(one.file) == 2
        if (python := one.python()) and not is_last:
            stated.python.append(python)
        if not is_last:
            stated.debian += _debian(one, {item.line for stage in one.chain for item in stage.instructions})
            stated.debian_build += _debian(one, {item.line for stage in one.used for item in stage.instructions})
        if is_last and any(dockerfiles.rank(item.file) < 2 for item in stated.dockerfiles):
            continue
        stated.installs += [Fact(words, where) for words, where in one.runs() if words[0].split("/")[-1] in INSTALLERS]
        stated.processes += processes(tree, one)
        stated.ports += one.ports()
        if (check := one.last("HEALTHCHECK")) and (path := health_path(" ".join(check.words(one.values)))):
            stated.health.append(Fact(path, one.place(check)))
        for words, where in one.runs():
            for process in follow(tree, words, where, one.values, one.repository_path):
                if process.role in ("build", "migration"):
                    stated.processes.append(replace(process, kind="dockerfile"))


def processes(tree: Tree, one: Dockerfile) -> list[Process]:
    """Return what the image starts."""
    command = one.command()
    if command is None:
        return []
    words, where = command
    folder = one.repository_path(".") or ""
    found = follow(tree, words, where, one.values, one.repository_path)
    kind = "dockerfile" if dockerfiles.rank(one.file) < 2 else "dockerfile for developers"
    return [replace(item, kind=kind, folder=_below(folder, item.folder, one)) for item in found]


def _below(folder: str, inner: str, one: Dockerfile) -> str:
    located = one.repository_path(inner) if inner else None
    return folder if not inner else (located if located is not None else inner)


def health_path(text: str) -> str | None:
    """Return the path of the first URL of this machine in a health check's command."""
    for match in _URL.finditer(text):
        if re.match(r"https?://(localhost|127\.0\.0\.1|0\.0\.0\.0|\$|\[::1\])", match[0]):
            return re.sub(r"\$\{?\w+\}?", "", match[1] or "/")  # a variable that nobody sets is empty
    return None


def _debian(one: Dockerfile, lines: set[int]) -> Iterable[Fact[str]]:
    """Yield the Debian packages that the instructions of some lines install."""
    for words, where in one.runs():
        if words[0].split("/")[-1] not in ("apt-get", "apt") or "install" not in words:
            continue
        if int(where.rpartition(":")[2]) not in lines:
            continue
        for word in words[words.index("install") + 1 :]:
            name = word.partition("=")[0]
            if re.fullmatch(r"[a-z0-9][a-z0-9+.-]+", name) and name not in _PYTHON_ONLY:
                yield Fact(name, where)
