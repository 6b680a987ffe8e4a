"""Links, special files, full disks and other refusals: a clear error, no traceback, nothing left behind."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from cloudgen.errors import OutputError
from cloudgen.output import apply, plan
from cloudgen.output.folder import Folder
from cloudgen.render import RenderedFile

FILES = (RenderedFile("a.tf", "a\n"), RenderedFile("sub/b.tf", "b\n"))


def write(folder: Path, *files: RenderedFile, force: bool = True) -> None:
    apply(plan(files or FILES, folder), force=force)


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A folder outside of the output folder, with a file that nobody may change."""
    folder = tmp_path / "victim"
    folder.mkdir()
    (folder / "b.tf").write_text("precious\n")
    return folder


@pytest.fixture
def output(tmp_path: Path) -> Path:
    folder = tmp_path / "output"
    folder.mkdir()
    return folder


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("a.tf", "victim/b.tf"),
        ("a.tf", "victim/new.tf"),
        ("a.tf", "victim"),
        ("sub", "victim"),
        ("sub", "nowhere"),
        (".cloudgen.json", "victim/b.tf"),
        (".cloudgen.json", "victim/new.json"),
    ],
)
def test_a_planted_link_is_refused(tmp_path: Path, output: Path, victim: Path, link: str, target: str) -> None:
    (output / link).symlink_to(tmp_path / target)
    with pytest.raises(OutputError, match="symbolic link"):
        write(output)
    assert names(victim) == {"b.tf"}
    assert (victim / "b.tf").read_text() == "precious\n"
    assert names(output) <= {link, f"{link}/b.tf"}


def test_a_link_to_a_file_of_the_same_folder_is_refused_too(output: Path) -> None:
    (output / "own.tf").write_text("mine\n")
    (output / "a.tf").symlink_to("own.tf")
    with pytest.raises(OutputError, match="symbolic link"):
        write(output)
    assert (output / "own.tf").read_text() == "mine\n"


def test_a_link_in_place_of_a_stale_files_folder(output: Path, victim: Path) -> None:
    write(output)
    (output / "sub/b.tf").unlink()
    (output / "sub").rmdir()
    (output / "sub").symlink_to(victim)
    (victim / "b.tf").write_text("b\n")  # what cloudgen wrote, to the byte
    with pytest.raises(OutputError, match="symbolic link"):
        write(output, FILES[0])
    assert (victim / "b.tf").read_text() == "b\n"


def test_a_link_that_appears_after_the_comparison(output: Path, victim: Path) -> None:
    changes = plan(FILES, output)
    (output / "sub").symlink_to(victim)
    with pytest.raises(OutputError):
        apply(changes, force=True)
    assert (victim / "b.tf").read_text() == "precious\n"


def test_a_link_in_place_of_the_temporary_file(output: Path, victim: Path) -> None:
    (output / ".cloudgen-a.tf.tmp").symlink_to(victim / "b.tf")
    write(output)
    assert (victim / "b.tf").read_text() == "precious\n"
    assert names(output) == {"a.tf", "sub", "sub/b.tf", ".cloudgen.json"}


def test_the_output_folder_itself_is_a_link(tmp_path: Path, victim: Path) -> None:
    (tmp_path / "link").symlink_to(victim)
    with pytest.raises(OutputError, match="symbolic link"):
        write(tmp_path / "link")
    assert names(victim) == {"b.tf"}


def test_a_hard_link_is_cut_not_written_through(output: Path, victim: Path) -> None:
    (output / "sub").mkdir()
    os.link(victim / "b.tf", output / "sub/b.tf")
    write(output)
    assert (victim / "b.tf").read_text() == "precious\n"
    assert (output / "sub/b.tf").read_text() == "b\n"


