"""Characters that a spec may not hold: those that cannot be seen, or that make a line look like something else.

Control (Cc), format (Cf: bidirectional controls, zero-width characters) and separator characters (Zl, Zp) are refused
everywhere, comments included; see "Trojan Source", CVE-2021-42574. Tab and line feed are allowed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from cloudgen.errors import Position, Problem, SpecPath

REPLACEMENT = "\ufffd"
_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def replace_forbidden(lines: Sequence[str]) -> tuple[list[str], list[Problem]]:
    """Replace forbidden characters by U+FFFD, and report each, so that the parser can go on."""
    replaced = list(lines)
    problems: list[Problem] = []
    for number, line in enumerate(lines):
        if line.isprintable():
            continue
        for column, character in enumerate(line):
            if _is_forbidden(character):
                problems.append(forbidden_problem(character, Position(number + 1, column + 1)))
        replaced[number] = "".join(REPLACEMENT if _is_forbidden(c) else c for c in line)
    return replaced, problems


def first_forbidden(text: str) -> str | None:
    """Return the first forbidden character of a text, which an escape such as `\\u202e` may have made."""
    return None if text.isprintable() else next((c for c in text if _is_forbidden(c)), None)


def forbidden_problem(character: str, position: Position, path: SpecPath = ()) -> Problem:
    """Say which character stands where."""
    name = unicodedata.name(character, "control character").lower()
    return Problem(
        "forbidden-character",
        f"invisible character U+{ord(character):04X} ({name})",
        path,
        hint="remove it: the text would not be what it looks like",
        position=position,
    )


def _is_forbidden(character: str) -> bool:
    if character in "\t\n":
        return False
    return unicodedata.category(character) in _CATEGORIES or character in "\ufffe\uffff"
