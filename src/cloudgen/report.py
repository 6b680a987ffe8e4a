"""How problems are printed: for people as rustc does it, for programs as JSON, for GitHub as annotations.

Colour is never the only signal. It is used on a terminal only, per stream, unless `NO_COLOR` is set (no-color.org)
or `TERM` is `dumb`; click has no such rule of its own. What only a problem needs is imported when there is one.
"""

from __future__ import annotations

import os
import unicodedata
from typing import IO, TYPE_CHECKING, Literal, get_args

from cloudgen.errors import MAX_PROBLEMS, CloudgenError, EditedError
from cloudgen.printable import printable, printable_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cloudgen.errors import Problem
    from cloudgen.spec.document import Document, Excerpt

Format = Literal["text", "json", "github"]
FORMATS: tuple[Format, ...] = get_args(Format)

LONGEST = 2000
"""Characters of a message that are printed at most."""
MAX_WIDTH = 120
"""Source lines longer than this are cut around the caret."""

_STYLES = {"error": "1;31", "warning": "1;33", "frame": "1;34", "bold": "1", "added": "32", "removed": "31"}


class Painter:
    """Colours text for one stream, or leaves it alone."""

    def __init__(self, enabled: bool) -> None:
        self._enabled = enabled

    @classmethod
    def for_stream(cls, stream: IO[str]) -> Painter:
        """Decide by the stream and the environment whether there is colour."""
        wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        return cls(wanted and stream.isatty())

    def __call__(self, style: str, text: str) -> str:
        """Return the text in a style: `error`, `warning`, `frame`, `bold`, `added` or `removed`."""
        return f"\033[{_STYLES[style]}m{text}\033[0m" if self._enabled and text else text


def render(problems: Sequence[Problem], document: Document, style: Format, painter: Painter | None = None) -> str:
    """Print problems, which `document.locate` has located, in a format. Ends with a line break, or is empty."""
    if style == "json":
        import json

        return json.dumps(records(problems, document), indent=2, ensure_ascii=False) + "\n"
    if style == "github":
        return "".join(_annotation(problem, document) + "\n" for problem in problems)
    paint = painter or Painter(False)
    blocks = [_block(problem, document, paint) for problem in problems[: MAX_PROBLEMS + 1]]
    if len(problems) > len(blocks):
        blocks.append(f"and {len(problems) - len(blocks)} more\n")
    if blocks:
        blocks.append(summary(problems, document.name) + "\n")
    return "\n".join(blocks)


def summary(problems: Sequence[Problem], name: str) -> str:
    """Count the problems: `found 3 errors and 1 warning in cloudgen.yaml`."""
    parts = []
    for severity in ("error", "warning"):
        count = sum(problem.severity == severity for problem in problems)
        if count:
            parts.append(f"{count} {severity}{'s' if count > 1 else ''}")
    return f"found {' and '.join(parts) or 'no problems'} in {printable(name)}"


def told(error: CloudgenError) -> str:
    """Return what an error says, safe to print. Only a list of files has line breaks, and its names are printable."""
    return printable_lines(str(error)) if isinstance(error, EditedError) else printable(str(error))


def clean(text: str) -> str:
    """Make a text of one line safe to print: no control characters, and nothing that looks like a secret."""
    from cloudgen.spec import secrecy

    return secrecy.shown(printable(text), LONGEST)


def _block(problem: Problem, document: Document, paint: Painter) -> str:
    header = paint(problem.severity, f"{problem.severity}[{problem.code}]")
    lines = [f"{header}{paint('bold', f': {clean(problem.message)}')}"]
    hint = clean(problem.hint) if problem.hint else None
    position = problem.position
    is_absent = bool(problem.path) and problem.path[:1] not in document.places
    if position is None or not document.lines or is_absent:
        # There is no line to show: the first one has nothing to do with a section that is not there.
        lines.append(f"  {paint('frame', '-->')} {printable(document.name)}")
        width = 1
    else:
        width = len(str(position.line))
        indent = " " * (width + 1)
        place = f"{printable(document.name)}:{position.line}:{position.column}"
        text, caret = _source(document.excerpt(position))
        beside = hint if hint and hint.startswith("did you mean") else None
        lines += [
            f"{indent}{paint('frame', '-->')} {place}",
            f"{indent} {paint('frame', '|')}",
            f" {paint('frame', f'{position.line} |')} {text}".rstrip(),
            f"{indent} {paint('frame', '|')} {paint(problem.severity, caret + (f' {beside}' if beside else ''))}",
        ]
        hint = None if beside else hint
    if hint:
        lines.append(f"{' ' * (width + 2)}{paint('frame', '=')} help: {hint}")
    return "".join(f"{line}\n" for line in lines)


def _source(excerpt: Excerpt) -> tuple[str, str]:
    """Return a source line and the line of carets below it, cut around the caret when they are long."""
    text = "".join(c if c.isprintable() else " " for c in excerpt.text)
    start, length = excerpt.start, max(excerpt.length, 1)
    if len(text) > MAX_WIDTH:
        left = max(0, min(start - MAX_WIDTH // 3, len(text) - MAX_WIDTH))
        cut = text[left : left + MAX_WIDTH]
        if left + MAX_WIDTH < len(text):
            cut += "…"
        if left:
            cut, left = f"…{cut}", left - 1
        text, start = cut, start - left
        length = max(1, min(length, len(text) - start))
    return text, " " * _columns(text[:start].ljust(start)) + "^" * max(_columns(text[start : start + length]), 1)


def _columns(text: str) -> int:
    """How many columns a terminal gives a text: two for wide characters, none for combining ones."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def records(problems: Sequence[Problem], document: Document) -> list[dict[str, object]]:
    """Return problems as JSON data."""
    return [_record(problem, document) for problem in problems]


def _record(problem: Problem, document: Document) -> dict[str, object]:
    position = problem.position
    return {
        "code": problem.code,
        "severity": problem.severity,
        "message": clean(problem.message),
        "file": document.name,
        "path": [clean(item) if isinstance(item, str) else item for item in problem.path],
        "line": position.line if position else None,
        "column": position.column if position else None,
        "hint": clean(problem.hint) if problem.hint else None,
    }


def _annotation(problem: Problem, document: Document) -> str:
    """Write a workflow command of GitHub Actions; see "Workflow commands" in its documentation for the escapes."""
    properties = {"file": document.name, "title": problem.code}
    if problem.position:
        properties["line"], properties["col"] = str(problem.position.line), str(problem.position.column)
    message = clean(problem.message) + (f" ({clean(problem.hint)})" if problem.hint else "")
    listed = ",".join(f"{key}={_escaped(value, ':,')}" for key, value in properties.items())
    return f"::{problem.severity} {listed}::{_escaped(message)}"


def _escaped(text: str, also: str = "") -> str:
    return "".join(f"%{ord(c):02X}" if c in f"%\r\n{also}" else c for c in text)
