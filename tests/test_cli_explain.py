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


def test_a_word_of_the_spec_is_no_container(capsys: pytest.CaptureFixture[str]) -> None:
    """`containers.scaling.cpu` could be the CPU of a container `scaling`; the field is meant."""
    for stated in ("containers.scaling.cpu", "containers.web.scaling.cpu", "containers.scaling.scaling.cpu"):
        assert run(capsys, "explain", stated)[1].startswith("containers.<name>.scaling.cpu\n")
    assert run(capsys, "explain", "containers.web.cpu")[1].startswith("containers.<name>.cpu\n")


@pytest.mark.parametrize(
    ("field", "advice"),
    [("nat", "networking.nat"), ("networking.nta", "networking.nat"), ("container.port", "containers.port")],
)
def test_explain_an_unknown_field(field: str, advice: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "explain", field)
    assert (code, out) == (2, "")
    assert f"did you mean `{advice}`?" in err


def test_every_field_has_an_explanation(capsys: pytest.CaptureFixture[str]) -> None:
    from cloudgen.explain.field import explain_field
    from cloudgen.spec.deployment import deployment_model
    from cloudgen.spec.fields import walk
    from cloudgen.stack import coordinate_models

    for field in walk(deployment_model(coordinate_models())):
        explanation = explain_field(".".join(field.path))
        assert explanation.field == ".".join(field.path)
        assert explanation.description
        assert explanation.text()


def test_explain_how_well_a_field_is_supported(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "explain", "networking.nat")
    assert code == 0
    assert "  aws       exact: no NAT gateway, one, or one in each zone\n" in out
    assert "  gcp       exact: Cloud NAT for the region, or none\n" in out
    assert "            per_zone approximated: one Cloud NAT serves all zones of the region, and outlives any" in out
    told = json.loads(run(capsys, "explain", "containers.cpu", "--json")[1])["targets"]
    platforms = told["aws"]["platforms"]
    assert {name: each["level"] for name, each in platforms.items()} == dict.fromkeys(platforms, "approximated")
    assert platforms["containers"]["in_some_cases_only"] is True
    assert list(json.loads(run(capsys, "explain", "targets.gcp.project", "--json")[1])["targets"]) == ["gcp"]


@pytest.mark.parametrize("width", [100])
def test_explanations_of_fields_fit_the_terminal(width: int, capsys: pytest.CaptureFixture[str]) -> None:
    from cloudgen.spec.deployment import deployment_model
    from cloudgen.spec.fields import walk
    from cloudgen.stack import coordinate_models

    for field in walk(deployment_model(coordinate_models())):
        out = run(capsys, "explain", ".".join(field.path))[1]
        told = [line for line in out.split("\n") if line.startswith(("  aws ", "  gcp ", "        "))]
        assert all(len(line) <= width for line in told)


BOTH = SPEC.replace("targets:\n", "targets:\n  gcp: {region: europe-west1, project: acme-shop}\n")


