"""Characters that a spec may not hold: those that cannot be seen, or that make a line look like something else.

Control (Cc), format (Cf: bidirectional controls, zero-width characters) and separator characters (Zl, Zp) are refused
everywhere, comments included; see "Trojan Source", CVE-2021-42574. Tab and line feed are allowed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from cloudgen.errors import Position, Problem, SpecPath

REPLACEMENT = "\ufffd"
_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def replace_forbidden(lines: Sequence[str], limit: int) -> tuple[list[str], list[Problem]]:
    """Replace forbidden characters by U+FFFD, and report each, so that the parser can go on.

    Gives up as soon as there are more than `limit`: the lines are then as they came, and nobody may parse them.
    """
    replaced = list(lines)
    problems: list[Problem] = []
    for number, line in enumerate(lines):
        # The characters of a line, each once: a line of a mebibyte is looked at by C code only.
        bad = "" if line.isprintable() else "".join(sorted(c for c in set(line) if _is_forbidden(c)))
        if not bad:
            continue
        for match in re.finditer(f"[{re.escape(bad)}]", line):
            problems.append(forbidden_problem(match[0], Position(number + 1, match.start() + 1)))
            if len(problems) > limit:
                return list(lines), problems
        replaced[number] = line.translate(dict.fromkeys(map(ord, bad), REPLACEMENT))
    return replaced, problems


def first_forbidden(text: str) -> str | None:
    """Return the first forbidden character of a text, which an escape such as `\\u202e` may have made."""
    if text.isprintable():
        return None
    bad = {c for c in set(text) if _is_forbidden(c)}
    return next(c for c in text if c in bad) if bad else None


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
