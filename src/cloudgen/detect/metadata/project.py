"""A project: its name, its folder, who installs its packages, and which those are."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from cloudgen.dataclass import dataclass, field
from cloudgen.detect.facts import Fact, Guess, line_of
from cloudgen.detect.metadata import manifests, requirements
from cloudgen.detect.metadata.installs import LIVE, Chosen
from cloudgen.detect.metadata.toml import table, texts, toml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cloudgen.detect.metadata.requirements import Requirement
    from cloudgen.detect.tree import Tree

_LOCKS = (("uv.lock", "uv"), ("pdm.lock", "pdm"), ("poetry.lock", "poetry"), ("Pipfile.lock", "pipenv"))


@dataclass
class Project:
    """What is known of the project that holds the application.

    `packages` are those that are installed for production, by normalised name; `optional` those of extras and groups
    that are not. `requirement_files` are the files that pip reads, the one to name first.
    """

    folder: str
    manager: Guess | None = None
    unlocked: str | None = None
    packages: dict[str, Requirement] = field(default_factory=dict)
    optional: dict[str, Requirement] = field(default_factory=dict)
    beside: dict[str, Requirement] = field(default_factory=dict)
    """What a Dockerfile installs by name, and no list has: the image that is rendered lacks it."""
    extras: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    member: Guess | None = None
    requirement_files: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def project_name(tree: Tree, folder: str) -> Guess:
    """Guess the application's name: that of the project, else that of the folder, within the spec's rules."""
    for place in dict.fromkeys((folder, "")):
        file = posixpath.join(place, "pyproject.toml")
        text, data = toml(tree, file)
        for found in (table(data, "project"), table(data, "tool", "poetry")):
            if isinstance(found.get("name"), str) and (name := _as_name(found["name"])):
                return Fact(name, f"{file}:{line_of(text, found['name'])}")
    return Fact(_as_name(tree.folder.resolve().name) or "app", "the name of the folder")


def _as_name(text: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-0123456789")
    name = words[:15].strip("-")
    return name if len(name) > 1 else ""


def find_folder(tree: Tree, file: str | None, stated: Iterable[str]) -> str:
    """Return the nearest folder at or above a file that holds a project's metadata; else where there is one at all."""
    folder = posixpath.dirname(file) if file else ""
    while True:
        if manifests.has_manifest(tree, folder):
            return folder
        if not folder:
            break
        folder = posixpath.dirname(folder)
    for path in stated:
        if found := requirements.choose(tree, "", {path: ""}):
            return (
                posixpath.dirname(found[0]) if posixpath.basename(posixpath.dirname(found[0])) != "requirements" else ""
            )
    listed = tree.named("pyproject.toml", "requirements.txt", "Pipfile", "setup.py")
    return posixpath.dirname(listed[0]) if len(listed) == 1 or (listed and not file) else ""


def read_project(tree: Tree, folder: str, chosen: Chosen) -> Project:
    """Return what the metadata of a folder, and of the workspace above it, says."""
    project = Project(folder, folders=_upwards(folder))
    asked = list(manifests.declared(tree, folder))
    extras, groups = _wanted(tree, project, asked, chosen)
    project.extras, project.groups = extras, groups
    asked += _siblings(tree, folder, asked)
    files = requirements.choose(tree, folder, chosen.requirements)
    for file in files:
        read = requirements.read(tree, file)
        project.requirement_files += [name for name in read.files if name not in project.requirement_files]
        asked = [*asked, *read.found]
        for path, listed, where in read.projects:
            asked += [item for item in manifests.declared(tree, path) if path != folder]
            extras.update({name.strip(): where for name in listed.split(",") if name.strip()})
    project.manager = _manager(tree, project, chosen, has_files=bool(files))
    uses_files = project.manager is not None and project.manager.value == "pip"
    for item in asked:
        is_of_file = item.evidence.rpartition(":")[0] in project.requirement_files
        kind, _, name = (item.group or "").partition(":")
        is_wanted = item.group is None or name in (extras if kind == "extra" else groups)
        if is_of_file and not uses_files and project.manager is not None:
            is_wanted = False
        if is_wanted:
            known = project.packages.get(item.name)
            project.packages[item.name] = _joined(known, item) if known else item
        else:
            project.optional.setdefault(item.name, item)
    for text, where in chosen.named.items():
        found = requirements.requirement(text, where)
        if found is not None and found.name not in project.packages:
            project.beside[found.name] = found
    _member(tree, project, chosen)
    return project


def _siblings(tree: Tree, folder: str, asked: list[Requirement]) -> list[Requirement]:
    """Return what other projects of the repository ask for, where this one asks for them by name."""
    names: dict[str, str] = {}
    for file in tree.named("pyproject.toml"):
        name = table(toml(tree, file)[1], "project").get("name")
        if isinstance(name, str) and posixpath.dirname(file) != folder:
            names.setdefault(requirements.normal(name), posixpath.dirname(file))
    found: list[Requirement] = []
    pending = [item.name for item in asked if item.group is None]
    while pending:
        inner = names.pop(pending.pop(), None)
        if inner is not None:
            listed = [item for item in manifests.declared(tree, inner) if item.group is None]
            found += listed
            pending += [item.name for item in listed]
    return found


