"""Python values to Dockerfile text.

Rules of the Dockerfile reference: the exec form is a JSON array; in a double-quoted word `\\` escapes `"`, `$` and
itself, and a word cannot hold a newline. Plain text is not quoted anywhere else in the language, so there it must
be made of characters that mean nothing; `DockerText` is what cloudgen's own code wrote.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from cloudgen.render.errors import RenderError
from cloudgen.stack.text import DockerText

_PLAIN = re.compile(r"[A-Za-z0-9._/:@=+,~-]+")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")


def encode(value: object) -> str:
    """Write a value for a Dockerfile.

    A list becomes an exec-form array, a mapping the `NAME="value"` words of ENV or LABEL, one a line; a number and
    text of harmless characters stay as they are. Anything else raises `RenderError`, which does not quote the value.
    """
    if isinstance(value, DockerText):
        return str.__str__(value)
    if isinstance(value, str):
        if not _PLAIN.fullmatch(value):
            raise RenderError("text with spaces, quotes or other signs cannot stand bare in a Dockerfile")
        return str.__str__(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return int.__repr__(value)
    if isinstance(value, Mapping):
        return " \\\n    ".join(_assignment(name, text) for name, text in value.items())
    if isinstance(value, list | tuple):
        return _exec_form(value)
    raise RenderError(f"a value of type {type(value).__name__} cannot be written in a Dockerfile")


def _exec_form(words: list[object] | tuple[object, ...]) -> str:
    for word in words:
        if not isinstance(word, str) or "\0" in word:
            raise RenderError("the exec form holds text without NUL only")
    return json.dumps([str.__str__(word) for word in words if isinstance(word, str)])


def _assignment(name: object, text: object) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise RenderError("the name of a variable or label has a character that a Dockerfile cannot hold")
    if not isinstance(text, str) or _CONTROL.search(text):
        raise RenderError(f"the value of {name} is not text on one line, a Dockerfile cannot hold it")
    escaped = re.sub(r'[\\"$]', r"\\\g<0>", str.__str__(text))
    return f'{name}="{escaped}"'