def test_special_files_are_refused(output: Path) -> None:
    os.mkfifo(output / "a.tf")
    with pytest.raises(OutputError, match="not a regular file"):
        write(output)
    (output / "a.tf").unlink()
    (output / "a.tf").mkdir()
    with pytest.raises(OutputError, match="not a regular file"):
        write(output)
    assert names(output) == {"a.tf"}


def test_the_output_folder_is_a_file(tmp_path: Path) -> None:
    place = tmp_path / "output"
    place.write_text("mine\n")
    for folder in (place, place / "aws"):
        with pytest.raises(OutputError, match="not a folder"):
            write(folder)
    assert place.read_text() == "mine\n"


def test_a_folder_of_the_output_is_a_file(output: Path) -> None:
    (output / "sub").write_text("mine\n")
    with pytest.raises(OutputError, match="not a folder"):
        write(output)
    assert names(output) == {"sub"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_to(output: Path) -> None:
    output.chmod(0o500)
    with pytest.raises(OutputError, match="Permission denied"):
        write(output)
    output.chmod(0o700)
    assert names(output) == set()


def test_a_system_that_has_no_such_permission(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for root: the system call refuses."""
    real = os.open

    def refuse(path: Any, flags: int, *rest: Any, **more: Any) -> int:
        if flags & os.O_CREAT:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, flags, *rest, **more)

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(os, "supports_dir_fd", {*os.supports_dir_fd, refuse})
    with pytest.raises(OutputError, match="json: Permission denied"):
        write(output)
    assert names(output) == set()


@pytest.mark.parametrize(("failing", "path"), [(1, ".cloudgen.json"), (3, "a.tf"), (4, "sub/b.tf")])
def test_a_full_disk_changes_nothing_and_leaves_nothing(
    output: Path, monkeypatch: pytest.MonkeyPatch, failing: int, path: str
) -> None:
    calls = 0
    real = os.fsync

    def full(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls >= failing:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left on device") as caught:
        write(output)
    assert str(output / path) in str(caught.value)
    assert names(output) == set()
    monkeypatch.undo()
    write(output)
    assert names(output) == {"a.tf", "sub", "sub/b.tf", ".cloudgen.json"}


def test_a_disk_that_is_full_again_later(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(output)
    before = {path: path.read_bytes() for path in output.rglob("*.*") if path.is_file()}
    calls = 0
    real = os.fsync

    def full(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls == 3 + len(FILES):  # the record, two folders, then the files
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write(output, *(RenderedFile(file.path, "new\n") for file in FILES))
    assert {path: path.read_bytes() for path in output.rglob("*.*") if path.is_file()} == before


def test_a_real_full_disk(output: Path) -> None:
    """A limit on the size of files fails a write in the middle, as a full disk does."""
    resource = pytest.importorskip("resource", reason="this system has no limits on resources")
    signal = pytest.importorskip("signal")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
        with pytest.raises(OutputError, match=r"large\.tf"):
            write(output, FILES[0], RenderedFile("large.tf", "x" * 1_000_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert names(output) == set()


def test_a_system_without_folder_descriptors_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "supports_dir_fd", set())
    with pytest.raises(OutputError, match="WSL"):
        plan(FILES, tmp_path)


def test_no_descriptor_is_left_open(output: Path) -> None:
    descriptors = Path("/proc/self/fd")
    if not descriptors.is_dir():
        pytest.skip("no /proc on this system")

    def left_open() -> set[str]:
        # Other tests' servers open and close descriptors at the same time: only those of this output count.
        found = set()
        for descriptor in descriptors.iterdir():
            with suppress(FileNotFoundError):
                found.add(str(descriptor.readlink()))
        return {path for path in found if path.startswith(str(output.parent))}

    with (output.parent / "seen").open("w"):
        assert left_open() == {str(output.parent / "seen")}
    write(output)
    (output / "a.tf").unlink()
    os.mkfifo(output / "a.tf")
    for _ in range(3):
        with pytest.raises(OutputError):
            write(output)
    with Folder(output):
        pass
    assert left_open() == set()
