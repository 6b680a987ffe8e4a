"""What a run would change, as a unified diff."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from cloudgen.output.changes import Change, Changes
from cloudgen.output.folder import LARGEST


def unified(changes: Changes) -> str:
    """Return the differences of all files in the form of `diff -u`, without dates; empty when there are none."""
    return "".join(line for change in changes.differences for line in _lines(change))


def _lines(change: Change) -> Iterator[str]:
    before, after = _text(change.before), _text(change.after)
    old = "/dev/null" if change.before is None else f"a/{change.path}"
    new = "/dev/null" if change.after is None else f"b/{change.path}"
    if before is None or after is None:
        yield f"Binary files {old} and {new} differ\n"
        return
    if before == after:
        yield f"diff --git {old} {new}\nold mode 100644\nnew mode 100755\n"
    for line in unified_diff(_split(before), _split(after), old, new):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _split(text: str) -> list[str]:
    """Split after newlines only; `splitlines` would also split at a form feed or U+2028."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _text(content: bytes | None) -> str | None:
    """Return the text of a file, the empty text for no file, or None when it is no text, or too long."""
    if content and (len(content) > LARGEST or b"\0" in content):
        return None
    try:
        return (content or b"").decode()
    except UnicodeDecodeError:
        return None
