"""What a loss of power leaves: a name leads to content that is on the disk, and the record is true of what is there."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cloudgen.output import apply, plan
from cloudgen.render import RenderedFile

FIRST = {"a.tf": "a1\n", "sub/b.tf": "b1\n", "gone/c.tf": "c1\n"}
SECOND = {"a.tf": "a2\n", "sub/b.tf": "b2\n", "new/d.tf": "d2\n"}
RECORD = ".cloudgen.json"


def write(folder: Path, files: dict[str, str]) -> None:
    apply(plan([RenderedFile(path, text) for path, text in files.items()], folder))


@dataclass
class Calls:
    """What the writer asked of the system, in order: `sync` with an inode, `replace` with a name and an inode."""

    seen: list[tuple[str, str, int]] = field(default_factory=list)

    def fsync(self, descriptor: int) -> None:
        self.seen.append(("sync", "", os.fstat(descriptor).st_ino))

    def positions(self, call: str, *, name: str = "", inode: int = 0) -> list[int]:
        """Return where a call stands, of a name or an inode if one is given."""
        return [
            number
            for number, (made, of_name, of_inode) in enumerate(self.seen)
            if made == call and name in ("", of_name) and inode in (0, of_inode)
        ]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """The calls of a second render, which changes, adds and removes files."""
    found, replace = Calls(), os.replace

    def replaced(old: str, new: str, *, src_dir_fd: int, dst_dir_fd: int) -> None:
        inode = os.stat(old, dir_fd=src_dir_fd).st_ino
        replace(old, new, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)
        found.seen.append(("replace", new, inode))

    monkeypatch.setattr(os, "fsync", found.fsync)
    monkeypatch.setattr(os, "replace", replaced)
    monkeypatch.setattr(os, "supports_dir_fd", {*os.supports_dir_fd, replaced})
    return found


@pytest.fixture
def folder(tmp_path: Path, calls: Calls) -> Path:
    write(tmp_path, FIRST)
    calls.seen.clear()
    write(tmp_path, SECOND)
    return tmp_path


def test_content_is_on_the_disk_before_its_name_leads_to_it(folder: Path, calls: Calls) -> None:
    renames = [(number, name, inode) for number, (call, name, inode) in enumerate(calls.seen) if call == "replace"]
    assert {name for _, name, _ in renames} == {"a.tf", "b.tf", "d.tf", RECORD}
    for number, name, inode in renames:
        assert min(calls.positions("sync", inode=inode), default=number) < number, f"{name} has its name too early"


def test_the_record_of_what_comes_is_on_the_disk_before_anything_changes(folder: Path, calls: Calls) -> None:
    recorded = calls.positions("replace", name=RECORD)[0]
    changed = min(calls.positions("replace", name=name)[0] for name in ("a.tf", "b.tf", "d.tf"))
    assert any(recorded < sync < changed for sync in calls.positions("sync", inode=folder.stat().st_ino))


@pytest.mark.parametrize("name", ["", "sub", "new"])
def test_renames_are_on_the_disk_before_the_record_says_that_they_are_done(
    folder: Path, calls: Calls, name: str
) -> None:
    changed = max(calls.positions("replace", name=file)[0] for file in ("a.tf", "b.tf", "d.tf"))
    done = calls.positions("replace", name=RECORD)[-1]
    synced = calls.positions("sync", inode=(folder / name).stat().st_ino)
    assert any(changed < sync < done for sync in synced)
    if not name:
        assert any(sync > done for sync in synced), "and the record itself at the end"
