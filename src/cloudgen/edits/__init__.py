"""What a changed spec does to what was rendered from the spec before: compared, told at the line, refused.

Knows no cloud and touches no disk: a stack says what it holds (`stack.held`), `output` keeps the record.
"""

from __future__ import annotations

from cloudgen.edits.compare import Asked, Verdict, compare
from cloudgen.edits.memory import Memory
from cloudgen.edits.versions import keep_versions

__all__ = ["Asked", "Memory", "Verdict", "compare", "keep_versions"]
