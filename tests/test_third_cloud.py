"""A third cloud plugs in by one entry in the registry: no edit in spec/, render/, output/ or the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloudgen import cli, deliver
from cloudgen.pipeline import build, read_spec
from cloudgen.spec.deployment import deployment_model
from cloudgen.stack import clouds, coordinate_models, rendered_targets
from rig.fakes import cloud as fake_cloud
from rig.parity import missing, unknown
from rig.trees.golden import check_tree

SPEC = """\
version: 1
name: shop
labels: {team: shop}
targets:
  aws: {region: eu-west-1}
  fake: {planet: mars}
compute: {size: medium}
containers:
  worker: {image: "nginx:1.29", connects_to: [assets]}
storage:
  buckets:
    assets: {versioning: true}
"""


@pytest.fixture(autouse=True)
def _registered() -> Iterator[None]:
    with fake_cloud.registered():
        yield


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A spec in the current folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "cloudgen.yaml"
    path.write_text(SPEC)
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run a command line; return its exit code, stdout and stderr."""
    code = cli.run(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def test_the_registry_knows_it() -> None:
    assert "fake" in rendered_targets()
    assert clouds()[-1] == "fake"
    assert coordinate_models()["fake"] is fake_cloud.FakeTarget


def test_its_table_names_every_field() -> None:
    model = deployment_model(coordinate_models())
    assert missing(fake_cloud.TABLE, model, "fake") == []
    assert unknown(fake_cloud.TABLE, model, "fake") == []


def test_golden(spec: Path, *, update_golden: bool) -> None:
    stack = build(read_spec(str(spec)), "fake")
    files = {file.path: file.text for file in deliver.rendered(stack)}
    check_tree(fake_cloud.GOLDEN, files, update=update_golden)


def test_render(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "render", "--target", "fake")
    assert code == 0
    assert "compute.size" not in err
    assert "storage.buckets.assets.versioning (true) is approximated on Fake Cloud: shelves keep every version" in err
    assert "next: cd deploy/fake" in err
    written = spec.parent / "deploy" / "fake"
    assert {path.name for path in written.glob("*.tf")} == {"machines.tf", "shelves.tf"}
    assert 'planet = "mars"' in (written / "shelves.tf").read_text()
    assert run(capsys, "render", "--target", "fake", "--check")[0] == 0
    assert run(capsys, "render", "--target", "fake", "--strict")[0] == 1


def test_render_all(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "render", "--target", "all")[0] == 0
    assert {path.name for path in (spec.parent / "deploy").iterdir()} == {"aws", "docker", "fake"}


def test_validate(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "validate")
    assert code == 0
    assert "is valid for aws, docker, fake" in err
    spec.write_text(SPEC + "  caches: {sessions: {size: small}}\n")
    code, out, _ = run(capsys, "validate")
    assert code == 1
    assert "error[unsupported]: the fake cloud has no caches" in out
    assert "cloudgen.yaml:13:" in out


def test_its_coordinates_are_checked(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text(SPEC.replace("planet", "plant"))
    code, out, _ = run(capsys, "validate")
    assert code == 1
    assert "did you mean `planet`?" in out


def test_explain_side_by_side(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "explain")
    assert code == 0
    header = next(line for line in out.split("\n") if line.split() == ["aws", "fake"])
    row = next(line for line in out.split("\n") if line.startswith("  assets"))
    assert row.split() == ["assets", "aws_s3_bucket", "fake_shelf"]
    assert row.index("fake_shelf") == header.index("fake")
    assert "fake  approximated: shelves keep every version" in out
    code, out, _ = run(capsys, "explain", "--json", "--target", "fake")
    told = json.loads(out)
    assert list(told["targets"]) == ["fake"]
    assert [part["resource"] for part in told["targets"]["fake"]["parts"]] == ["fake_machine", "fake_shelf"]


def test_explain_a_field(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "explain", "storage.buckets.versioning")
    assert code == 0
    assert "  fake      approximated: shelves keep every version\n" in out
    assert "Only where it is" not in out
    assert "The planet, such as mars." in run(capsys, "explain", "targets.fake.planet")[1]


def test_schema(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "schema")
    assert code == 0
    assert "planet" in out


def test_help_and_wrong_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert "[aws|gcp|docker|fake|all]" in run(capsys, "render", "--help")[1]
    code, _, err = run(capsys, "render", "--target", "faek")
    assert code == 2
    assert "'fake'" in err
