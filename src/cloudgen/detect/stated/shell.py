"""Shell text, taken apart into commands: enough to read a CMD, a Procfile line or an entry script."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from cloudgen.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::?([-=?+])([^{}]*))?\}|(\w+))")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_OPERATORS = frozenset({"&&", "||", ";", "|", "&", ";;", "(", ")", "|&", ";&"})
_KEYWORDS = frozenset(
    {"if", "then", "else", "elif", "fi", "do", "done", "while", "until", "!", "{", "}", "esac", "time"}
)
_LABEL = re.compile(r"""\s*\(?\s*((?:["']?[\w.*:-]+["']?\s*\|?\s*)+)\)(?!\))\s*(.*)$""")
_FUNCTION = re.compile(r"\s*(?:function\s+)?([\w-]+)\s*\(\)\s*\{?\s*(.*)$|\s*function\s+([\w-]+)\s*\{?\s*(.*)$")


@dataclass(frozen=True)
class Command:
    """Words of one command, the line of its text (1-based), and the `case` label or function that it stands under."""

    words: tuple[str, ...]
    line: int = 1
    label: str = ""


def expand(text: str, values: Mapping[str, str]) -> str:
    """Replace variables that are known, or that state a default: `${PORT:-8000}`. Others stay as they are."""

    def value(match: re.Match[str]) -> str:
        name = match[1] or match[4]
        if name in values:
            return match[3] if match[2] == "+" else values[name]
        return match[3] if match[2] in ("-", "=") else ("" if match[2] == "+" else match[0])

    for _ in range(3):
        replaced = _VARIABLE.sub(value, text)
        if replaced == text:
            break
        text = replaced
    return text


def split(text: str) -> list[str]:
    """Split one command line into words and operators; unbalanced quotes are taken as they stand."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=";&|")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return list(lexer)
    except ValueError:
        return text.split()


def commands(text: str, values: Mapping[str, str] | None = None) -> Iterator[Command]:
    """Yield the commands of a script, in order, with the variables that it sets itself filled in."""
    known = dict(values or {})
    label = ""
    for line, logical in _logical_lines(text):
        if heading := _FUNCTION.match(logical):
            label, logical = heading[1] or heading[3], heading[2] or heading[4] or ""
        elif _is_label(logical) and (heading := _LABEL.match(logical)):
            label, logical = heading[1].strip(" \"'"), heading[2]
        if logical.strip() in ("esac", "}"):
            label = ""
        for words in _simple_commands(split(logical)):
            settings = [word for word in words if _ASSIGNMENT.match(word)]
            if words[0] == "export" or len(settings) == len(words):
                pairs = (word.partition("=") for word in settings)
                known.update({name: expand(value, known) for name, _, value in pairs if name not in (values or {})})
            else:
                yield Command(tuple(expand(word, known) for word in words), line, label)


def _is_label(text: str) -> bool:
    return bool(re.match(r"""\s*\(?\s*["']?[\w.*:-]+["']?(\s*\|\s*["']?[\w.*:-]+["']?)*\s*\)""", text))


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines with their number, `\\` at the end joined, comments left out."""
    pending, start = "", 0
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.rstrip()
        if line.lstrip().startswith("#"):
            continue
        start = start or number
        if line.endswith("\\"):
            pending += line[:-1] + " "
            continue
        line = pending + re.sub(r"\s#\s.*$", "", line)
        if line.strip():
            yield start, line
        pending, start = "", 0
    if pending.strip():
        yield start, pending


def _simple_commands(words: list[str]) -> Iterator[list[str]]:
    current: list[str] = []
    for word in [*words, ";"]:
        if word in _OPERATORS:
            while current and current[0] in _KEYWORDS:
                current.pop(0)
            if current:
                yield current
            current = []
        else:
            current.append(word)
