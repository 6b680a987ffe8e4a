"""The Python version that a project runs on, and the one of cloudgen's that is nearest to it."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, get_args

from cloudgen.dataclass import dataclass
from cloudgen.detect.facts import Fact, line_of
from cloudgen.detect.metadata.toml import table, toml
from cloudgen.spec.build import Build

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cloudgen.detect.tree import Tree

PYTHONS: tuple[str, ...] = get_args(Build.model_fields["python"].annotation)
"""What a spec can say, oldest first."""
DEFAULT_PYTHON: str = Build.model_fields["python"].default

_BOUND = re.compile(r"(>=|<=|==|~=|!=|\^|>|<|~)?\s*v?(\d+)(?:\.(\d+))?")
_WHEEL = re.compile(r"-(cp3\d+)-(cp3\d+|abi3|none)-([\w.]+)\.whl")


@dataclass(frozen=True)
class PythonVersion:
    """The version to run on, its evidence, and what was asked for where cloudgen does not have it."""

    version: str | None
    evidence: str
    unsupported: str | None = None


def python_version(tree: Tree, folders: Iterable[str], images: Iterable[Fact[str]]) -> PythonVersion | None:
    """Return the version: of the base image, of version files, of the wheels in the lock, of what is required."""
    old: PythonVersion | None = None
    statements = [*((fact.evidence, fact.value, True) for fact in images), *_stated(tree, folders)]
    for evidence, stated, is_exact in statements:
        fitting = _fitting(stated)
        if is_exact and fitting:
            return PythonVersion(fitting[-1] if len(fitting) == 1 else _choose(fitting), evidence)
        if fitting:
            wheels = _by_wheels(tree, folders, fitting)
            return PythonVersion(*wheels) if wheels else PythonVersion(_choose(fitting), evidence)
        if old is None and re.search(r"\d", stated):
            old = PythonVersion(None, evidence, stated)
    if old is None and (found := _by_wheels(tree, folders, list(PYTHONS))):
        return PythonVersion(*found)
    return old


def _stated(tree: Tree, folders: Iterable[str]) -> Iterator[tuple[str, str, bool]]:
    listed = list(folders)
    for folder in listed:
        yield from _version_files(tree, folder)
    for folder in listed:
        file = posixpath.join(folder, "pyproject.toml")
        text, data = toml(tree, file)
        for key, stated in (
            ("requires-python", table(data, "project").get("requires-python")),
            ("python", table(data, "tool", "poetry", "dependencies").get("python")),
        ):
            if isinstance(stated, str):
                yield f"{file}:{_key_line(text, key)}", stated, False
        for lock in ("uv.lock", "poetry.lock", "pdm.lock"):
            name = posixpath.join(folder, lock)
            if match := re.search(
                r'^(?:requires-python|python-versions|requires_python) = "([^"]+)"', tree.text(name) or "", re.MULTILINE
            ):
                yield f"{name}:{line_of(tree.text(name) or '', match[0])}", match[1], False
        for name in ("setup.cfg", "setup.py"):
            file = posixpath.join(folder, name)
            text = tree.text(file) or ""
            if match := re.search(r"python_requires\s*=\s*[\"']?([^\"'\n]+)", text):
                yield f"{file}:{line_of(text, 'python_requires')}", match[1].strip(), False


def _key_line(text: str, key: str) -> int:
    return next((number for number, line in enumerate(text.splitlines(), 1) if re.match(rf"\s*{key}\s*=", line)), 1)


def _version_files(tree: Tree, folder: str) -> Iterator[tuple[str, str, bool]]:
    patterns = {
        ".python-version": r"^\s*(?:cpython-)?(\d\.\d+)",
        ".tool-versions": r"^python\s+(\d\.\d+)",
        "mise.toml": r"^python\s*=\s*\"(\d\.\d+)",
        ".mise.toml": r"^python\s*=\s*\"(\d\.\d+)",
        "runtime.txt": r"^python-(\d\.\d+)",
        "environment.yml": r"^\s*-\s*python\s*[=~<>]+\s*(\d\.\d+)",
        "environment.yaml": r"^\s*-\s*python\s*[=~<>]+\s*(\d\.\d+)",
    }
    for name, pattern in patterns.items():
        file = posixpath.join(folder, name)
        for number, line in enumerate((tree.text(file) or "").splitlines(), 1):
            if match := re.search(pattern, line):
                yield f"{file}:{number}", match[1], True
                break
    file = posixpath.join(folder, "Pipfile")
    text, data = toml(tree, file)
    for key in ("python_version", "python_full_version"):
        if isinstance(stated := table(data, "requires").get(key), str):
            yield f"{file}:{line_of(text, key)}", ".".join(stated.split(".")[:2]), True


def _by_wheels(tree: Tree, folders: Iterable[str], fitting: list[str]) -> tuple[str, str] | None:
    """Return the newest version, the default at most, for which each package of the lock with wheels has one.

    None where the default works, or where the lock names no wheels: then they decide nothing.
    """
    for folder in folders:
        for lock in ("uv.lock", "poetry.lock", "pdm.lock"):
            file = posixpath.join(folder, lock)
            if (text := tree.text(file)) is None:
                continue
            possible = _with_wheels(text, fitting)
            if not possible or _choose(fitting) in possible:
                return None
            match = _WHEEL.search(text)
            line = text.count("\n", 0, match.start()) + 1 if match else 1
            return _choose(possible) or possible[-1], f"{file}:{line}, the wheels in the lock"
    return None


def _with_wheels(text: str, fitting: list[str]) -> list[str]:
    possible = list(fitting)
    for block in re.split(r"^\[\[package\]\]", text, flags=re.MULTILINE)[1:]:
        tags = [(match[1], match[2]) for match in _WHEEL.finditer(block) if "linux" in match[3] or match[3] == "any"]
        if tags and "-py3-none-any.whl" not in block:
            possible = [version for version in possible if any(_runs(version, *tag) for tag in tags)]
    return possible


def _runs(version: str, python: str, abi: str) -> bool:
    minor, built = int(version.split(".")[1]), int(python[3:])
    return minor == built or (abi == "abi3" and minor >= built)


def _fitting(stated: str) -> list[str]:
    parts = re.split(r"[,\s]+(?=[<>=!~^])|,", stated)
    return [version for version in PYTHONS if all(_fits(version, part) for part in parts)]


def _choose(fitting: list[str]) -> str | None:
    """Pick the version that fits: the default if it does, else the nearest newer, else the nearest older one."""
    if DEFAULT_PYTHON in fitting:
        return DEFAULT_PYTHON
    newer = [version for version in fitting if PYTHONS.index(version) > PYTHONS.index(DEFAULT_PYTHON)]
    return newer[0] if newer else (fitting[-1] if fitting else None)


def _fits(version: str, part: str) -> bool:
    match = _BOUND.match(part.strip())
    if match is None:
        return True
    operator, minor = match[1] or "==", int(version.split(".")[1])
    if match[2] != "3":
        return operator in ("<", "<=", "!=") if match[2] > "3" else operator not in ("==", "~", "~=", "<", "<=")
    if match[3] is None:
        return True
    bound, patch = int(match[3]), part.strip()[match.end() :].startswith(".")
    return {
        "==": minor == bound,
        "~": minor == bound,
        "~=": minor == bound if patch else minor >= bound,
        ">=": minor >= bound,
        "^": minor >= bound,
        ">": minor >= bound if patch else minor > bound,
        "<=": minor <= bound,
        "<": minor < bound or (minor == bound and patch),
        "!=": minor != bound or patch,
    }[operator]
