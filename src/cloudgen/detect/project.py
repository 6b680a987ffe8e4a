"""What a project's metadata says: its name, Python version, package manager and packages."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from cloudgen.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MAX_BYTES = 4 * 1024 * 1024
PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
DEFAULT_PYTHON = "3.12"

_LOCKS = (("uv.lock", "uv"), ("poetry.lock", "poetry"), ("Pipfile.lock", "pipenv"), ("requirements.txt", "pip"))
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?")
_BOUND = re.compile(r"(>=|<=|==|~=|!=|\^|>|<|~)?\s*v?(\d+)(?:\.(\d+))?")


@dataclass(frozen=True)
class Guess:
    """Something that was found out, with the place that shows it (`pyproject.toml:7`)."""

    value: str
    evidence: str


def read(path: Path) -> str | None:
    """Return the text of a file of the application, or None where there is none that can be read."""
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            return None
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


def line_of(text: str, word: str) -> int:
    """Return the number of the first line that holds a word, 1 when there is none."""
    return next((number for number, line in enumerate(text.splitlines(), 1) if word in line), 1)


def _toml(path: Path) -> tuple[str, dict[str, Any]]:
    text = read(path)
    if text is None:
        return "", {}
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return text, {}


def _table(data: Any, *keys: str) -> dict[str, Any]:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def project_name(folder: Path) -> Guess:
    """Guess the application's name: that of the project, else that of the folder, within the spec's rules."""
    text, data = _toml(folder / "pyproject.toml")
    for table in (_table(data, "project"), _table(data, "tool", "poetry")):
        if isinstance(table.get("name"), str) and (name := _as_name(table["name"])):
            return Guess(name, f"pyproject.toml:{line_of(text, table['name'])}")
    return Guess(_as_name(folder.resolve().name) or "app", "the name of the folder")


def _as_name(text: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-0123456789")
    name = words[:15].strip("-")
    return name if len(name) > 1 else ""


def python_version(folder: Path) -> Guess | None:
    """Guess the Python version: `.python-version`, then what the project requires, then `runtime.txt` and Pipfile."""
    for name, text, stated in _stated_versions(folder):
        chosen = _choose(stated)
        if chosen:
            return Guess(chosen, f"{name}:{line_of(text, stated)}")
    return None


def _stated_versions(folder: Path) -> Iterator[tuple[str, str, str]]:
    pinned = read(folder / ".python-version") or ""
    for line in pinned.splitlines():
        if re.match(r"\s*3\.\d+", line):
            yield ".python-version", pinned, line.strip()
    text, data = _toml(folder / "pyproject.toml")
    for stated in (
        _table(data, "project").get("requires-python"),
        _table(data, "tool", "poetry", "dependencies").get("python"),
    ):
        if isinstance(stated, str):
            yield "pyproject.toml", text, stated
    runtime = read(folder / "runtime.txt") or ""
    if match := re.search(r"python-(3\.\d+)", runtime):
        yield "runtime.txt", runtime, match[1]
    text, data = _toml(folder / "Pipfile")
    stated = _table(data, "requires").get("python_version")
    if isinstance(stated, str):
        yield "Pipfile", text, stated


def _choose(stated: str) -> str | None:
    """Pick the version that fits: the default if it does, else the nearest newer, else the nearest older one."""
    fitting = [
        version
        for version in PYTHONS
        if all(_fits(version, part) for part in re.split(r"[,\s]+(?=[<>=!~^])|,", stated))
    ]
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
        return operator in ("<", "<=", "!=") if match[2] > "3" else operator not in ("==", "~", "~=")
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


def package_manager(folder: Path) -> Guess | None:
    """Guess whose lock file pins the packages."""
    return next((Guess(manager, f"{name}:1") for name, manager in _LOCKS if (folder / name).is_file()), None)


def packages(folder: Path) -> dict[str, Guess]:
    """Return the packages that the application asks for directly: normalised name, extras and where it says so."""
    found: dict[str, Guess] = {}
    for name, text, requirement in _requirements(folder):
        match = _REQUIREMENT.match(requirement)
        if match:
            normal = re.sub(r"[-_.]+", "-", match[1]).lower()
            found.setdefault(normal, Guess(match[2] or "", f"{name}:{line_of(text, match[1])}"))
    return found


def _requirements(folder: Path) -> Iterator[tuple[str, str, str]]:
    text, data = _toml(folder / "pyproject.toml")
    listed = _table(data, "project").get("dependencies")
    for item in listed if isinstance(listed, list) else []:
        if isinstance(item, str):
            yield "pyproject.toml", text, item
    for item in _named(_table(data, "tool", "poetry", "dependencies")):
        yield "pyproject.toml", text, item
    text, data = _toml(folder / "Pipfile")
    for item in _named(_table(data, "packages")):
        yield "Pipfile", text, item
    text = read(folder / "requirements.txt") or ""
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith(("#", "-")):
            yield "requirements.txt", text, line


def _named(table: dict[str, Any]) -> Iterable[str]:
    for name, value in table.items():
        extras = value.get("extras") if isinstance(value, dict) else None
        yield f"{name}[{','.join(map(str, extras))}]" if isinstance(extras, list) else name
