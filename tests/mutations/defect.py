"""What a deliberate defect is, and the tree that is rendered with it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from cloudgen.pipeline import Spec, build, read_spec
from cloudgen.render import render
from cloudgen.render.templates import find_folder
from cloudgen.spec.deployment import Deployment
from cloudgen.stack.base import Stack
from support.golden import FOLDER


class Check(StrEnum):
    """The checks that other tests put every rendered tree through. Comparing with golden trees is none of them."""

    FORMAT = "terraform fmt"
    SCHEMA = "terraform validate with recorded schemas"
    PROVIDER = "terraform validate with the real provider"
    RULE = "the stand-in's rules at plan"
    APPLY = "the stand-in's rules at apply"
    AGAIN = "a second plan"
    FACT = "facts over the plan"
    BLIND_SPOT = "rules of our own beside checkov"
    CHECKOV = "checkov"
    HADOLINT = "hadolint"
    COMPOSE = "docker compose config"
    SHELLCHECK = "shellcheck"


@dataclass(frozen=True)
class Defect:
    """One wrong thing, where it is put, and who must say what about it.

    `place` is a template, as a path below templates/, or a rendered file where the text is no template's but a decision's
    (such as `docker/compose.yaml`). `old` occurs there exactly `times` times. `case` is a golden case. `says` is a part of what the
    check says of the changed tree, and of no unchanged one.
    """

    name: str
    place: str
    old: str
    new: str
    case: str
    caught_by: Check
    says: str
    times: int = 1

    @property
    def target(self) -> str:
        """The target whose tree has the defect."""
        return self.place.partition("/")[0]

    @property
    def module(self) -> str:
        """The root module of the tree that has the defect, as a folder below the tree."""
        return "bootstrap" if "/bootstrap/" in self.place else "."


@dataclass(frozen=True)
class Tree:
    """A rendered tree on the disk; `name` tells the trees of a run apart."""

    name: str
    target: str
    case: str
    folder: Path
    deployment: Deployment


@cache
def spec(case: str) -> Spec:
    """Return the spec of a golden case."""
    return read_spec(str(FOLDER / case / "cloudgen.yaml"))


@cache
def stack(case: str, target: str) -> Stack:
    """Return what was decided for a golden case."""
    return build(spec(case), target)


def unchanged_tree(target: str, case: str, folder: Path) -> Tree:
    """Render a case's tree as it is."""
    return _written(f"{target}-{case}-unchanged", target, case, folder, texts(target, case))


def changed_tree(defect: Defect, folder: Path) -> Tree:
    """Render a defect's case with the defect. Raises AssertionError when it is not to be put there, or changes nothing."""
    before = texts(defect.target, defect.case)
    if defect.place.endswith(".j2"):
        templates = folder / "templates"
        shutil.copytree(find_folder() / defect.target, templates / defect.target)
        path = templates / defect.place
        path.write_text(_replaced(defect, path.read_text(encoding="utf-8")), encoding="utf-8")
        after = texts(defect.target, defect.case, templates)
    else:
        file = defect.place.partition("/")[2]
        after = {**before, file: _replaced(defect, before[file])}
    assert after != before, f"{defect.name}: the tree of {defect.case} is the same with it"
    return _written(defect.name, defect.target, defect.case, folder / "tree", after)


def texts(target: str, case: str, templates: Path | None = None) -> dict[str, str]:
    """Return the rendered files of a case by their path; with other templates than cloudgen's own, if wanted."""
    return {file.path: file.text for file in render(stack(case, target), templates)}


def _replaced(defect: Defect, text: str) -> str:
    assert text.count(defect.old) == defect.times, f"{defect.name}: {text.count(defect.old)} times: {defect.old}"
    return text.replace(defect.old, defect.new)


def _written(name: str, target: str, case: str, folder: Path, files: dict[str, str]) -> Tree:
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return Tree(name, target, case, folder, spec(case).deployment)
