"""Reads the bytes of a spec, from a file or from standard input, and never more than are wanted."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from cloudgen.errors import OutputError


def standard_input(limit: int) -> bytes:
    """Read at most `limit` bytes of standard input. Raises `OutputError` when it cannot be read."""
    if sys.stdin is None:
        raise OutputError("cannot read standard input: it is closed")
    try:
        return sys.stdin.buffer.read(limit) or b""
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is closed"
        raise OutputError(f"cannot read standard input: {reason.lower()}") from None


def file(path: Path, limit: int) -> bytes:
    """Read at most `limit` bytes, from a regular file only: a device or a pipe may have no end.

    Raises `OutputError`.
    """
    try:
        # O_NONBLOCK: opening a named pipe must not wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as opened:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OutputError(f"{path} is not a regular file")
            # A regular file of /proc may have nothing to say yet; that is None without O_NONBLOCK's help.
            return opened.read(limit) or b""
    except IsADirectoryError:
        raise OutputError(f"{path} is a folder; name the spec in it") from None
    except FileNotFoundError:
        raise OutputError(f"there is no file {path}") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "the name is not valid"
        raise OutputError(f"cannot read {path}: {reason.lower()}") from None
