"""What the writer must never do, and what it puts right: marks, links, modes, line ends, huge files, false records."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import subprocess
from pathlib import Path

import pytest

from cloudgen import cli
from cloudgen.errors import OutputError
from cloudgen.output import Kind, apply, plan, unified
from cloudgen.output.folder import LARGEST
from cloudgen.output.ownership import OWNERSHIP
from cloudgen.render import RenderedFile
from cloudgen.render.mark import HEADER, carries_mark

GOLDEN = Path(__file__).parents[1] / "golden"
SPEC = "version: 1\nname: shop\nenvironment: development\ncontainers: {web: {port: 8000}}\n"
A = RenderedFile("a.tf", HEADER + "a = 1\n")
RUN = RenderedFile("deploy.sh", "#!/bin/sh\n" + HEADER, executable=True)


def write(folder: Path, *files: RenderedFile, force: bool = False) -> None:
    apply(plan(files, folder), force=force)


def record(folder: Path, **entries: str) -> None:
    place = folder / OWNERSHIP
    data = json.loads(place.read_text())
    data["files"].update(entries)
    place.write_text(json.dumps(data))


def sha(text: str | bytes) -> str:
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    (tmp_path / "project/cloudgen.yaml").write_text(SPEC)
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "project"


def render(project: Path, *more: str) -> int:
    return cli.run(["render", str(project / "cloudgen.yaml"), "--target", "docker", *more])


def test_every_rendered_file_carries_the_mark() -> None:
    files = [path for path in GOLDEN.glob("*/*/**/*") if path.is_file() and path.name != OWNERSHIP]
    assert len(files) > 200
    assert [str(path) for path in files if not carries_mark(path.name, path.read_bytes())] == []


@pytest.mark.parametrize("link", ["deploy", "deploy/docker"])
@pytest.mark.parametrize("target", ["elsewhere", "nowhere", "project"])
def test_no_link_on_the_way_to_the_default_folder(
    project: Path, capsys: pytest.CaptureFixture[str], link: str, target: str
) -> None:
    (project / link).parent.mkdir(exist_ok=True)
    (project / link).symlink_to(project.parent / target)
    assert render(project) == 2
    assert "symbolic link" in capsys.readouterr().err
    assert not list((project.parent / "elsewhere").iterdir())
    assert not (project.parent / "nowhere").exists()


def test_a_stated_folder_may_lie_behind_a_link(project: Path) -> None:
    (project / "out").symlink_to(project.parent / "elsewhere")
    assert render(project, "-o", str(project / "out/docker")) == 0
    assert (project.parent / "elsewhere/docker/compose.yaml").exists()


def test_a_project_behind_a_link_renders(project: Path) -> None:
    (project.parent / "link").symlink_to(project)
    assert render(project.parent / "link") == 0
    assert (project / "deploy/docker/compose.yaml").exists()


def test_a_false_entry_removes_and_overwrites_nothing(tmp_path: Path) -> None:
    write(tmp_path, A)
    for path in ("notes.tf", "sub/notes.sh", "README.md", "b.tf"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("mine\n")
        record(tmp_path, **{path: sha("mine\n")})
    changes = plan([A, RenderedFile("b.tf", HEADER)], tmp_path)
    assert [(change.path, change.kind) for change in changes.differences] == [("b.tf", Kind.EDITED)]
    write(tmp_path, A)
    assert all((tmp_path / path).read_text() == "mine\n" for path in ("notes.tf", "sub/notes.sh", "README.md", "b.tf"))
    assert set(json.loads((tmp_path / OWNERSHIP).read_text())["files"]) == {"a.tf"}


@pytest.mark.parametrize(
    "path", [".git/config", ".gitmodules", ".gitattributes", "x/.git/hooks/pre-commit", ".hg/hgrc"]
)
def test_version_control_is_nobodys_output(tmp_path: Path, path: str) -> None:
    write(tmp_path, A)
    record(tmp_path, **{path: sha("x")})
    with pytest.raises(OutputError, match="damaged"):
        plan([A], tmp_path)


def test_a_huge_foreign_file_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.tf").open("wb") as file:
        file.truncate(3 * 1024**3)
    changes = plan([A], tmp_path)
    assert changes.files[0].kind is Kind.FOREIGN
    assert len(changes.files[0].before or b"") == LARGEST + 1
    assert unified(changes) == "Binary files a/a.tf and b/a.tf differ\n"


def test_a_huge_record_is_damaged(tmp_path: Path) -> None:
    with (tmp_path / OWNERSHIP).open("wb") as file:
        file.truncate(3 * 1024**3)
    with pytest.raises(OutputError, match="damaged"):
        plan([A], tmp_path)


def test_the_right_to_run_is_given_back_and_a_mode_is_kept(tmp_path: Path) -> None:
    write(tmp_path, A, RUN)
    (tmp_path / "deploy.sh").chmod(0o640)
    (tmp_path / "a.tf").chmod(0o600)
    changes = plan([A, RUN], tmp_path)
    assert [(change.path, change.kind) for change in changes.differences] == [("deploy.sh", Kind.UPDATED)]
    assert "old mode 100644\nnew mode 100755\n" in unified(changes)
    apply(changes)
    assert stat.S_IMODE((tmp_path / "deploy.sh").stat().st_mode) == 0o750
    write(tmp_path, RenderedFile("a.tf", HEADER + "a = 2\n"), RUN)
    assert stat.S_IMODE((tmp_path / "a.tf").stat().st_mode) == 0o600
    assert not plan([RenderedFile("a.tf", HEADER + "a = 2\n"), RUN], tmp_path).differences


def test_a_checkout_with_other_line_ends_is_ours(tmp_path: Path) -> None:
    write(tmp_path, A, RUN)
    for file in (A, RUN):
        (tmp_path / file.path).write_bytes(file.text.replace("\n", "\r\n").encode())
    changes = plan([A, RUN], tmp_path)
    # A script with such line ends does not run: it is written again, and needs no force.
    assert [(change.path, change.kind) for change in changes.differences] == [("deploy.sh", Kind.UPDATED)]
    write(tmp_path, RenderedFile("a.tf", HEADER + "a = 2\n"), RUN)
    assert (tmp_path / "a.tf").read_text() == HEADER + "a = 2\n"
    (tmp_path / "a.tf").write_bytes(A.text.replace("\n", "\r\n").encode())
    assert plan([RUN], tmp_path).files[0].kind is Kind.EDITED


def test_temporary_files_of_others_stay(tmp_path: Path) -> None:
    (tmp_path / ".cloudgen-my-notes.tmp").write_text("mine\n")
    (tmp_path / ".cloudgen-a.tf.tmp").write_text("left by a killed run\n")
    (tmp_path / ".cloudgen-a.tf.3.tmp").write_text("left by a killed run\n")
    write(tmp_path, A)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".cloudgen-my-notes.tmp", OWNERSHIP, "a.tf"]


def test_a_folder_of_a_temporary_name_blocks_nothing(tmp_path: Path) -> None:
    (tmp_path / ".cloudgen-a.tf.tmp").mkdir()
    write(tmp_path, A)
    assert (tmp_path / "a.tf").read_text() == A.text
    assert (tmp_path / ".cloudgen-a.tf.tmp").is_dir()


@pytest.mark.parametrize("path", ["folder.tf", "file.tf/below.tf", "pipe.tf"])
def test_a_record_that_names_what_is_no_file_is_forgotten(tmp_path: Path, path: str) -> None:
    write(tmp_path, A)
    (tmp_path / "folder.tf").mkdir()
    (tmp_path / "file.tf").write_text("mine\n")
    os.mkfifo(tmp_path / "pipe.tf")
    record(tmp_path, **{path: sha("x")})
    write(tmp_path, A)
    assert set(json.loads((tmp_path / OWNERSHIP).read_text())["files"]) == {"a.tf"}
    assert {"folder.tf", "file.tf", "pipe.tf"} <= {path.name for path in tmp_path.iterdir()}


def test_nothing_raw_reaches_a_terminal(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = project / "a\n::error::b\x1b[2J"
    assert render(project, "-o", str(out)) == 0
    (out / "compose.yaml").write_text("\x1b]0;title\x07\r\x1b[2J \u202e\n")
    assert render(project, "-o", str(out)) == 3
    assert render(project, "-o", str(out), "--diff") == 0
    printed = "".join(capfd.readouterr())
    assert not set(printed) & set("\x1b\x07\r\u202e")
    assert "\n::error::" not in printed


@pytest.mark.parametrize(
    ("arguments", "streams", "code"),
    [
        ("schema", ">&-", 2),
        ("--help", ">&-", 2),
        ("--version", ">&-", 2),
        ("schema", ">/dev/full", 2),
        ("--help", ">/dev/full", 2),
        ("validate cloudgen.yaml", "2>/dev/full", 0),
        ("validate cloudgen.yaml", "2>&-", 0),
        ("validate cloudgen.yaml", ">&-", 0),
        ("validate nowhere.yaml", "2>/dev/full", 2),
        ("validate nowhere.yaml", "2>&- >&-", 2),
        ("validate -", "<&-", 2),
        ("render --target docker", ">&- 2>&- <&-", 0),
        ("explain networking.nat", ">/dev/full 2>/dev/full", 2),
        ("schema", "| true; exit ${PIPESTATUS[0]}", 141),
        ("--help", "| true; exit ${PIPESTATUS[0]}", (0, 141)),
        ("nonsense", "2>/dev/full", 2),
    ],
)
def test_closed_full_and_broken_streams(
    project: Path, arguments: str, streams: str, code: int | tuple[int, ...]
) -> None:
    import sys

    line = f"'{sys.executable}' -m cloudgen {arguments} {streams}"
    done = subprocess.run(["bash", "-c", line], cwd=project, capture_output=True, check=False, text=True)
    assert done.returncode in ((code,) if isinstance(code, int) else code), done.stderr
    assert "internal error" not in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
