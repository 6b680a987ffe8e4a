"""What can go wrong, as data: a problem in the user's spec, and the exceptions that end a command.

Each exception knows its exit code, so the command line has one handler. The codes are an interface:
0 done, 1 the spec is invalid or `--check` found drift, 2 wrong usage or an input/output failure,
3 the command would overwrite edits that somebody made.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from cloudgen.dataclass import dataclass

PathItem = str | int
SpecPath = tuple[PathItem, ...]


class Position(NamedTuple):
    """A place in a source file: 1-based line and column, and how many characters a caret line marks."""

    line: int
    column: int
    length: int = 1


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, or worth a warning, in a spec.

    `code` is stable and searchable (`unknown-key`). `message` says what is wrong and never quotes a value
    that may be a secret. `path` leads to the node in the spec, `at` picks its key or its value.
    `hint` says what to do. `position` is known at once only for syntax errors; for all others the
    document finds it from `path`.
    """

    code: str
    message: str
    path: SpecPath = ()
    at: Literal["key", "value"] = "value"
    hint: str | None = None
    severity: Literal["error", "warning"] = "error"
    position: Position | None = None


MAX_PROBLEMS = 100
"""So many problems of one spec are looked for and shown: the wrong file has thousands, and nobody reads them."""


def more_problems(lines: Sequence[str]) -> Problem:
    """Say at the end of a file, whose lines are given, that it has more problems than are shown."""
    message = f"there are more than {MAX_PROBLEMS} problems; the others are not looked for"
    position = Position(max(len(lines), 1), 1)
    return Problem("too-many-problems", message, hint="is this the right file?", position=position)


class CloudgenError(Exception):
    """Base of all errors that are told to the user as a message, never as a traceback."""

    exit_code = 2


class SpecError(CloudgenError):
    """The spec is invalid. `problems` holds every problem found in one run, in the order of the file."""

    exit_code = 1

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problem{'s' if len(problems) != 1 else ''} in the spec")
        self.problems = tuple(problems)


class OutputError(CloudgenError):
    """A file could not be read or written, or the output folder is not safe to write to."""


class EditedError(CloudgenError):
    """Rendering would overwrite or remove files that were edited after cloudgen wrote them."""

    exit_code = 3

    def __init__(self, message: str, files: Sequence[str]) -> None:
        super().__init__(message)
        self.files = tuple(files)
