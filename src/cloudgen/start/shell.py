"""A stated command as a container can run it: variables of the environment are filled in by a shell, and only there."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_VARIABLE = re.compile(r"\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*[^{}]*\})")
_SHELLS = frozenset({"sh", "bash", "dash", "ash"})


def runnable(command: Iterable[str]) -> list[str]:
    """Return the words of a command; where one reads a variable, a shell that fills it in and makes way for it.

    A platform starts the words of a spec as they are: `--port=$PORT` would reach the program with its dollar.
    """
    words = list(command)
    if not any(_VARIABLE.search(word) for word in words) or words[0].rpartition("/")[2] in _SHELLS:
        return words
    return ["sh", "-c", "exec " + " ".join(_quoted(word) for word in words)]


def _quoted(word: str) -> str:
    """Quote what a shell would change, and leave variables to it, outside of quotes as they are mostly stated."""
    parts, end = [], 0
    for match in _VARIABLE.finditer(word):
        parts += [shlex.quote(word[end : match.start()]) if match.start() > end else "", match[0]]
        end = match.end()
    return "".join(parts) + (shlex.quote(word[end:]) if end < len(word) or not word else "")
