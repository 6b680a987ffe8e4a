"""The command line: streams, exit codes, and what each command does."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from cloudgen import __version__, cli
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
    assert done.returncode in (0, cli.BROKEN_PIPE)
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


# explain and schema


def test_explain_a_field(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "explain", "networking.nat")
    assert code == 0
    for part in ("networking.nat\n", "one of none, single, per_zone", "default   per_zone", "development: single"):
        assert part in out
    code, out, _ = run(capsys, "explain", "containers.anything.health_check.interval", "--json")
    explained = json.loads(out)
    assert explained["field"] == "containers.<name>.health_check.interval"
    assert explained["default"] == "15s"
    assert explained["type"] == "duration, at least 5s, at most 5m"
    assert json.loads(run(capsys, "explain", "storage.databases.backups.retention", "--json")[1])["profiles"] == {
        "development": "1d",
        "staging": "7d",
    }


@pytest.mark.parametrize(
    ("field", "advice"),
    [("nat", "networking.nat"), ("networking.nta", "networking.nat"), ("container.port", "containers.port")],
)
def test_explain_an_unknown_field(field: str, advice: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "explain", field)
    assert (code, out) == (2, "")
    assert f"did you mean `{advice}`?" in err


def test_every_field_has_an_explanation(capsys: pytest.CaptureFixture[str]) -> None:
    from cloudgen.explain import explain_field
    from cloudgen.spec.deployment import deployment_model
    from cloudgen.spec.fields import walk
    from cloudgen.stack import coordinate_models

    for field in walk(deployment_model(coordinate_models())):
        explanation = explain_field(".".join(field.path))
        assert explanation.field == ".".join(field.path)
        assert explanation.description
        assert explanation.text()


def test_explain_a_spec(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("cloudgen.yaml").write_text(SPEC + "storage: {databases: {orders-db: {disk: 50Gi}}}\n")
    code, out, _ = run(capsys, "explain")
    assert code == 0
    assert "web: service on port 8000; containers, serverless, amd64; 0.5 vCPU, 1Gi; 2 to 10 instances" in out
    code, out, _ = run(capsys, "explain", "cloudgen.yaml", "--json", "--target", "aws")
    assert code == 0
    explained = json.loads(out)
    assert explained["spec"]["storage"]["databases"]["orders-db"]["disk"] == "50Gi"
    names = [database["name"] for database in explained["targets"]["aws"]["databases"]]
    assert names == ["orders-db"]


def test_schema(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "schema")
    assert code == 0
    schema = json.loads(out)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid(yaml.safe_load(SPEC))
    assert not validator.is_valid(yaml.safe_load(BAD))
    assert validator.is_valid(yaml.safe_load(SPEC.replace("8000", "8000, environment: {PORT: 8080, DEBUG: false}")))
    assert run(capsys, "schema")[1] == out


# init


def test_init_writes_a_spec_that_is_valid(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("main.py").write_text("from fastapi import FastAPI\napp = FastAPI()\n")
    code, out, err = run(capsys, "init")
    assert (code, out) == (0, "")
    assert "found app: main:app (asgi)  (main.py:2)" in err
    assert "wrote cloudgen.yaml" in err
    assert {path.name for path in folder.iterdir()} == {"cloudgen.yaml", "main.py"}
    assert run(capsys, "validate")[0] == 0


ANSWERS = {
    "--name": "my-shop",
    "--environment": "staging",
    "--aws-region": "eu-central-1",
    "--aws-account": "111122223333",
    "--gcp-region": "europe-west3",
    "--gcp-project": "acme-shop",
    "--domain": "shop.example.com",
    "--database": "mysql",
    "--port": "9000",
    "--app": "shop.web:api",
    "--python": "3.13",
}


def test_init_takes_every_answer_as_an_option(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from cloudgen.spec.loader import load
    from cloudgen.spec.parse import parse
    from cloudgen.stack import coordinate_models

    arguments = [item for pair in ANSWERS.items() for item in pair]
    assert run(capsys, "init", "--bucket", "--schema", *arguments)[0] == 0
    text = Path("cloudgen.yaml").read_text()
    deployment = parse(load("cloudgen.yaml"), coordinate_models())
    assert text.startswith("# yaml-language-server: $schema=cloudgen.schema.json\n")
    schema = json.loads(Path("cloudgen.schema.json").read_text())
    jsonschema.validate(yaml.safe_load(text), schema)
    web = deployment.containers["web"]
    assert deployment.prefix == "my-shop-staging"
    assert deployment.targets.get("aws").account == "111122223333"
    assert deployment.targets.get("gcp").project == "acme-shop"
    assert deployment.load_balancer is not None
    assert deployment.load_balancer.domain == "shop.example.com"
    assert deployment.storage.databases["db"].engine == "mysql"
    assert list(deployment.storage.buckets) == ["files"]
    assert web.port == 9000
    assert web.build is not None
    assert (web.build.app, web.build.python) == ("shop.web:api", "3.13")


def test_init_overwrites_only_when_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("cloudgen.yml").write_text("mine\n")
    code, _, err = run(capsys, "init")
    assert code == 2
    assert "exists already" in err
    assert not Path("cloudgen.yaml").exists()
    Path("cloudgen.yml").rename("cloudgen.yaml")
    assert run(capsys, "init")[0] == 2
    assert Path("cloudgen.yaml").read_text() == "mine\n"
    assert run(capsys, "init", "--force")[0] == 0
    assert Path("cloudgen.yaml").read_text() != "mine\n"


def test_init_follows_no_link(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("victim").write_text("mine\n")
    Path("cloudgen.yaml").symlink_to("victim")
    assert run(capsys, "init", "--force")[0] == 2
    assert Path("victim").read_text() == "mine\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--name", "Böse"],
        ["--aws-region", "x: {"],
        ["--domain", "a b"],
        ["--app", "main.py"],
        ["--python", "2.7"],
        ["--aws-account", "1"],
    ],
)
def test_init_refuses_what_a_spec_cannot_hold(
    arguments: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "init", *arguments)
    assert code == 2
    assert "an answer does not fit the spec" in err
    assert not any(folder.iterdir())


GOLDEN = sorted((Path(__file__).parent / "golden").glob("*/cloudgen.yaml"))


@pytest.mark.parametrize("spec", GOLDEN, ids=lambda path: path.parent.name)
def test_golden_specs_fit_the_schema_and_can_be_explained(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from cloudgen.schema import schema

    jsonschema.validate(yaml.safe_load(spec.read_text()), schema())
    code, out, _ = run(capsys, "explain", str(spec), "--json")
    assert code == 0
    assert json.loads(out)["spec"]["containers"]
    code, out, _ = run(capsys, "explain", str(spec))
    assert code == 0
    assert "\ncontainers\n" in out


def test_there_are_golden_specs() -> None:
    assert GOLDEN
