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


def test_what_was_not_found_stays_open(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is invented: the keys have no value, `validate` refuses them and says what belongs there."""
    code, _, err = run(capsys, "init")
    assert code == 0
    assert "left open: containers.web.build.package_manager, containers.web.build.app" in err
    text = Path("cloudgen.yaml").read_text()
    assert "app:  # not found: module:object" in text
    assert "path:  # not found: a path that answers 200" in text
    assert "healthz" not in text
    code, out, _ = run(capsys, "validate")
    assert code == 1
    assert out.count("error[missing-value]") == 3


def test_another_application_is_named_and_can_be_chosen(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("main.py").write_text("from fastapi import FastAPI\napp = FastAPI()\n")
    Path("admin.py").write_text("from flask import Flask\napp = Flask(__name__)\n")
    Path("requirements.txt").write_text("fastapi\nuvicorn\n")
    _, _, err = run(capsys, "init")
    assert "found app: main:app (asgi)  (main.py:2)" in err
    assert "found other app: admin:app (wsgi), not used  (admin.py:2)" in err
    text = Path("cloudgen.yaml").read_text()
    build = "{context: ., package_manager: pip, app: admin:app, interface: wsgi}"
    assert f"  # admin: {{build: {build}, port: 8000}}  # also here (admin.py:2)" in text
    # What stands there is what to write: it is a container as soon as the # has gone.
    Path("cloudgen.yaml").write_text(
        text.replace("  # admin:", "  admin:").replace(
            "  # domain: shop.example.com", "  routes: [{path: /, container: web}, {path: /admin, container: admin}]"
        )
    )
    Path("cloudgen.yaml").write_text(
        Path("cloudgen.yaml").read_text().replace("path:  # not found: a path that answers 200", "path: /")
    )
    assert run(capsys, "validate")[0] == 0
    assert run(capsys, "init", "--force", "--app", "admin:app")[0] == 0
    build = yaml.safe_load(Path("cloudgen.yaml").read_text())["containers"]["web"]["build"]
    assert (build["app"], build["interface"]) == ("admin:app", "wsgi")


def test_another_application_is_built_from_its_own_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in (
        ("orders/main.py", "from fastapi import FastAPI\napp = FastAPI()\n"),
        ("orders/requirements.txt", "fastapi\nuvicorn\n"),
        ("prices/web.py", "from flask import Flask\napp = Flask(__name__)\n"),
        ("prices/pyproject.toml", '[project]\nname = "prices"\nversion = "1"\ndependencies = ["flask"]\n'),
        ("prices/uv.lock", "version = 1\n"),
    ):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text)
    assert run(capsys, "init")[0] == 0
    expected = "# prices: {build: {context: prices, package_manager: uv, app: web:app, interface: wsgi}, port: 8000}"
    assert expected in Path("cloudgen.yaml").read_text()
    assert run(capsys, "init", "--force", "--app", "web:app")[0] == 0
    build = yaml.safe_load(Path("cloudgen.yaml").read_text())["containers"]["web"]["build"]
    assert (build["context"], build["package_manager"]) == ("prices", "uv")


DOCKERFILE = """FROM python:3.12-slim AS run
COPY . .
USER 1001
EXPOSE 9000
HEALTHCHECK CMD curl --fail http://localhost:9000/alive
CMD ["uvicorn", "main:app", "--port", "9000"]
"""


@pytest.mark.parametrize("option", [["--dockerfile"], ["--dockerfile", "docker/Dockerfile"]])
def test_init_uses_the_own_dockerfile(option: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("docker").mkdir()
    Path("docker/Dockerfile").write_text(DOCKERFILE)
    Path("main.py").write_text("from fastapi import FastAPI\napp = FastAPI()\n")
    assert run(capsys, "init", *option)[0] == 0
    text = Path("cloudgen.yaml").read_text()
    web = yaml.safe_load(text)["containers"]["web"]
    assert (web["dockerfile"], web["user"], web["port"]) == ("docker/Dockerfile", 1001, 9000)
    assert web["health_check"] == {"path": "/alive"}
    assert "build" not in web
    assert run(capsys, "validate")[0] == 0


def test_the_own_dockerfile_is_built_as_compose_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("back").mkdir()
    Path("back/Dockerfile").write_text(f"ARG EDITION=small\n{DOCKERFILE}FROM run AS live\n")
    Path("back/main.py").write_text("from fastapi import FastAPI\napp = FastAPI()\n")
    Path("compose.yaml").write_text(
        "services: {web: {build: {context: back, target: live, args: {EDITION: full, NPM_TOKEN: x, REF: $REF}}}}\n"
    )
    assert run(capsys, "init", "--dockerfile")[0] == 0
    build = yaml.safe_load(Path("cloudgen.yaml").read_text())["containers"]["web"]["build"]
    assert build == {"dockerfile": "back/Dockerfile", "context": "back", "target": "live", "args": {"EDITION": "full"}}
    assert run(capsys, "validate")[0] == 0


def test_a_dockerfile_that_is_not_there_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "init", "--dockerfile") == (
        2,
        "",
        "error: --dockerfile: no Dockerfile was found in this folder\n",
    )
    code, _, err = run(capsys, "init", "--dockerfile", "web.Dockerfile")
    assert code == 2
    assert "there is no file web.Dockerfile" in err


def test_init_asks_on_a_terminal_for_what_is_open(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import click
    from click.testing import CliRunner

    from cloudgen.detect.application import detect
    from cloudgen.start.answers import Answers
    from cloudgen.start.questions import ask

    (folder / "Dockerfile").write_text(DOCKERFILE.replace("HEALTHCHECK", "# HEALTHCHECK"))
    said: list[Answers] = []

    @click.command()
    def asking() -> None:
        said.append(ask(detect(folder), Answers()))

    runner = CliRunner()
    result = runner.invoke(asking, input="n\nuv\n/livez\n")
    assert "Use your own Dockerfile" in result.output
    assert (said[-1].dockerfile, said[-1].package_manager, said[-1].health) == (None, "uv", "/livez")
    runner.invoke(asking, input="y\n\n")
    assert (said[-1].dockerfile, said[-1].health) == ("Dockerfile", None)
    (folder / "Dockerfile").unlink()
    runner.invoke(asking, input="shop.main:app\nwsgi\nlater\n\n")
    assert (said[-1].app, said[-1].interface, said[-1].package_manager) == ("shop.main:app", "wsgi", None)


def test_a_port_for_root_is_not_taken_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("Dockerfile").write_text('FROM python:3.12\nEXPOSE 80\nCMD ["gunicorn", "-b", "0.0.0.0:80", "app:app"]\n')
    Path("app.py").write_text("from flask import Flask\napp = Flask(__name__)\n@app.get('/')\ndef x(): return ''\n")
    Path("requirements.txt").write_text("flask\ngunicorn\n")
    assert run(capsys, "init")[0] == 0
    assert "port: 8000  # 80 is stated, but ports below 1024 are for root" in Path("cloudgen.yaml").read_text()


def test_the_application_of_a_reserved_name_is_written_and_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python's own `site` is imported first: the spec is written all the same, and the problem told."""
    Path("site.py").write_text("from flask import Flask\napp = Flask(__name__)\n")
    Path("requirements.txt").write_text("flask\ngunicorn\n")
    code, _, err = run(capsys, "init")
    assert code == 0
    assert "Python has a module `site` of its own" in err
    assert run(capsys, "validate")[0] == 1
