"""What tells a file of cloudgen's from a user's: the header, or what a format without one begins with."""

from __future__ import annotations

MARK = "Rendered by cloudgen from "
HEADER = f"# {MARK}cloudgen.yaml. README.md beside it says how to change or extend it.\n\n"
"""No version and no date: the same spec gives the same bytes."""

# What formats without a header begin with, or are about.
_MARKS = {".md": b"cloudgen", ".svg": b"<svg "}
_UNMARKED_NAMES = frozenset({"README.md", "architecture.svg"})
_START = 4096


def carries_mark(path: str, content: bytes) -> bool:
    """Tell whether a file can be cloudgen's own: it has the header, or is what a format without one makes."""
    start = content[:_START]
    if MARK.encode() in start:
        return True
    suffix = next((suffix for suffix in _MARKS if path.endswith(suffix)), None)
    return suffix is not None and _MARKS[suffix] in start and path.rpartition("/")[2] in _UNMARKED_NAMES
