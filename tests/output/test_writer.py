"""Comparing and writing, file by file."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cloudgen.errors import EditedError, OutputError
from cloudgen.output import Kind, apply, plan
from cloudgen.output.folder import Folder
from cloudgen.render import RenderedFile, RenderError

A = RenderedFile("a.tf", "a = 1\n")
B = RenderedFile("bootstrap/b.tf", "b = 1\n")
RUN = RenderedFile("deploy.sh", "#!/bin/sh\n", executable=True)


def write(folder: Path, *files: RenderedFile, force: bool = False) -> None:
    apply(plan(files, folder), force=force)


def kinds(folder: Path, *files: RenderedFile) -> dict[str, Kind]:
    return {change.path: change.kind for change in plan(files, folder).files}


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".cloudgen.json"
    }


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    paths = [folder, *folder.rglob("*")]
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_ino) for path in paths}


def test_a_missing_folder_is_made_only_when_something_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "deploy" / "aws"
    changes = plan((A, B, RUN), folder)
    assert not folder.exists()
    assert [change.kind for change in changes.files] == [Kind.CREATED] * 3
    apply(changes)
    assert tree(folder) == {"a.tf": "a = 1\n", "bootstrap/b.tf": "b = 1\n", "deploy.sh": "#!/bin/sh\n"}
    assert os.access(folder / "deploy.sh", os.X_OK)
    assert not os.access(folder / "a.tf", os.X_OK)


def test_what_is_remembered_has_the_hash_of_every_file(tmp_path: Path) -> None:
    write(tmp_path, B, A)
    assert json.loads((tmp_path / ".cloudgen.json").read_text()) == {
        "version": 1,
        "files": {
            "a.tf": "cb78bd8a17f7b751fe0d4663366dcbc257204033ef7ddd64b1f2969573b5b2e2",
            "bootstrap/b.tf": "8145ffb7ae49189a29786d78eb695e736fcb0834b0d93195ad8137160ca8b4a9",
        },
    }


def test_a_run_with_nothing_to_do_writes_nothing(tmp_path: Path) -> None:
    write(tmp_path, A, B)
    before = stamps(tmp_path)
    assert not plan((A, B), tmp_path).differences
    write(tmp_path, A, B)
    assert stamps(tmp_path) == before


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    write(tmp_path, A, B)
    before = stamps(tmp_path)
    write(tmp_path, RenderedFile("a.tf", "a = 2\n"), B)
    after = stamps(tmp_path)
    assert before[str(tmp_path / "bootstrap/b.tf")] == after[str(tmp_path / "bootstrap/b.tf")]
    assert tree(tmp_path)["a.tf"] == "a = 2\n"


def test_an_edited_file_stops_the_run_and_nothing_is_written(tmp_path: Path) -> None:
    write(tmp_path, A, B)
    (tmp_path / "a.tf").write_text("a = 99\n")
    before = stamps(tmp_path)
    changes = plan((RenderedFile("a.tf", "a = 2\n"), RenderedFile(B.path, "b = 2\n")), tmp_path)
    with pytest.raises(EditedError) as caught:
        apply(changes)
    assert caught.value.exit_code == 3
    assert caught.value.files == (str(tmp_path / "a.tf"),)
    message = str(caught.value)
    assert all(text in message for text in ("a.tf: was edited", "_override.tf", "--diff", "--force"))
    assert stamps(tmp_path) == before
    apply(changes, force=True)
    assert tree(tmp_path) == {"a.tf": "a = 2\n", "bootstrap/b.tf": "b = 2\n"}


def test_an_edit_that_is_what_would_be_rendered_is_no_conflict(tmp_path: Path) -> None:
    write(tmp_path, A)
    new = RenderedFile("a.tf", "a = 2\n")
    (tmp_path / "a.tf").write_text(new.text)
    assert kinds(tmp_path, new) == {"a.tf": Kind.UNCHANGED}
    write(tmp_path, new)
    assert kinds(tmp_path) == {"a.tf": Kind.REMOVED}


def test_a_file_of_somebody_else_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / "a.tf").write_text("mine\n")
    assert kinds(tmp_path, A) == {"a.tf": Kind.FOREIGN}
    with pytest.raises(EditedError, match=r"a\.tf: is not from cloudgen"):
        write(tmp_path, A)
    assert tree(tmp_path) == {"a.tf": "mine\n"}
    assert not (tmp_path / ".cloudgen.json").exists()
    write(tmp_path, A, force=True)
    assert tree(tmp_path) == {"a.tf": "a = 1\n"}


def test_a_deleted_file_comes_back(tmp_path: Path) -> None:
    write(tmp_path, A)
    (tmp_path / "a.tf").unlink()
    assert kinds(tmp_path, A) == {"a.tf": Kind.CREATED}
    write(tmp_path, A)
    assert tree(tmp_path) == {"a.tf": "a = 1\n"}


def test_stale_files_and_their_empty_folders_go(tmp_path: Path) -> None:
    deep = RenderedFile("x/y/z.tf", "z\n")
    write(tmp_path, A, B, deep)
    (tmp_path / "bootstrap/own.tf").write_text("own\n")
    write(tmp_path, A)
    assert tree(tmp_path) == {"a.tf": "a = 1\n", "bootstrap/own.tf": "own\n"}
    assert not (tmp_path / "x").exists()


def test_a_stale_file_that_was_edited_is_a_conflict(tmp_path: Path) -> None:
    write(tmp_path, A, B)
    (tmp_path / B.path).write_text("edited\n")
    with pytest.raises(EditedError):
        write(tmp_path, A)
    assert tree(tmp_path)[B.path] == "edited\n"
    write(tmp_path, A, force=True)
    assert tree(tmp_path) == {"a.tf": "a = 1\n"}


def test_the_users_files_are_left_alone_even_unreadable(tmp_path: Path) -> None:
    write(tmp_path, A, B)
    own = ["a_override.tf", "override.tf", "prod.tfvars", "terraform.tfstate", ".terraform.lock.hcl", "notes.md"]
    for name in own:
        (tmp_path / name).symlink_to("/nonexistent/target")  # reading one of these would fail
    (tmp_path / ".terraform").mkdir()
    write(tmp_path, RenderedFile("a.tf", "a = 2\n"))
    assert all((tmp_path / name).is_symlink() for name in own)
    assert (tmp_path / ".terraform").is_dir()


@pytest.mark.parametrize(
    "path",
    [
        "override.tf",
        "override.tf.json",
        "x_override.tf",
        "X_Override.tf",
        "a.tfvars",
        "b/c.auto.tfvars",
        ".terraform/x",
        ".terraform.lock.hcl",
        "terraform.tfstate",
        "terraform.tfstate.backup",
        ".cloudgen.json",
        ".cloudgen-a.tmp",
    ],
)
def test_the_users_names_are_never_written(tmp_path: Path, path: str) -> None:
    with pytest.raises(RenderError, match="never writes"):
        plan((RenderedFile(path, ""),), tmp_path)


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("", "damaged"),
        ("{", "damaged"),
        ("[" * 100_000, "damaged"),
        ("[]", "damaged"),
        ("{}", "damaged"),
        ('{"version": 1}', "damaged"),
        ('{"version": "1", "files": {}}', "damaged"),
        ('{"version": 1, "files": []}', "damaged"),
        ('{"version": 1, "files": {}, "more": 1}', "damaged"),
        ('{"version": 1, "files": {"a.tf": "zz"}}', "damaged"),
        ('{"version": 1, "files": {"a.tf": 1}}', "damaged"),
        ('{"version": 1, "files": {"../victim": "%s"}}' % ("0" * 64), "damaged"),
        ('{"version": 1, "files": {"/etc/passwd": "%s"}}' % ("0" * 64), "damaged"),
        ('{"version": 1, "files": {"a_override.tf": "%s"}}' % ("0" * 64), "damaged"),
        ('{"version": 1, "files": {}, "writing": {"a/../../b": "%s"}}' % ("0" * 64), "damaged"),
        ('{"version": 1, "deployment": {}, "files": {}}', "damaged"),
        ('{"version": 2, "files": {}}', "damaged"),
        ('{"version": 2, "deployment": [], "files": {}}', "damaged"),
        ('{"version": 2, "deployment": {"target": "aws"}, "files": {"../victim": "%s"}}' % ("0" * 64), "damaged"),
        ('{"version": 3, "anything": {}}', "newer cloudgen"),
        ("\udcff", "damaged"),
    ],
)
def test_a_damaged_record_is_said_and_nothing_is_written(tmp_path: Path, record: str, said: str) -> None:
    (tmp_path / ".cloudgen.json").write_bytes(record.encode(errors="surrogateescape"))
    with pytest.raises(OutputError, match=said) as caught:
        plan((A,), tmp_path)
    assert ".cloudgen.json" in str(caught.value)
    assert tree(tmp_path) == {}


def test_a_file_changed_between_comparison_and_writing_is_not_lost(tmp_path: Path) -> None:
    write(tmp_path, A)
    changes = plan((RenderedFile("a.tf", "a = 2\n"),), tmp_path)
    (tmp_path / "a.tf").write_text("saved by an editor just now\n")
    with pytest.raises(OutputError, match="changed while cloudgen ran"):
        apply(changes, force=True)
    assert tree(tmp_path)["a.tf"] == "saved by an editor just now\n"


def test_two_runs_at_once(tmp_path: Path) -> None:
    changes = plan((A,), tmp_path)
    with Folder(tmp_path, create=True), pytest.raises(OutputError, match="another cloudgen"):
        apply(changes)
    apply(changes)
    assert tree(tmp_path) == {"a.tf": "a = 1\n"}
