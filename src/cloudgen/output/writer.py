"""Compare the rendered files with the output folder, then write what differs.

Order of a run that writes: `.cloudgen.json` says what is coming; everything is staged under temporary names, so a full
disk changes nothing; files are renamed into place one by one; `.cloudgen.json` is written as the last one. A run that
is killed anywhere leaves whole files, all of which the next run knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from cloudgen.errors import EditedError, OutputError
from cloudgen.output.changes import Change, Changes, Kind
from cloudgen.output.folder import LARGEST, Folder, Staged
from cloudgen.output.ownership import (
    LARGEST_RECORD,
    OWNERSHIP,
    Ownership,
    digest,
    load,
    with_own_line_ends,
)
from cloudgen.printable import printable
from cloudgen.render.files import RenderedFile, check_distinct, check_path
from cloudgen.render.mark import carries_mark


def recall(folder: Path, anchor: Path | None = None) -> Mapping[str, Any]:
    """Return what the record of a folder remembers of its deployment; nothing where it remembers none.

    Raises `OutputError` as `plan` does.
    """
    with Folder(folder, anchor=anchor) as target:
        record = target.read(OWNERSHIP, LARGEST_RECORD)
        return {} if record is None else load(record, target.shown(OWNERSHIP)).memory


def plan(
    files: Sequence[RenderedFile], folder: Path, anchor: Path | None = None, memory: Mapping[str, Any] | None = None
) -> Changes:
    """Compare; changes nothing. Raises `OutputError` for a folder or file that is not safe to write to.

    `anchor` is the folder from which cloudgen chose the way to `folder` itself, so that no link on it is followed.
    `memory` is what is to be remembered of the deployment; None keeps what is.
    """
    check_distinct([check_path(file.path) for file in files])
    with Folder(folder, anchor=anchor) as target:
        record = target.read(OWNERSHIP, LARGEST_RECORD)
        known = Ownership() if record is None else load(record, target.shown(OWNERSHIP))
        changes = [_compare(file, known, target) for file in files]
        rendered = {file.path for file in files}
        gone = []
        for path in known.paths:
            if path in rendered or target.is_taken(path):
                continue
            before = target.read(path)
            if before is None:
                gone.append(path)
                continue
            if known.wrote(path, before) and not carries_mark(path, before):
                continue  # Whoever wrote that into the record, cloudgen did not write the file.
            kind = Kind.REMOVED if known.wrote(path, before) else Kind.EDITED
            changes.append(Change(path, kind, before, None))
    ordered = tuple(sorted(changes, key=lambda change: change.path))
    return Changes(folder, ordered, known, tuple(gone), anchor, known.memory if memory is None else memory)


def apply(changes: Changes, *, force: bool = False) -> None:
    """Make the folder what was rendered; without differences nothing is written at all.

    Raises `EditedError` when somebody's work would be lost and `force` is not set, and `OutputError` when a file
    cannot be written, or was changed after the comparison.
    """
    if changes.conflicts and not force:
        raise _refusal(changes)
    wanted = {change.path: digest(change.after) for change in changes.files if change.after is not None}
    writes = [change for change in changes.differences if change.after is not None]
    removals = [change.path for change in changes.differences if change.after is None]
    if not writes and not removals and changes.known == Ownership(wanted, memory=changes.memory):
        return
    with Folder(changes.folder, create=True, anchor=changes.anchor) as folder:
        _check_unchanged(changes, folder)
        folder.sweep((OWNERSHIP, *(change.path for change in changes.files), *changes.stale))
        record = folder.read(OWNERSHIP, LARGEST_RECORD)
        if record is not None and load(record, folder.shown(OWNERSHIP)).memory != changes.known.memory:
            raise OutputError(f"{folder.shown(OWNERSHIP)} was changed while cloudgen ran: run it again")
        _write(OWNERSHIP, Ownership(_present(changes), wanted, changes.known.memory).dump(), folder)
        folder.sync()
        try:
            staged = _stage(writes, folder)
        except BaseException:
            _restore(record, folder)
            raise
        _publish(staged, folder)
        for path in removals:
            folder.remove(path)
        for path in (*removals, *changes.stale):
            folder.prune(path)
        folder.sync()
        _write(OWNERSHIP, Ownership(wanted, memory=changes.memory).dump(), folder)
        folder.sync()


def _compare(file: RenderedFile, known: Ownership, folder: Folder) -> Change:
    after = file.text.encode()
    before = folder.read(file.path, max(LARGEST, len(after)))
    if before is None:
        kind = Kind.CREATED
    elif before == after or (not file.executable and with_own_line_ends(before) == after):
        # Some file systems and check-outs lose the right to run a script; rendering gives it back.
        kind = Kind.UPDATED if file.executable and not folder.may_run(file.path) else Kind.UNCHANGED
    elif known.wrote(file.path, before) and carries_mark(file.path, before):
        kind = Kind.UPDATED
    else:
        kind = Kind.EDITED if file.path in known.paths else Kind.FOREIGN
    return Change(file.path, kind, before, after, file.executable)


def _check_unchanged(changes: Changes, folder: Folder) -> None:
    """Look again, now that no other cloudgen can write: what the user was told must still be true."""
    for change in changes.files:
        if folder.read(change.path, max(LARGEST, len(change.after or b""))) != change.before:
            raise OutputError(f"{folder.shown(change.path)} was changed while cloudgen ran: run it again")


def _stage(writes: list[Change], folder: Folder) -> list[Staged]:
    """Write all files under temporary names, or none."""
    staged: list[Staged] = []
    try:
        for change in writes:
            file = folder.stage(change.path, change.after or b"", executable=change.executable)
            staged.append(file)  # at once, so that a failure of the next one finds it
    except BaseException:
        folder.discard(staged)
        raise
    return staged


def _publish(staged: list[Staged], folder: Folder) -> None:
    published = 0
    try:
        for file in staged:
            folder.publish(file)
            published += 1
    except BaseException:
        folder.discard(staged[published:])
        raise


def _restore(record: bytes | None, folder: Folder) -> None:
    """Take back what was said to come. If the disk is too full even for that, the next run sees that nothing came."""
    with suppress(OutputError):
        if record is None:
            folder.remove(OWNERSHIP)
        else:
            _write(OWNERSHIP, record, folder)


def _present(changes: Changes) -> dict[str, str]:
    """What of cloudgen is in the folder now; of an edited file what it was before, so that it stays a conflict."""
    present = {}
    for change in changes.files:
        if change.before is None or change.kind is Kind.FOREIGN:
            continue
        if change.kind is Kind.EDITED:
            present[change.path] = changes.known.files.get(change.path) or changes.known.writing[change.path]
        else:
            present[change.path] = digest(change.before)
    return present


def _write(path: str, content: bytes, folder: Folder) -> None:
    _publish([folder.stage(path, content)], folder)


def _why(change: Change) -> str:
    if change.kind is Kind.FOREIGN:
        return "is not from cloudgen"
    return "was edited" if change.after is not None else "was edited, and is no longer rendered: --force removes it"


def _refusal(changes: Changes) -> EditedError:
    names = [str(changes.folder / change.path) for change in changes.conflicts]
    lines = [f"  {printable(name)}: {_why(change)}" for name, change in zip(names, changes.conflicts, strict=True)]
    return EditedError(
        "nothing was written, because these files would lose somebody's work:\n"
        + "\n".join(lines)
        + "\nMove your change to a file of your own, or to one named *_override.tf, which cloudgen never touches. "
        "--diff shows the difference, --force overwrites.",
        names,
    )
