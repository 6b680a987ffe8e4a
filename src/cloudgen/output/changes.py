"""What a run would do to the output folder, file by file."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from cloudgen.dataclass import dataclass, field
from cloudgen.output.ownership import Ownership


class Kind(Enum):
    """How a file in the folder relates to what is rendered now."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    """cloudgen wrote it, nobody changed it, and it is no longer rendered."""

    EDITED = "edited"
    """Somebody changed it after cloudgen wrote it, and it is not what cloudgen would write now."""

    FOREIGN = "foreign"
    """cloudgen wants to write it, and a file that cloudgen did not write is there."""


@dataclass(frozen=True)
class Change:
    """One file: what is there and what shall be there; None is no file."""

    path: str
    kind: Kind
    before: bytes | None
    after: bytes | None
    executable: bool = False

    @property
    def is_conflict(self) -> bool:
        """Whether somebody's work would be lost."""
        return self.kind in (Kind.EDITED, Kind.FOREIGN)


@dataclass(frozen=True)
class Changes:
    """The comparison of a folder with what was rendered, sorted by path, and what cloudgen knew of the folder."""

    folder: Path
    files: tuple[Change, ...]
    known: Ownership
    stale: tuple[str, ...] = ()
    """Paths that cloudgen wrote once, that are no longer rendered and already gone."""
    anchor: Path | None = None
    """Where cloudgen's own way to the folder begins; None where the folder was stated."""
    memory: Mapping[str, Any] = field(default_factory=dict)
    """What is to be remembered of the deployment, beside the files."""

    def of(self, *kinds: Kind) -> tuple[Change, ...]:
        """Return the files of these kinds."""
        return tuple(change for change in self.files if change.kind in kinds)

    @property
    def differences(self) -> tuple[Change, ...]:
        """Every file that is not what it should be; empty when the folder is up to date."""
        return tuple(change for change in self.files if change.kind is not Kind.UNCHANGED)

    @property
    def conflicts(self) -> tuple[Change, ...]:
        """The files that are only overwritten or removed by force."""
        return tuple(change for change in self.files if change.is_conflict)
