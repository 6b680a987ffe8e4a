"""`cloudgen init`: a first spec that is valid, from options and from what the application shows."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from cloudgen import cli


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


def test_init_writes_a_spec_that_is_valid(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("main.py").write_text("from fastapi import FastAPI\napp = FastAPI()\n")
    Path("requirements.txt").write_text("fastapi\nuvicorn\n")
    code, out, err = run(capsys, "init")
    assert (code, out) == (0, "")
    assert "found app: main:app (asgi)  (main.py:2)" in err
    assert "wrote cloudgen.yaml" in err
    assert {path.name for path in folder.iterdir()} == {"cloudgen.yaml", "main.py", "requirements.txt"}
    assert run(capsys, "validate", "-t", "aws")[0] == 0


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
    "--interface": "wsgi",
    "--package-manager": "uv",
    "--health": "/ops/ready",
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
    assert (web.build.interface, web.build.package_manager) == ("wsgi", "uv")
    assert web.health_check.path == "/ops/ready"


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
