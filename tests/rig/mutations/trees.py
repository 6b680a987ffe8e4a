"""The trees that are checked: rendered from a golden case, as it is or with a mutation in one template."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cloudgen.pipeline import Spec, build, read_spec
from cloudgen.render import render
from cloudgen.render.templates import find_folder
from cloudgen.spec.deployment import Deployment
from cloudgen.stack.base import Stack
from rig.mutations.mutation import Mutation
from rig.trees.golden import FOLDER


@dataclass(frozen=True)
class Tree:
    """A rendered tree on the disk; `name` tells the trees of a run apart."""

    name: str
    target: str
    case: str
    folder: Path
    differs: tuple[str, ...] = ()
    """The files in which it differs from the case's tree as it is, by their paths in it."""

    @property
    def changed(self) -> bool:
        """Whether there is a mutation in it."""
        return bool(self.differs)

    @property
    def deployment(self) -> Deployment:
        """What the spec of the case asks for."""
        return spec(self.case).deployment


@cache
def spec(case: str) -> Spec:
    """Return the spec of a golden case."""
    return read_spec(str(FOLDER / case / "cloudgen.yaml"))


@cache
def stack(case: str, target: str) -> Stack:
    """Return what was decided for a golden case."""
    return build(spec(case), target)


@cache
def texts(target: str, case: str, templates: Path | None = None) -> dict[str, str]:
    """Return the rendered files of a case by their paths; with other templates than cloudgen's own, if wanted."""
    return {file.path: file.text for file in render(stack(case, target), templates)}


def unchanged_tree(target: str, case: str, folder: Path) -> Tree:
    """Render a case as it is."""
    tree = Tree(f"{target}-{case}", target, case, folder)
    _write(texts(target, case), folder)
    return tree


def changed_tree(mutation: Mutation, folder: Path) -> Tree:
    """Render a case with a mutation. Raises AssertionError when the mutation has no place there, or changes nothing."""
    before = texts(mutation.target, mutation.case)
    if mutation.place.endswith(".j2"):
        templates = folder / "templates"
        for name in (mutation.target, "shared"):
            shutil.copytree(find_folder() / name, templates / name)
        template = templates / mutation.place
        template.write_text(_replaced(mutation, template.read_text(encoding="utf-8")), encoding="utf-8")
        after = texts(mutation.target, mutation.case, templates)
    else:
        path = mutation.place.removeprefix(f"{mutation.target}/")
        after = {**before, path: _replaced(mutation, before[path])}
    assert set(after) == set(before), "a mutation changes files, and neither adds nor removes one"
    differs = tuple(path for path in before if before[path] != after[path])
    assert differs, f"the tree of {mutation.case} is the same with it"
    tree = Tree(mutation.id, mutation.target, mutation.case, folder / "tree", differs)
    _write(after, tree.folder)
    return tree


def has_place(mutation: Mutation) -> bool:
    """Whether what a mutation changes stands where it says, as often as it says."""
    target, _, path = mutation.place.partition("/")
    if mutation.place.endswith(".j2"):
        text = (find_folder() / mutation.place).read_text(encoding="utf-8")
    else:
        text = texts(target, mutation.case)[path]
    return text.count(mutation.old) == mutation.times


def excerpts(tree: Tree) -> dict[str, Path]:
    """Write the files in which a tree has its mutation into two folders: `before` it and `after`."""
    as_it_is = texts(tree.target, tree.case)
    with_it = {path: (tree.folder / path).read_text(encoding="utf-8") for path in tree.differs}
    folders = {when: tree.folder.parent / when for when in ("before", "after")}
    _write({path: as_it_is[path] for path in tree.differs}, folders["before"])
    _write(with_it, folders["after"])
    return folders


def _replaced(mutation: Mutation, text: str) -> str:
    found = text.count(mutation.old)
    assert found == mutation.times, f"{found} times in {mutation.place}, not {mutation.times}: {mutation.old}"
    return text.replace(mutation.old, mutation.new)


def _write(files: Mapping[str, str], folder: Path) -> None:
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
