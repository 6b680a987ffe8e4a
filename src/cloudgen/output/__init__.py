"""The only part that touches the disk: compares, remembers, writes."""

from __future__ import annotations

from cloudgen.output.changes import Change, Changes, Kind
from cloudgen.output.diff import unified
from cloudgen.output.writer import apply, plan, recall

__all__ = ["Change", "Changes", "Kind", "apply", "plan", "recall", "unified"]
