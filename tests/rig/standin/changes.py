"""What replaces a resource, as the real providers told when they were asked (`rig.real_provider.asking`).

One file a provider, `changes/NAME-VERSION.json`: for each type the attributes whose change replaces it, with the names
of the blocks that they stand in, the blocks of which another number does, and the defaults that a plan fills in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "changes"


@dataclass(frozen=True)
class Changes:
    """What is recorded of one type."""

    replaced_by: tuple[str, ...] = ()
    replaced_by_count: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    not_told: tuple[str, ...] = ()


def file_of(provider: str) -> Path:
    """Return the file of a provider by its short name (`aws`). Raises LookupError when nothing is recorded."""
    found = sorted(FOLDER.glob(f"{provider}-*.json"))
    if not found:
        raise LookupError(f"what replaces a resource of hashicorp/{provider} is not recorded in {FOLDER}")
    return found[-1]


@cache
def changes_of(provider: str) -> Mapping[str, Changes]:
    """Return what is recorded of a provider, by type. Raises LookupError when nothing is."""
    document = json.loads(file_of(provider).read_text(encoding="utf-8"))
    return {
        kind: Changes(
            tuple(told.get("replaced_by", ())),
            tuple(told.get("replaced_by_count", ())),
            told.get("defaults", {}),
            tuple(told.get("not_told", ())),
        )
        for kind, told in document["types"].items()
    }
