"""Parses Python sources of any age: where the grammar is not that of this interpreter, what can be read is read."""

from __future__ import annotations

import ast
import re
import warnings

from cloudgen.dataclass import dataclass

_MAX_LEFT_OUT = 40
_NEWER = (
    (re.compile(r"^(\s*)type\s+\w+(?:\[[^\n]*\])?\s*=.*$", re.MULTILINE), r"\1pass"),  # PEP 695
    (re.compile(r"^(\s*(?:async\s+)?def\s+\w+)\[[^\]\n]*(?:\[[^\]\n]*\][^\]\n]*)*\](\()", re.MULTILINE), r"\1\2"),
    (re.compile(r"^(\s*class\s+\w+)\[[^\]\n]*(?:\[[^\]\n]*\][^\]\n]*)*\]", re.MULTILINE), r"\1"),
    (re.compile(r"^(\s*except\*?\s+)([\w.]+(?:\s*,\s*[\w.]+)+)(\s*:)", re.MULTILINE), r"\1(\2)\3"),  # PEP 758
    (re.compile(r"(?<![\w\"'])t([\"'])"), r"f\1"),  # PEP 750
)


@dataclass(frozen=True)
class Parsed:
    """A syntax tree, and the lines (1-based, first and last) that could not be read."""

    tree: ast.Module
    left_out: tuple[tuple[int, int], ...] = ()


def parse(text: str) -> Parsed | None:
    """Parse a source; None where nothing of it can be read."""
    failed = _try(text)
    if isinstance(failed, ast.Module):
        return Parsed(failed)
    if failed is None:
        return None
    for pattern, replacement in _NEWER:
        text = pattern.sub(replacement, text)
    lines = text.split("\n")
    left_out: list[tuple[int, int]] = []
    for _ in range(_MAX_LEFT_OUT):
        result = _try("\n".join(lines))
        if isinstance(result, ast.Module):
            return Parsed(result, tuple(sorted(left_out))) if result.body or not left_out else None
        if result is None:
            return None
        first, last = _block(lines, min(max(result, 1), len(lines)))
        if not any(line.strip() for line in lines[first - 1 : last]):
            return None
        lines[first - 1 : last] = [""] * (last - first + 1)
        left_out.append((first, last))
    return None


def _try(text: str) -> ast.Module | int | None:
    """Return the tree, or the line of the error, or None where there is no use in trying on."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return ast.parse(text)
    except SyntaxError as error:
        return error.lineno or 1
    except (ValueError, RecursionError, MemoryError):
        return None


def _block(lines: list[str], line: int) -> tuple[int, int]:
    """Return the first and last line of the statement of the module's level that a line belongs to."""
    first = line
    while first > 1 and not _begins(lines[first - 1]):
        first -= 1
    while first > 1 and lines[first - 2].startswith("@"):
        first -= 1
    last = line
    while last < len(lines) and not _begins(lines[last]):
        last += 1
    return first, last


def _begins(line: str) -> bool:
    return (
        bool(line)
        and not line[0].isspace()
        and line[0] not in ")]}#\"'"
        and not re.match(r"(else|elif|except|finally)\b", line)
    )