def _joined(one: Requirement, other: Requirement) -> Requirement:
    from cloudgen.dataclass import replace

    return replace(
        one, extras=one.extras | other.extras, evidence=one.evidence if one.extras >= other.extras else other.evidence
    )


def _upwards(folder: str) -> list[str]:
    found = [folder]
    while found[-1]:
        found.append(posixpath.dirname(found[-1]))
    return found


def _wanted(
    tree: Tree, project: Project, asked: list[Requirement], chosen: Chosen
) -> tuple[dict[str, str], dict[str, str]]:
    """Return extras and groups that are installed: named by install commands, else for production by their names."""
    known: dict[str, dict[str, str]] = {"extra": {}, "group": {}}
    for item in asked:
        kind, _, name = (item.group or "").partition(":")
        if name:
            known[kind].setdefault(name, item.evidence)
    extras = {name: chosen.extras[name] for name in known["extra"] if name in chosen.extras}
    groups = {name: chosen.groups[name] for name in known["group"] if name in chosen.groups and name != "dev"}
    if chosen.all_extras:
        extras = dict.fromkeys(known["extra"], chosen.all_extras)
    if chosen.all_groups:
        groups = dict.fromkeys(known["group"], chosen.all_groups)
    if not chosen.managers:
        extras = extras or {name: where for name, where in known["extra"].items() if name.lower() in LIVE}
        groups = groups or {name: where for name, where in known["group"].items() if name.lower() in LIVE}
    _, data = toml(tree, posixpath.join(project.folder, "pyproject.toml"))
    for name in texts(table(data, "tool", "uv").get("default-groups")):
        if name != "dev" and name in known["group"]:
            groups.setdefault(name, known["group"][name])
    return extras, groups


def _manager(tree: Tree, project: Project, chosen: Chosen, *, has_files: bool) -> Guess | None:
    """Return who installs: whose lock is there, the install commands first; else whose project it is."""
    locks = {
        manager: Fact(manager, f"{posixpath.join(folder, name)}:1")
        for folder in reversed(project.folders)
        for name, manager in _LOCKS
        if tree.has(posixpath.join(folder, name))
    }
    for stated, where in chosen.managers.items():
        if stated in locks:
            if len(locks) > 1:
                project.notes.append(f"there are locks of {' and '.join(sorted(locks))}: {stated} is used ({where})")
            return locks[stated]
        if stated == "pip" and has_files and chosen.requirements:
            return Fact("pip", f"{project.requirement_files[0]}:1")
        if stated == "conda":
            return Fact("conda", where)
    for name, manager in _LOCKS:
        if manager in locks:
            if len(locks) > 1:
                project.notes.append(f"there are locks of {' and '.join(sorted(locks))}: {manager} is used ({name})")
            return locks[manager]
    return _without_lock(tree, project, has_files=has_files)


def _without_lock(tree: Tree, project: Project, *, has_files: bool) -> Guess | None:  # noqa: C901 - one branch a tool
    file = posixpath.join(project.folder, "pyproject.toml")
    text, data = toml(tree, file)
    tools, backend = table(data, "tool"), str(table(data, "build-system").get("build-backend", ""))
    if has_files and project.requirement_files:
        return Fact("pip", f"{project.requirement_files[0]}:1")
    if "poetry" in tools or backend.startswith("poetry"):
        project.unlocked = "poetry lock"
        return Fact("poetry", f"{file}:{line_of(text, '[tool.poetry' if 'poetry' in tools else backend)}")
    if "pdm" in tools or backend.startswith("pdm"):
        project.unlocked = "pdm lock"
        return Fact("pdm", f"{file}:{line_of(text, '[tool.pdm' if 'pdm' in tools else backend)}")
    if "uv" in tools or backend.startswith("uv_build"):
        project.unlocked = "uv lock"
        return Fact("uv", f"{file}:{line_of(text, '[tool.uv' if 'uv' in tools else backend)}")
    for name in ("environment.yml", "environment.yaml"):
        if tree.has(found := posixpath.join(project.folder, name)):
            return Fact("conda", f"{found}:1")
    if tree.has(found := posixpath.join(project.folder, "Pipfile")):
        project.unlocked = "pipenv lock"
        return Fact("pipenv", f"{found}:1")
    if "project" in data or "dependency-groups" in data or "build-system" in data:
        project.unlocked = "uv lock (package_manager: uv)"
        word = (
            "[project]"
            if "project" in data
            else ("[dependency-groups]" if "dependency-groups" in data else "[build-system]")
        )
        return Fact("pip", f"{file}:{line_of(text, word)}")
    for name in ("setup.py", "setup.cfg"):
        if tree.has(found := posixpath.join(project.folder, name)):
            project.unlocked = "pip-compile"
            return Fact("pip", f"{found}:1")
    return None


def _member(tree: Tree, project: Project, chosen: Chosen) -> None:
    """A member of a workspace is named where its lock lies above it."""
    if project.manager is None or project.manager.value != "uv":
        return
    if posixpath.dirname(project.manager.evidence.rpartition(":")[0]) == project.folder:
        return
    file = posixpath.join(project.folder, "pyproject.toml")
    text, data = toml(tree, file)
    name = table(data, "project").get("name")
    if isinstance(name, str):
        project.member = Fact(name, chosen.members.get(name, f"{file}:{line_of(text, name)}"))
