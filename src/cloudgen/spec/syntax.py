"""What YAML's own parser complains about, in words that say what to change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import yaml

from cloudgen.errors import Position, Problem

_TAB = "indent with spaces: YAML allows no tabs there"
_NO_BREAK_SPACE = "replace the no-break space (U+00A0) with an ordinary space"


class _Advice(NamedTuple):
    message: str
    hint: str
    at_context: bool = False


# libyaml's `problem` texts, from the sources of its scanner and parser.
_ADVICE = {
    "mapping values are not allowed in this context": _Advice(
        "a `:` is not expected here",
        "look for a line above that lacks its `:` or is indented differently; quote a value that holds `: `",
    ),
    "could not find expected ':'": _Advice(
        "this key has no `:`", "write `key: value`, with a space after the colon", True
    ),
    "did not find expected key": _Advice(
        "a key is expected here", "align it with the keys above, and quote a value that goes on after a quoted text"
    ),
    "did not find expected '-' indicator": _Advice(
        "a `- ` is expected here", "every item of the list above starts with `- ` in the same column"
    ),
    "did not find expected ',' or ']'": _Advice("this `[` is never closed", "close the list with `]`", True),
    "did not find expected ',' or '}'": _Advice("this `{` is never closed", "close the mapping with `}`", True),
    "found unexpected end of stream": _Advice("this quote is never closed", "close the text with the same quote", True),
    "found unexpected document indicator": _Advice(
        "this quote is never closed", "close the text with the same quote", True
    ),
    "found unknown escape character": _Advice(
        "unknown escape in a double-quoted text", "write `\\\\` for a backslash, or use single quotes"
    ),
    "found invalid Unicode character escape code": _Advice(
        "this escape is not a Unicode character", "write the character itself, or one `\\U` escape with eight digits"
    ),
    "did not find expected hexdecimal number": _Advice(
        "this escape lacks digits", "write `\\x` and two, `\\u` and four digits"
    ),
    "did not find expected node content": _Advice(
        "a value is expected here", "quote a text that starts with this character"
    ),
    "did not find expected comment or line break": _Advice(
        "nothing may follow `|` or `>` on this line", "start the text on the next line, indented"
    ),
    "block sequence entries are not allowed in this context": _Advice(
        "a list may not start here", "start the list on the next line, or write it as `[a, b]`"
    ),
    "found incompatible YAML document": _Advice("this version of YAML is not supported", "leave out the `%YAML` line"),
    "found unknown directive name": _Advice("this directive is not known", "leave out the line, or quote the value"),
    "found a tab character that violates indentation": _Advice("a tab stands in the indentation", _TAB),
    "found a tab character where an indentation space is expected": _Advice("a tab stands in the indentation", _TAB),
}


def syntax_problem(error: yaml.MarkedYAMLError, lines: Sequence[str]) -> Problem:
    """Turn an error of the YAML parser into a problem with a position and, where we know one, a hint."""
    mark, context = error.problem_mark or error.context_mark, error.context_mark
    text = error.problem or error.context or "this is not YAML"
    advice = _ADVICE.get(text)
    if advice and advice.at_context and context is not None:
        mark = context
    position = _position(mark, lines)
    line = lines[position.line - 1] if lines else ""
    rest = line[position.column - 1 :]
    if not line[: len(line) - len(line.lstrip())].isprintable() and (advice is None or not advice.at_context):
        return Problem("syntax", "a tab stands in the indentation", hint=_TAB, position=_first(line, "\t", position))
    if "\u00a0" in line[: len(line) - len(line.lstrip())]:
        return Problem("syntax", "a no-break space stands in the indentation", hint=_NO_BREAK_SPACE, position=position)
    if text == "found character that cannot start any token":
        hint = _TAB if rest.startswith("\t") else "put the text in quotes"
        return Problem("syntax", f"a value may not start with {_shown(rest)}", hint=hint, position=position)
    if advice is not None:
        return Problem("syntax", advice.message, hint=advice.hint, position=position)
    return Problem("syntax", text, position=position)


def _first(line: str, character: str, position: Position) -> Position:
    return Position(position.line, line.index(character) + 1) if character in line else position


def _shown(rest: str) -> str:
    if rest.startswith("\t"):
        return "a tab"
    return f"`{rest[0]}`" if rest and rest[0] != "`" else "a backtick"


def _position(mark: yaml.Mark | None, lines: Sequence[str]) -> Position:
    """Turn a mark into a position inside the text: at the end of a file the parser points behind it."""
    if mark is None or not lines:
        return Position(1, 1)
    line = mark.line
    if line >= len(lines):
        line = len(lines) - 1
        return Position(line + 1, len(lines[line]) + 1)
    return Position(line + 1, min(mark.column, len(lines[line])) + 1)
