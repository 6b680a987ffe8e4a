"""Files under a temporary name, beside the file whose place they will take."""

from __future__ import annotations

import os
import re

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_NAME = re.compile(r"\.cloudgen-(.+?)(?:\.[0-9]{1,3})?\.tmp")
_ATTEMPTS = 8


def create(name: str, parent: int, mode: int) -> tuple[int, str]:
    """Make a temporary file, and return its descriptor and name. Where a name is taken, the next one is tried."""
    for attempt in range(_ATTEMPTS):
        temporary = f".cloudgen-{name}.{attempt}.tmp" if attempt else f".cloudgen-{name}.tmp"
        try:
            return os.open(temporary, _CREATE, mode, dir_fd=parent), temporary
        except FileExistsError:
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError


def kept_mode(mode: int, *, executable: bool) -> int:
    """The mode of a file that takes the place of another: that one's, and what may be read may be run if it has to."""
    mode &= 0o777
    return mode | (mode & 0o444) >> 2 if executable else mode


def belongs_to(temporary: str) -> str | None:
    """Return the name of the file that a temporary file was made for, or None when its name is no temporary one."""
    match = _NAME.fullmatch(temporary)
    return match[1] if match else None
