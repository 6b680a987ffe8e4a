"""Standard output and error of a command: closed, full or unread, they are never a mistake in cloudgen.

What cannot be written to standard output is what the command was asked for, so it fails: with 141 where the reader went
away, as a shell reports SIGPIPE, else with 2. What cannot be written to standard error was for
a person who is not there.
"""

from __future__ import annotations

import errno
import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

from cloudgen.errors import CloudgenError

BROKEN_PIPE = 141
"""Exit code when the reader of the output went away: what a shell reports for SIGPIPE."""


class UnwritableError(CloudgenError):
    """Standard output took no more."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


@contextmanager
def guarded() -> Iterator[None]:
    """Put guards before both streams, and take them away again. The body may raise `UnwritableError`."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Output(before[0]), _Messages(before[1])
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


class _Guard(ABC):
    """A text stream that hands all on to the one behind it, which is None where the process was given none."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, stream: Any) -> None:
        self._stream: Any = stream
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def isatty(self) -> bool:
        return self._stream is not None and bool(self._stream.isatty())

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError("this is a stream of text")  # click asks by trying
        if text:
            self._do("write", text)
        return len(text)

    def flush(self) -> None:
        if self._stream is not None:
            self._do("flush")

    def _do(self, method: str, *arguments: str) -> None:
        if self._stream is None:
            self._fail(OSError(errno.EBADF, "it is closed"))
            return
        try:
            getattr(self._stream, method)(*arguments)
        except (OSError, ValueError) as error:
            _let_go(self._stream)
            self._fail(error)

    @abstractmethod
    def _fail(self, error: Exception) -> None:
        """What follows from a write that failed."""


class _Output(_Guard):
    def _fail(self, error: Exception) -> None:
        if isinstance(error, BrokenPipeError):
            raise UnwritableError("", BROKEN_PIPE) from error
        reason = (error.strerror if isinstance(error, OSError) else None) or "it is closed"
        raise UnwritableError(f"cannot write to standard output: {reason.lower()}", 2) from error


class _Messages(_Guard):
    def _fail(self, error: Exception) -> None:
        """Say nothing: there is nobody to say it to, and the exit code still tells how the command ended."""


def _let_go(stream: IO[str] | None) -> None:
    """Send to nowhere what the interpreter flushes once more when it ends."""
    if stream is None:
        return
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
