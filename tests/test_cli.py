"""The command line: streams, exit codes, and what each command does."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from cloudgen import __version__, cli, streams
from cloudgen.errors import CloudgenError, EditedError, OutputError
from cloudgen.stack import rendered_targets

SPEC = """\
version: 1
name: shop
targets:
  aws: {region: eu-west-1}
containers:
  web: {port: 8000}
"""
BAD = SPEC.replace("port", "prot")
COMMANDS = ("init", "validate", "render", "explain", "schema")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run a command line; return its exit code, stdout and stderr."""
    code = cli.run(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def process(*arguments: str, code: str = "", stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command line in a process of its own."""
    command = [sys.executable, "-c", code] if code else [sys.executable, "-m", "cloudgen"]
    return subprocess.run(
        [*command, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **environment},
    )


# Help and version


@pytest.mark.parametrize(
    "arguments", [["--help"], ["-h"], ["--version"], *([command, "-h"] for command in COMMANDS), ["render", "--help"]]
)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys; from cloudgen.cli import run; code = run(sys.argv[1:]); "
        "print('IMPORTED', sorted({'pydantic', 'jinja2', 'yaml'} & set(sys.modules))); sys.exit(code)"
    )
    done = process(*arguments, code=code)
    assert done.returncode == 0
    assert "IMPORTED []" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, command, "-h")
    assert code == 0
    assert f"cloudgen {command}" in out.split("Example", 1)[1]


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--version") == (0, f"cloudgen {__version__}\n", "")


def test_render_offers_the_registered_targets(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "render", "-h")
    assert f"[{'|'.join([*rendered_targets(), 'all'])}]" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ["rendr"],
        ["render"],
        ["render", "-t", "azure"],
        ["validate", "--wrong"],
        ["init", "--port", "0"],
        ["schema", "x"],
    ],
)
def test_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert "Error:" in err


# Failures


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (OutputError("disk full"), 2, "error: disk full\n"),
        (CloudgenError("no"), 2, "error: no\n"),
        (EditedError("edited:\n  a.tf", ["a.tf"]), 3, "error: edited:\n  a.tf\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_exit_codes(
    error: BaseException, code: int, message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> str:
        raise error

    monkeypatch.setattr("cloudgen.schema.schema_text", fail)
    found, out, err = run(capsys, "schema")
    assert (found, out, err.strip()) == (code, "", message.strip())


def test_a_mistake_in_cloudgen(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise ZeroDivisionError("hunter2")

    monkeypatch.setattr("cloudgen.schema.schema_text", fail)
    monkeypatch.delenv("CLOUDGEN_DEBUG", raising=False)
    code, _, err = run(capsys, "schema")
    assert code == 70
    assert err.startswith("internal error: ZeroDivisionError; please report it")
    assert "hunter2" not in err
    assert "Traceback" not in err
    monkeypatch.setenv("CLOUDGEN_DEBUG", "1")
    code, _, err = run(capsys, "schema")
    assert code == 70
    assert "Traceback" in err


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f"{sys.executable} -m cloudgen schema | head -c 10"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, timeout=60)
    assert done.returncode in (0, streams.BROKEN_PIPE)
    assert done.stderr == ""


def test_output_that_the_terminal_cannot_show(folder: Path) -> None:
    Path("cloudgen.yaml").write_text(SPEC.replace("port", "p日rt"))
    done = process("validate", PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    assert done.returncode == 1
    assert "unknown key `p\\u65e5rt`" in done.stdout


def test_colour_on_a_terminal_only(folder: Path) -> None:
    Path("cloudgen.yaml").write_text(BAD)
    command = [sys.executable, "-m", "cloudgen", "validate"]
    for environment, coloured in (({"TERM": "xterm"}, True), ({"TERM": "xterm", "NO_COLOR": "1"}, False)):
        clean = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
        main, side = pty.openpty()
        subprocess.run(command, stdout=side, stderr=side, env={**clean, **environment}, timeout=60, check=False)
        os.close(side)
        shown = b""
        while chunk := _read(main):
            shown += chunk
        os.close(main)
        assert b"unknown key" in shown
        assert (b"\033[" in shown) is coloured


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""


# Finding the spec


def test_no_spec(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "validate")
    assert (code, out) == (2, "")
    assert "there is no cloudgen.yaml in this folder" in err


def test_two_specs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("cloudgen.yaml", "cloudgen.yml"):
        Path(name).write_text(SPEC)
    code, _, err = run(capsys, "validate")
    assert code == 2
    assert "cloudgen.yaml and cloudgen.yml" in err


def test_the_other_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("cloudgen.yml").write_text(BAD)
    assert run(capsys, "validate")[0] == 1


@pytest.mark.parametrize("name", ["missing.yaml", ".", "/dev/null"])
def test_a_spec_that_cannot_be_read(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "validate", name, "--format", "json")
    assert (code, out) == (2, "")
    assert err.startswith("error: ")


# validate


def test_validate(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("cloudgen.yaml").write_text(SPEC)
    code, _, err = run(capsys, "validate", "--target", "aws")
    assert code == 0
    assert err == "cloudgen.yaml is valid for aws\n"


def test_validate_tells_problems_on_stdout(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("cloudgen.yaml").write_text(BAD)
    code, out, err = run(capsys, "validate")
    assert (code, err) == (1, "")
    assert "cloudgen.yaml:6:9" in out
    code, out, err = run(capsys, "validate", "--format", "json")
    assert (code, err) == (1, "")
    assert [problem["code"] for problem in json.loads(out)] == ["unknown-key"]
    code, out, _ = run(capsys, "validate", "--format", "github")
    place = "file=cloudgen.yaml,title=unknown-key,line=6,col=9"
    assert out == f"::error {place}::unknown key `prot` in `web` (did you mean `port`?)\n"


def test_validate_a_file_that_is_not_yaml(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("cloudgen.yaml").write_text("a: [\n")
    code, out, _ = run(capsys, "validate", "--format", "json")
    assert code == 1
    assert [problem["code"] for problem in json.loads(out)] == ["syntax"]


def test_validate_standard_input() -> None:
    done = process("validate", "-", stdin=BAD)
    assert done.returncode == 1
    assert "--> <stdin>:6:9" in done.stdout


def test_a_target_that_the_spec_does_not_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("cloudgen.yaml").write_text(SPEC.replace("targets:\n  aws: {region: eu-west-1}\n", ""))
    code, out, _ = run(capsys, "validate", "--target", "aws")
    assert code == 1
    assert "error[missing-target]: the spec does not say where to run on AWS" in out


def test_strict_turns_warnings_into_a_failure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Without a domain there is no HTTPS, which is worth a warning.
    Path("cloudgen.yaml").write_text(SPEC + "load_balancer: {}\n")
    code, out, _ = run(capsys, "validate", "-t", "aws")
    assert code == 0
    assert out.startswith("warning[")
    code, strict, err = run(capsys, "validate", "-t", "aws", "--strict")
    assert (code, err) == (1, "warnings are errors under --strict\n")
    assert strict == out
