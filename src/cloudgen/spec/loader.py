"""Reads a spec: strict YAML, with the position of every key and value.

The text goes through PyYAML's C parser as *events*. Composing a document with it would recurse in C, and 60,000
opening brackets end the process with a signal; events are flat, so the depth is counted before anything nests.
No type is guessed: `no`, `3.10` and `010` stay text until a model asks for something else.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from cloudgen.errors import MAX_PROBLEMS, Position, Problem, SpecError, SpecPath, more_problems
from cloudgen.spec import reading, secrecy
from cloudgen.spec.characters import REPLACEMENT, first_forbidden, forbidden_problem, replace_forbidden
from cloudgen.spec.document import Data, Document, Place, PlainScalar, split_lines
from cloudgen.spec.syntax import syntax_problem

__all__ = ["Document", "DocumentError", "PlainScalar", "load", "loads"]

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 64
MAX_NODES = 25_000
"""Keys and values: a spec of a thousand containers has half as many, and each takes its microseconds."""
MAX_FORBIDDEN = 20
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
# Where PyYAML was built without libyaml, its own parser gives the same events.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class DocumentError(SpecError):
    """A spec is invalid, and `document` is what it says: at the least its lines, for the message."""

    def __init__(self, problems: tuple[Problem, ...], document: Document) -> None:
        super().__init__(problems)
        self.document = document


def load(path: Path | str) -> Document:
    """Read a spec from a file, or from standard input when `path` is `-`.

    Raises `OutputError` when the file cannot be read and `DocumentError` when it is not YAML that a spec may
    use. Problems that do not hide the rest of the file are in `Document.problems`; `spec.parse` reports them.
    """
    if str(path) == "-":
        return loads(reading.standard_input(MAX_BYTES + 1), "<stdin>")
    return loads(reading.file(Path(path), MAX_BYTES + 1), str(path))


def loads(text: str | bytes, name: str = "cloudgen.yaml") -> Document:
    """Read a spec from a text. `name` is what messages call it. Raises `DocumentError`."""
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(raw) > MAX_BYTES:
        problem = Problem(
            "too-large", "the spec is larger than 1 MiB", hint="a spec is a few kilobytes; is this the right file?"
        )
        raise DocumentError((problem,), Document(name, ()))
    decoded, problems = _decode(raw, name)
    return _Composer(name, decoded, problems).document()


def _decode(raw: bytes, name: str) -> tuple[str, list[Problem]]:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        problem = Problem("encoding", "the file is UTF-16", hint="save it as UTF-8", position=Position(1, 1))
        raise DocumentError((problem,), Document(name, ()))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = raw[: error.start].decode("utf-8-sig", "replace")
        lines = split_lines(good)
        problem = Problem(
            "encoding",
            f"byte 0x{raw[error.start]:02x} is not UTF-8",
            hint="save the file as UTF-8",
            position=Position(len(lines), len(lines[-1]) + 1),
        )
        shown = split_lines(raw.decode("utf-8-sig", "replace"))
        raise DocumentError((problem,), Document(name, shown, parsed_lines=0)) from None
    lines, problems = replace_forbidden(split_lines(text), MAX_FORBIDDEN)
    if len(problems) > MAX_FORBIDDEN:
        raise DocumentError(tuple(problems[:MAX_FORBIDDEN]), Document(name, lines, parsed_lines=0))
    return "\n".join(lines), problems


class _Composer:
    """Builds the data of the first document out of the parser's events."""

    def __init__(self, name: str, text: str, problems: list[Problem]) -> None:
        self._name = name
        self._lines = split_lines(text)
        self._events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
        self._problems = problems
        self._has_replaced = bool(problems)
        self._places: dict[SpecPath, Place] = {}
        self._unreadable: set[SpecPath] = set()
        self._empty: set[SpecPath] = set()
        self._secrets: dict[int, list[secrecy.Span]] = {}
        self._depth = self._nodes = self._last_line = 0

    def document(self) -> Document:
        """Read everything. Raises `DocumentError` at the first syntax error, with all problems so far."""
        data: Data = None
        try:
            next(self._events)
            if isinstance(next(self._events), yaml.DocumentStartEvent):
                data = self._node(next(self._events), (), None)
                next(self._events)
                self._end(next(self._events))
        except yaml.MarkedYAMLError as error:
            raise self._unreadable_error(syntax_problem(error, self._lines)) from None
        return self._document(data, None)

    def _document(self, data: Data, parsed_lines: int | None) -> Document:
        return Document(
            self._name,
            self._lines,
            data,
            self._places,
            tuple(self._problems),
            frozenset(self._unreadable),
            frozenset(self._empty),
            self._secrets,
            parsed_lines,
        )

    def _unreadable_error(self, problem: Problem) -> DocumentError:
        # The parser reads ahead: the line of the last event may go on with text that gave no event yet.
        document = self._document(None, self._last_line)
        return DocumentError(document.locate([*self._problems, problem]), document)

    def _end(self, event: Any) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            message = "a second document starts here"
            self._problem("many-documents", message, event, hint="a spec is one document: remove the `---`")

    def _problem(self, code: str, message: str, event: Any, path: SpecPath = (), hint: str | None = None) -> None:
        self._note(Problem(code, message, path, hint=hint, position=self._position(event)))

    def _note(self, problem: Problem) -> None:
        self._problems.append(problem)
        if len(self._problems) >= MAX_PROBLEMS:
            raise self._unreadable_error(more_problems(self._lines))

    def _position(self, event: Any) -> Position:
        start, end = event.start_mark, event.end_mark
        length = end.column - start.column if end.line == start.line else len(self._line(start.line)) - start.column
        return Position(start.line + 1, start.column + 1, max(length, 1))

    def _line(self, number: int) -> str:
        return self._lines[number] if number < len(self._lines) else ""

    def _node(self, event: Any, path: SpecPath, key: Position | None, wanted: bool = True) -> Data:
        """Build the node that starts with `event`. What is not wanted is read, and leaves no trace but its problems."""
        self._nodes += 1
        self._last_line = event.start_mark.line
        if self._nodes > MAX_NODES:
            raise self._unreadable_error(
                Problem(
                    "too-many-values",
                    f"the spec holds more than {MAX_NODES:,} keys and values",
                    position=self._position(event),
                )
            )
        self._refuse_features(event)
        data: Data = None
        if isinstance(event, yaml.AliasEvent):
            self._unreadable.add(path)
        elif isinstance(event, yaml.ScalarEvent):
            data = self._scalar(event, path)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._depth += 1
            if self._depth > MAX_DEPTH:
                hint = f"a spec is never deeper than {MAX_DEPTH} levels"
                raise self._unreadable_error(
                    Problem("too-deep", "too deeply nested", hint=hint, position=self._position(event))
                )
            is_mapping = isinstance(event, yaml.MappingStartEvent)
            data = self._mapping(path, wanted) if is_mapping else self._sequence(path, wanted)
            self._depth -= 1
        if wanted:
            self._places[path] = Place(self._value_position(event, key), key)
        return data

    def _refuse_features(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._problem(
                "alias",
                f"aliases (`*{secrecy.shown(str(event.anchor), 40)}`) are not allowed",
                event,
                hint="write the value out",
            )
            return
        if event.anchor is not None:
            self._problem(
                "anchor",
                f"anchors (`&{secrecy.shown(str(event.anchor), 40)}`) are not allowed",
                event,
                hint="remove the anchor",
            )
        if event.tag is not None:
            self._problem(
                "tag", "tags (`!…`) are not allowed", event, hint="remove the tag; the field decides the type"
            )

    def _value_position(self, event: Any, key: Position | None) -> Position:
        """Nothing, and a block below its key, have no extent worth a caret; their key stands for them."""
        is_block = isinstance(event, yaml.CollectionStartEvent) and not event.flow_style
        is_nothing = isinstance(event, yaml.ScalarEvent) and not event.style and not event.value
        return key if key is not None and (is_block or is_nothing) else self._position(event)

    def _scalar(self, event: Any, path: SpecPath) -> Data:
        text = unicodedata.normalize("NFC", event.value)
        bad = first_forbidden(text)
        if bad is not None:
            self._note(forbidden_problem(bad, self._position(event), path))
        if bad is not None or self._is_replaced(text):
            self._unreadable.add(path)
        if secrecy.is_secret(path, text):
            self._remember_secret(event)
        if event.style:
            return text
        if not text:
            self._empty.add(path)
        return None if text in _NULLS else PlainScalar(text)

    def _is_replaced(self, text: str) -> bool:
        return self._has_replaced and REPLACEMENT in text

    def _remember_secret(self, event: Any) -> None:
        start, end = event.start_mark, event.end_mark
        for number in range(start.line, min(end.line + 1, len(self._lines))):
            left = start.column if number == start.line else 0
            right = end.column if number == end.line else len(self._line(number))
            if left < right:
                self._secrets.setdefault(number, []).append((left, right))

    def _sequence(self, path: SpecPath, wanted: bool) -> list[Data]:
        items: list[Data] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            before = items[-1] if items else None
            items.append(item := self._node(event, (*path, len(items)), None, wanted))
            if isinstance(before, str) and isinstance(item, str) and secrecy.follows_flag(before, item):
                self._remember_secret(event)
        return items

    def _mapping(self, path: SpecPath, wanted: bool) -> dict[str, Data]:
        entries: dict[str, Data] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            name = self._key(event, path, wanted)
            keep = name is not None and name not in lines
            if name is not None and not keep:
                message = f"`{secrecy.shown(name, 40)}` is already set on line {lines[name]}"
                self._problem("duplicate-key", message, event, path, "remove one of the two")
            child = (*path, name or "")
            if keep and self._is_replaced(name or ""):
                self._unreadable.add(child)
            value = self._node(next(self._events), child, self._position(event), wanted and keep)
            if name is not None and keep:
                lines[name] = event.start_mark.line + 1
                entries[name] = value
        return entries

    def _key(self, event: Any, path: SpecPath, wanted: bool) -> str | None:
        """Return the text of a key, or None when it cannot be one."""
        self._nodes += 1
        if not isinstance(event, yaml.ScalarEvent):
            if wanted and not isinstance(event, yaml.AliasEvent):
                hint = "quote a key that starts with `{` or `[`"
                self._problem("complex-key", "a key must be a text", event, hint=hint)
            self._node(event, (*path, ""), None, wanted=False)
            return None
        self._refuse_features(event)
        if secrecy.is_secret_text(event.value):
            self._remember_secret(event)
        if event.value == "<<" and not event.style:
            self._problem("merge-key", "merge keys (`<<`) are not allowed", event, hint="write the entries out")
            return None
        text = unicodedata.normalize("NFC", event.value)
        bad = first_forbidden(text)
        if bad is not None:
            self._note(forbidden_problem(bad, self._position(event)))
            return None
        return text
