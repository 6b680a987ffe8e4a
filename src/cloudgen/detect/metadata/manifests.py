"""The packages that a project asks for: pyproject.toml in its dialects, Pipfile, setup.cfg, setup.py, conda."""

from __future__ import annotations

import ast
import configparser
import posixpath
import re
import warnings
from typing import TYPE_CHECKING, Any

from cloudgen.dataclass import replace
from cloudgen.detect.facts import line_of
from cloudgen.detect.metadata import requirements
from cloudgen.detect.metadata.requirements import Requirement, normal, requirement
from cloudgen.detect.metadata.toml import table, texts, toml
from cloudgen.detect.stated import yamls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudgen.detect.tree import Tree

MANIFESTS = (
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "Pipfile",
    "environment.yml",
    "environment.yaml",
    "requirements.txt",
)


def has_manifest(tree: Tree, folder: str) -> bool:
    """Whether a folder holds the metadata of a project."""
    for name in MANIFESTS:
        file = posixpath.join(folder, name)
        if tree.has(file) and (name != "pyproject.toml" or _is_project(tree, file)):
            return True
    return any(
        re.fullmatch(r"requirements?[\w.-]*\.(txt|lock)", posixpath.basename(file))
        for file in tree.named("requirement*.txt", "requirements.lock")
        if posixpath.dirname(file) == folder
    ) or any(posixpath.dirname(file) == posixpath.join(folder, "requirements") for file in tree.named("*.txt"))


def _is_project(tree: Tree, file: str) -> bool:
    """A pyproject.toml that only configures ruff or black is none."""
    _, data = toml(tree, file)
    tools = table(data, "tool")
    return (
        "project" in data
        or "dependency-groups" in data
        or bool({"poetry", "pdm", "flit"} & set(tools))
        or "build-system" in data
    )


def declared(tree: Tree, folder: str) -> Iterator[Requirement]:
    """Yield what the manifests of a folder ask for, except requirement files."""
    yield from _pyproject(tree, posixpath.join(folder, "pyproject.toml"))
    file = posixpath.join(folder, "Pipfile")
    text, data = toml(tree, file)
    yield from _named(table(data, "packages"), file, text, None)
    yield from _named(table(data, "dev-packages"), file, text, "group:dev")
    yield from _setup_cfg(tree, posixpath.join(folder, "setup.cfg"))
    yield from _setup_py(tree, posixpath.join(folder, "setup.py"))
    for name in ("environment.yml", "environment.yaml"):
        yield from _conda(tree, posixpath.join(folder, name))


def _pyproject(tree: Tree, file: str) -> Iterator[Requirement]:
    text, data = toml(tree, file)
    if not data:
        return
    project = table(data, "project")
    yield from _texts(project.get("dependencies"), file, text, None)
    for extra, listed in table(project, "optional-dependencies").items():
        yield from _texts(listed, file, text, f"extra:{extra}")
    groups = table(data, "dependency-groups")
    for group, listed in groups.items():
        yield from _texts(_included(groups, listed), file, text, f"group:{group}")
    poetry = table(data, "tool", "poetry")
    extras = {normal(name): extra for extra, names in table(poetry, "extras").items() for name in texts(names)}
    for item in _named(table(poetry, "dependencies"), file, text, None):
        value = table(poetry, "dependencies").get(item.text.partition("[")[0])
        is_optional = isinstance(value, dict) and value.get("optional") is True
        yield replace(item, group=f"extra:{extras.get(item.name)}") if is_optional else item
    for group, listed in table(poetry, "group").items():
        yield from _named(table(listed, "dependencies"), file, text, f"group:{group}")
    yield from _named(table(poetry, "dev-dependencies"), file, text, "group:dev")
    for group, listed in table(data, "tool", "pdm", "dev-dependencies").items():
        yield from _texts(listed, file, text, f"group:{group}")
    dynamic = table(data, "tool", "setuptools", "dynamic", "dependencies").get("file")
    for name in texts(dynamic):
        yield from requirements.read(tree, posixpath.join(posixpath.dirname(file), name)).found


def _included(groups: dict[str, Any], listed: Any, depth: int = 0) -> list[str]:
    found: list[str] = []
    for item in listed if isinstance(listed, list) else []:
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, dict) and depth < 8:
            found += _included(groups, groups.get(str(item.get("include-group"))), depth + 1)
    return found


def _texts(listed: Any, file: str, text: str, group: str | None) -> Iterator[Requirement]:
    for item in texts(listed):
        if found := requirement(item, f"{file}:{line_of(text, item)}", group):
            yield found


def _named(listed: dict[str, Any], file: str, text: str, group: str | None) -> Iterator[Requirement]:
    """`name = "^1"` and `name = {version = "^1", extras = ["x"]}` of poetry and pipenv."""
    for name, value in listed.items():
        if name == "python":
            continue
        extras = frozenset(texts(value.get("extras"))) if isinstance(value, dict) else frozenset()
        match = re.search(rf"^\s*[\"']?{re.escape(name)}[\"']?\s*=", text, re.MULTILINE)
        line = text.count("\n", 0, match.start()) + 1 + match[0].count("\n") if match else line_of(text, name)
        stated = f"{name}[{','.join(sorted(extras))}]" if extras else name
        if isinstance(value, dict) and value.get("git"):
            stated += " @ git+"
        yield Requirement(normal(name), extras, stated, f"{file}:{line}", group)


def _setup_cfg(tree: Tree, file: str) -> Iterator[Requirement]:
    text = tree.text(file) or ""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return
    listed: list[tuple[str, str, str | None]] = [("options", "install_requires", None)]
    if parser.has_section("options.extras_require"):
        listed += [("options.extras_require", extra, f"extra:{extra}") for extra in parser["options.extras_require"]]
    for section, key, group in listed:
        for line in parser.get(section, key, fallback="").splitlines():
            if line.strip() and (found := requirement(line, f"{file}:{line_of(text, line.strip())}", group)):
                yield found


def _setup_py(tree: Tree, file: str) -> Iterator[Requirement]:
    text = tree.text(file)
    if text is None:
        return
    try:
        with warnings.catch_warnings(action="ignore"):
            parsed = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        tree.notes.append(f"{file} is no Python that can be read, so its packages are not known")
        return
    lists = {
        target.id: node.value
        for node in parsed.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(parsed):
        if isinstance(node, ast.keyword) and node.arg in ("install_requires", "extras_require"):
            value = lists.get(node.value.id) if isinstance(node.value, ast.Name) else node.value
            yield from _listed(value, file, None)


def _listed(node: ast.expr | None, file: str, group: str | None) -> Iterator[Requirement]:
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant):
                yield from _listed(value, file, f"extra:{key.value!s}")
    for item in getattr(node, "elts", []):
        if isinstance(item, ast.Constant) and (found := requirement(str(item.value), f"{file}:{item.lineno}", group)):
            yield found


def _conda(tree: Tree, file: str) -> Iterator[Requirement]:
    found = yamls.read(tree, file)
    if found is None:
        return
    for index, item in enumerate(found.items("dependencies")):
        if isinstance(item, str) and (
            one := requirement(item.partition("::")[2] or item, found.place("dependencies", index))
        ):
            yield one
        elif isinstance(item, dict):
            for number, line in enumerate(texts(item.get("pip"))):
                if one := requirement(line, found.place("dependencies", index, "pip", number)):
                    yield one
