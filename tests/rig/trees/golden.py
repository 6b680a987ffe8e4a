"""Golden files: what was rendered once and read by somebody, compared byte for byte in both directions."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "golden"
UPDATE = "make golden"
SHOWN = 80
"""Lines of difference that a failure shows of each file."""


@dataclass(frozen=True)
class GoldenCase:
    """A spec under tests/golden, and the trees that were rendered from it."""

    name: str
    folder: Path

    @property
    def spec(self) -> Path:
        """The case's spec."""
        return self.folder / "cloudgen.yaml"

    def tree(self, target: str) -> Path:
        """The folder that holds what was rendered for a target; it may not exist."""
        return self.folder / target


def golden_cases(target: str | None = None) -> list[GoldenCase]:
    """Return the cases by name; with a target, those that have a tree for it."""
    cases = [GoldenCase(path.parent.name, path.parent) for path in sorted(FOLDER.glob("*/cloudgen.yaml"))]
    return [case for case in cases if target is None or case.tree(target).is_dir()]


def check_tree(expected: Path, files: Mapping[str, str], *, update: bool) -> None:
    """Fail unless the folder holds exactly these files. With `update`, make it so.

    `files` are texts by their path below the folder, with `/` between the parts.
    """
    if update:
        _replace(expected, files)
        return
    present = {path.relative_to(expected).as_posix() for path in expected.rglob("*") if path.is_file()}
    missing = sorted(set(files) - present)
    extra = sorted(present - set(files))
    wrong = [_difference(expected / name, files[name]) for name in sorted(present & set(files))]
    parts = [f"rendered, but not in {expected.name}: {name}" for name in missing]
    parts += [f"in {expected.name}, but not rendered: {name}" for name in extra]
    _fail_with([*parts, *filter(None, wrong)], expected)


def check_text(expected: Path, text: str, *, update: bool) -> None:
    """Fail unless the file holds exactly this text. With `update`, write it."""
    if update:
        expected.parent.mkdir(parents=True, exist_ok=True)
        expected.write_bytes(text.encode())
        return
    if not expected.is_file():
        _fail_with(["it does not exist"], expected)
    _fail_with(filter(None, [_difference(expected, text)]), expected)


def _replace(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        check_text(folder / name, text, update=True)
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(folder).as_posix() not in files:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _difference(path: Path, text: str) -> str | None:
    expected = path.read_bytes()
    if expected == text.encode():
        return None
    lines = list(
        difflib.unified_diff(
            expected.decode(errors="replace").splitlines(),
            text.splitlines(),
            f"{path.name} (golden)",
            f"{path.name} (rendered)",
            lineterm="",
        )
    )
    if not lines:
        return f"{path.name}: line ends differ, or the last line has none"
    more = [f"... and {len(lines) - SHOWN} lines more"] if len(lines) > SHOWN else []
    return "\n".join([*lines[:SHOWN], *more])


def _fail_with(reasons: Iterable[str], expected: Path) -> None:
    reasons = list(reasons)
    if reasons:
        told = "\n".join(reasons)
        pytest.fail(
            f"{expected} differs.\n{told}\nIf this is as it should be: {UPDATE}, and read the diff.", pytrace=False
        )
