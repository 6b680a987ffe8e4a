"""`cloudgen render`: what is written where, and what is only told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cloudgen import cli

SPEC = """\
version: 1
name: shop
targets:
  aws: {region: eu-west-1}
containers:
  web: {port: 8000}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a spec."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cloudgen.yaml").write_text(SPEC)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.run(["render", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def snapshot(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Every file with its inode, time of change and bytes."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_render_writes_beside_the_spec(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.chdir("/")
    code, out, err = run(capsys, str(folder / "cloudgen.yaml"), "--target", "aws")
    assert (code, out) == (0, "")
    assert (folder / "deploy" / "aws" / "network.tf").is_file()
    assert "create network.tf" in err
    assert " created, 0 unchanged\n" in err
    assert "next: cd " in err


def test_a_second_render_changes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "-t", "aws")[0] == 0
    before = snapshot(folder)
    code, _, err = run(capsys, "-t", "aws")
    assert code == 0
    assert snapshot(folder) == before
    assert "create " not in err
    assert "update " not in err
    assert run(capsys, "-t", "aws", "--check")[0] == 0


@pytest.mark.parametrize("flag", ["--check", "--diff", "--dry-run"])
def test_nothing_is_written_when_only_asked(flag: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = snapshot(folder)
    code, out, err = run(capsys, "-t", "aws", flag)
    assert snapshot(folder) == before
    assert not (folder / "deploy").exists()
    assert code == (1 if flag == "--check" else 0)
    assert "create network.tf" in err
    assert ("+++ " in out) is (flag == "--diff")


def test_check_and_diff_name_what_would_change(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "-t", "aws")[0] == 0
    (folder / "cloudgen.yaml").write_text(SPEC + "networking: {zones: 2}\n")
    before = snapshot(folder)
    code, out, err = run(capsys, "-t", "aws", "--check", "--diff")
    assert code == 1
    assert "update network.tf" in err
    assert any(line.startswith("-") and "eu-west-1c" in line for line in out.splitlines())
    assert any(line.startswith("+") and "eu-west-1b" in line for line in out.splitlines())
    assert snapshot(folder) == before


def test_an_edited_file_is_not_lost(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "-t", "aws")[0] == 0
    edited = folder / "deploy" / "aws" / "network.tf"
    edited.write_text("# mine\n")
    (folder / "cloudgen.yaml").write_text(SPEC + "networking: {flow_logs: false}\n")
    before = snapshot(folder)
    code, _, err = run(capsys, "-t", "aws")
    assert code == 3
    assert "network.tf" in err
    assert snapshot(folder) == before
    assert run(capsys, "-t", "aws", "--force")[0] == 0
    assert 'resource "aws_vpc" "main"' in edited.read_text()
    assert "aws_flow_log" not in edited.read_text()


def test_files_of_others_are_left_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = folder / "deploy" / "aws" / "mine_override.tf"
    own.parent.mkdir(parents=True)
    own.write_text("# mine\n")
    assert run(capsys, "-t", "aws", "--force")[0] == 0
    assert own.read_text() == "# mine\n"


def test_several_targets_have_a_folder_each(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "-t", "all", "-o", "out")[0] == 0
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["aws", "docker"]
    assert run(capsys, "-t", "aws", "-o", "one")[0] == 0
    assert (folder / "one" / "network.tf").is_file()
    assert snapshot(folder / "one").keys() == snapshot(folder / "out" / "aws").keys()


def test_strict(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Without a domain there is no HTTPS, which is worth a warning.
    (folder / "cloudgen.yaml").write_text(SPEC + "load_balancer: {}\n")
    code, out, err = run(capsys, "-t", "aws", "--strict")
    assert (code, out) == (1, "")
    assert "warning[" in err
    assert not (folder / "deploy").exists()
    assert run(capsys, "-t", "aws")[0] == 0


def test_a_bad_spec_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "cloudgen.yaml").write_text(SPEC.replace("port", "prot"))
    code, out, err = run(capsys, "-t", "aws")
    assert (code, out) == (1, "")
    assert "error[unknown-key]" in err
    assert not (folder / "deploy").exists()


def test_a_folder_without_a_name_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`-o "$OUT"` without OUT would write among the sources."""
    before = {*folder.iterdir()}
    code, _, err = run(capsys, "render", "-t", "docker", "-o", "")
    assert (code, {*folder.iterdir()}) == (2, before)
    assert "it is empty" in err


def test_a_folder_that_cannot_be_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "deploy").write_text("a file\n")
    code, _, err = run(capsys, "-t", "aws")
    assert code == 2
    assert err.splitlines()[-1].startswith("error: ")
    assert (folder / "deploy").read_text() == "a file\n"
