"""Links, special files and false records: nothing outside of the output folder changes, nothing of a user goes."""

# ruff: noqa: E501  # the tables read better so
from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from rig.trust.outcome import Outcome
from rig.trust.project import render, tree, written

Attack = Callable[[Path, Path], None]
"""Prepares a project; the second folder is outside of it, and must stay as it is."""

_OUT = "deploy/docker"
_LINKED = (
    "deploy", _OUT, f"{_OUT}/README.md", f"{_OUT}/compose.yaml", f"{_OUT}/web.Dockerfile", f"{_OUT}/.cloudgen.json",
    f"{_OUT}/web.Dockerfile.dockerignore", f"{_OUT}/.cloudgen-README.md.tmp", f"{_OUT}/.cloudgen-.cloudgen.json.tmp",
)  # fmt: skip
_TARGETS = ("outside", "outside/precious.txt", "outside/new", "../outside", ".")
_ENTRIES = (
    "../outside/precious.txt", "/etc/passwd", "a/../../../outside/precious.txt", "..", ".", "", "a//b", "a\\b", "a\0b", "~/x",
    "x_override.tf", "terraform.tfstate", ".terraform/x", "prod.tfvars", ".git/config", ".gitattributes", "-rf", "a\nb", "é.tf",
    "notes.tf", "sub/notes.md", "README.MD", ".cloudgen.json", "con/aux.", "a/" * 60 + "b", "x" * 300, "$(id)", "${x}", "*", "?",
)  # fmt: skip


def attacks() -> Iterator[tuple[str, Attack]]:
    """Yield every attack with its name."""
    for link in _LINKED:
        for target in _TARGETS:
            yield f"{link} -> {target}", _linked(link, target)
    for entry in _ENTRIES:
        yield f"record names {entry[:40]!r}", _false_entry(entry)
    for name in ("README.md", ".cloudgen.json", "compose.yaml"):
        yield f"{name} is a pipe", _special(name, os.mkfifo)
        yield f"{name} is a folder", _special(name, os.mkdir)
        yield f"{name} is a hard link", _hard_link(name)
        yield f"{name} is huge", _special(name, _huge)
    for text in ("", "[]", "{", "null", '{"version": 99}', '{"version": 1, "files": []}', "\ufeff{}", "[" * 5000):
        yield f"record is {text[:20]!r}", _record(text)


def _linked(link: str, target: str) -> Attack:
    def prepare(project: Path, outside: Path) -> None:
        (project / link).parent.mkdir(parents=True, exist_ok=True)
        to = str(outside.parent / target) if target.startswith("outside") else target
        (project / link).symlink_to(to)

    return prepare


def _false_entry(entry: str) -> Attack:
    def prepare(project: Path, outside: Path) -> None:
        render(project)
        out = project / _OUT
        mine = (out / "notes.tf", out / "sub/notes.md")
        for path in mine:
            path.parent.mkdir(exist_ok=True)
            path.write_text("precious\n")
        data = json.loads((out / ".cloudgen.json").read_text())
        data["files"][entry] = hashlib.sha256(b"precious\n").hexdigest()
        (out / ".cloudgen.json").write_text(json.dumps(data))

    return prepare


def _special(name: str, make: Callable[[Path], None]) -> Attack:
    def prepare(project: Path, outside: Path) -> None:
        (project / _OUT).mkdir(parents=True)
        make(project / _OUT / name)

    return prepare


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(3 * 1024**3)


def _hard_link(name: str) -> Attack:
    def prepare(project: Path, outside: Path) -> None:
        (project / _OUT).mkdir(parents=True)
        os.link(outside / "precious.txt", project / _OUT / name)

    return prepare


def _record(text: str) -> Attack:
    def prepare(project: Path, outside: Path) -> None:
        (project / _OUT).mkdir(parents=True)
        (project / _OUT / ".cloudgen.json").write_text(text, "utf-8")

    return prepare


def run(cases: int, seed: int) -> Outcome:
    """Try the attacks, each without and with --force, until there are so many cases. There is no chance in them."""
    outcome = Outcome("attacks by paths and links")
    tried = [(name, attack, flags) for name, attack in attacks() for flags in ((), ("--force",))]
    for name, attack, flags in tried[:cases]:
        outcome.cases += 1
        with tempfile.TemporaryDirectory() as folder:
            project, outside = Path(folder, "project"), Path(folder, "outside")
            project.mkdir()
            outside.mkdir()
            (outside / "precious.txt").write_text("precious\n")
            written(project, 0)
            attack(project, outside)
            before, others = tree(outside), _of_the_user(project)
            code, said = render(project, *flags)
            if tree(outside) != before:
                outcome.faults.append(f"{name}: something outside has changed")
            if others != _of_the_user(project):
                outcome.faults.append(f"{name}: a file of the user has changed")
            if code not in (0, 2, 3) or "internal error" in said:
                outcome.faults.append(f"{name}: exit code {code}, {said[:80]}")
    return outcome


def _of_the_user(project: Path) -> dict[str, bytes]:
    return {
        name: path.read_bytes() for name in ("notes.tf", "sub/notes.md") if (path := project / _OUT / name).is_file()
    }