def test_explain_a_spec_cloud_beside_cloud(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("cloudgen.yaml").write_text(
        BOTH + "storage: {databases: {orders-db: {disk: 50Gi}}}\nnetworking: {nat: per_zone}\n"
    )
    code, out, err = run(capsys, "explain")
    assert (code, err) == (0, "")
    lines = out.split("\n")
    header = next(line for line in lines if line.split() == ["aws", "gcp"])
    for name, aws, gcp in (
        ("web", "aws_ecs_service", "google_cloud_run_v2_service"),
        ("orders-db", "aws_db_instance", "google_sql_database_instance"),
        ("disk", "50 to 500 GiB", "50 to 500 GiB"),
        ("standby", "in a second zone", "in a second zone"),
    ):
        row = next(line for line in lines if line.split()[:1] == [name])
        assert row[header.index("aws") :].startswith(aws)
        assert row[header.index("gcp") :].rstrip() == gcp
    below = out[out.index("not exact\n") :]
    assert "  networking.nat: per_zone\n    gcp  approximated: one Cloud NAT serves all zones" in below
    assert "  containers.web.read_only: true (default)\n    gcp  ignored: the root file system" in below
    assert "kubernetes" not in out
    # What a stack knows better than the table: the value that it uses.
    assert "  compute.cpu: none (default)\n    gcp  approximated: Cloud Run has no size with 0.5 vCPU" in below
    only = run(capsys, "explain", "--target", "aws")[1]
    assert "google" not in only
    assert "aws_ecs_service" in only


def test_explain_without_a_cloud(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("cloudgen.yaml").write_text(SPEC.replace("targets:\n  aws: {region: eu-west-1}\n", ""))
    code, out, _ = run(capsys, "explain")
    assert code == 0
    assert "the spec names no cloud: say where to run below targets" in out


def test_explain_what_cannot_be_rendered(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("cloudgen.yaml").write_text(BOTH + "networking: {cidr: 10.20.0.0/21}\n")
    code, out, err = run(capsys, "explain")
    assert code == 1
    assert "aws: cannot be rendered, 1 error" in out
    assert "google_cloud_run_v2_service" in out
    assert "error[unfit-range]: a VPC with three tiers of subnets needs a range from /16 to /19" in err
    assert "cloudgen.yaml:8:20" in err
    told = json.loads(run(capsys, "explain", "--json")[1])
    assert {name: side["rendered"] for name, side in told["targets"].items()} == {"aws": False, "gcp": True}


def test_json_lists_every_field(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from cloudgen.spec.deployment import deployment_model
    from cloudgen.spec.fields import walk
    from cloudgen.spec.values import key_of
    from cloudgen.stack import coordinate_models

    Path("cloudgen.yaml").write_text(
        BOTH + "environment: staging\nstorage: {databases: {orders-db: {disk: 50Gi}}}\n"
        "scaling: {requests_per_instance: 50}\n"
    )
    code, out, _ = run(capsys, "explain", "--json")
    assert code == 0
    told = json.loads(out)
    fields = {field["path"]: field for field in told["fields"]}
    keys = {field["field"] for field in told["fields"]}
    for field in walk(deployment_model(coordinate_models())):
        key = key_of(field.path)
        assert key in keys or any(other.startswith(f"{key}.") for other in keys), key
    disk = fields["storage.databases.orders-db.disk"]
    assert (disk["value"], disk["source"], disk["field"]) == ("50Gi", "spec", "storage.databases.*.disk")
    assert disk["status"]["aws"]["level"] == "exact"
    assert fields["storage.databases.orders-db.backups.retention"]["source"] == "profile"
    assert fields["storage.databases.orders-db.backups.retention"]["value"] == "7d"
    assert fields["storage.databases.orders-db.engine"]["source"] == "default"
    assert fields["containers.web.port"]["value"] == 8000
    assert fields["containers.web.read_only"]["status"]["gcp"]["level"] == "ignored"
    assert fields["scaling.requests_per_instance"]["status"] == {
        "aws": {
            "level": "approximated",
            "why": "AWS counts requests by the minute, so 60 times as many a minute and task are aimed at",
        },
        "gcp": {"level": "exact", "why": "the requests that an instance takes at once, at most 1000"},
    }
    assert (fields["storage.caches.*.size"]["source"], fields["storage.caches.*.size"]["value"]) == ("absent", None)
    assert set(fields["storage.caches.*.size"]["status"]) == {"aws", "gcp"}
    parts = {(row["part"], row["name"]): row for row in told["targets"]["aws"]["parts"]}
    assert parts["database", "orders-db"]["resource"] == "aws_db_instance"
    assert parts["database", "orders-db"]["values"]["size"] == "db.t4g.small"
    assert "nobody-is-told" in {problem["code"] for problem in told["problems"]}


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
    told = json.loads(out)
    assert {side["rendered"] for side in told["targets"].values()} == {True}
    assert all(field["status"] for field in told["fields"] if field["value"] not in (None, {}, []))
    code, out, _ = run(capsys, "explain", str(spec))
    assert code == 0
    assert "\ncontainers\n" in out
    assert max(map(len, out.split("\n"))) <= 100


def test_there_are_golden_specs() -> None:
    assert GOLDEN
