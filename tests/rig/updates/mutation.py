"""Deliberate defects of the second spec: each is put into what an edit renders, and the edit's row must catch it.

A defect stands in the rendered file, not in a template: what spreads from a template or a decision to a file is the
same thing there. It is put into what the second spec renders (a name that depends on something else has become another
one), or with `both` into what both render (a rule of the output that is missing everywhere). `old` is a regular
expression; it has a place in the file, or the row of this table is stale.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

BLOCK = r'resource "{}" "{}" \{{\n(?:.*\n)*?\}}\n'


@dataclass(frozen=True)
class EditMutation:
    """One wrong thing in a rendered file, the edit that must notice, and a part of what is said then."""

    name: str
    cloud: str
    edit: str
    file: str
    """Below the tree, such as `bootstrap/kms.tf`."""
    old: str
    new: str
    says: str
    both: bool = False

    def put_into(self, path: str, text: str) -> str:
        """Return a rendered file with the defect, if it is the one."""
        return re.sub(self.old, self.new, text, flags=re.M) if path == self.file else text

    def has_place(self, tree: Path) -> bool:
        """Whether the defect changes what was rendered."""
        file = tree / self.file
        return file.is_file() and self.put_into(self.file, file.read_text(encoding="utf-8")) != file.read_text(
            encoding="utf-8"
        )


def block(resource_type: str, name: str) -> str:
    """Return the expression of a whole resource block."""
    return BLOCK.format(resource_type, name)
