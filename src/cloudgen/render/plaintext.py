"""Python values to shell scripts and to lists of patterns (`.dockerignore`, `.gitignore`)."""

from __future__ import annotations

import re
import shlex

from cloudgen.render.errors import RenderError
from cloudgen.stack.text import ShellText

_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def shell(value: object) -> str:
    """Write text or a whole number as one word of a POSIX shell, a list as words with spaces between them.

    `ShellText` is code already, and stays as it is. Templates put no quotes around it.
    """
    if isinstance(value, list | tuple):
        return " ".join(map(shell, value))
    return line(value) if isinstance(value, ShellText) else shlex.quote(line(value))


def line(value: object) -> str:
    """Write text or a whole number as it is; raises `RenderError` for a newline or another control character."""
    if isinstance(value, int) and not isinstance(value, bool):
        return int.__repr__(value)
    if not isinstance(value, str):
        raise RenderError(f"a value of type {type(value).__name__} cannot be written as text")
    if _CONTROL.search(value):
        raise RenderError("text with a newline or a control character cannot be written on a line")
    return str.__str__(value)
