"""`cloudgen explain` and `cloudgen schema`: what the fields mean, and what a spec comes to."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from cloudgen import cli

SPEC = """\
version: 1
name: shop
targets:
  aws: {region: eu-west-1}
containers:
  web: {port: 8000}
"""
BAD = SPEC.replace("port", "prot")


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
