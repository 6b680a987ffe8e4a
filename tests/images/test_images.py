"""The example's image is what a platform wants: small steps, no root, healthy, gone as soon as it is told to stop."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cloudgen.pipeline import read_spec
from images.container import Docker, post, started, steps, wait_for_answer, wait_for_health
from support.bases import images_of, provide
from support.postgres import Postgres, running
from support.render import render
from support.tools import MissingToolError, demanded

pytestmark = pytest.mark.docker

EXAMPLE = Path(__file__).parents[2] / "examples" / "fastapi-shop"
TAG = "cloudgen-test/web"

IGNORED = shutil.ignore_patterns("deploy", "__pycache__", ".*_cache", ".venv")


@dataclass(frozen=True)
class Built:
    """The example's image, with the copy of the example that it was built from."""

    docker: Docker
    context: Path
    dockerfile: Path
    stand_ins: list[str]


@pytest.fixture(scope="module")
def built(require: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Render the example's Dockerfiles, and build its service with them."""
    docker = Docker(require("docker"))
    context = tmp_path_factory.mktemp("images") / "fastapi-shop"
    shutil.copytree(EXAMPLE, context, ignore=IGNORED)
    render(context / "cloudgen.yaml", "docker", context / "deploy" / "docker")
    dockerfile = context / "deploy" / "docker" / "web.Dockerfile"
    try:
        stand_ins = provide(docker.program, images_of(dockerfile.read_text(encoding="utf-8")))
    except MissingToolError as missing:
        if demanded("docker"):
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))
    docker.build(dockerfile, context, TAG)
    return Built(docker, context, dockerfile, stand_ins)


def _free_in_time(port: int, seconds: int = 60) -> bool:
    """Tell whether nothing listens there, or not any more within that time: the port is written into the image."""
    for _ in range(seconds):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return True
        time.sleep(1)
    return False


@pytest.fixture(scope="module")
def database(require: Callable[[str], Path]) -> Iterator[Postgres]:
    """The database that the example asks for when it starts."""
    with running(require("postgres"), "orders_db") as server:
        yield server


def _environment(database: Postgres) -> dict[str, str]:
    """What compose and the platforms tell the container; there is no bucket, which only orders with files need."""
    return {
        "ORDERS_DB_HOST": "127.0.0.1",
        "ORDERS_DB_PORT": str(database.port),
        "ORDERS_DB_NAME": database.database,
        "ORDERS_DB_USER": database.user,
        "ORDERS_DB_PASSWORD": database.password,
        "ORDERS_DB_SSLMODE": "disable",
        "INVOICES_BUCKET": "invoices",
        "INVOICES_BUCKET_URL": "s3://invoices",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }


def test_runs_as_a_platform_runs_it(built: Built, database: Postgres) -> None:
    docker = built.docker
    container = read_spec(str(built.context / "cloudgen.yaml")).deployment.containers["web"]
    port = container.port
    assert port is not None
    if not _free_in_time(port):
        pytest.fail(f"port {port} of this machine is in use: stop what listens there", pytrace=False)
    with started(docker, TAG, "cloudgen-test-web", _environment(database)) as name:
        url = f"http://127.0.0.1:{port}"
        assert wait_for_answer(docker, name, f"{url}{container.health_check.path}") == 200
        order = {"customer": "Ada", "items": [{"sku": "tea", "quantity": 2, "unit_price": 450}]}
        assert post(f"{url}/orders", order)["customer"] == "Ada", "the application writes to its database"
        assert wait_for_health(docker, name) == "healthy"
        status = Path("/proc", str(docker.inspect(name)["State"]["Pid"]), "status").read_text()
        uid = next(line.split()[1] for line in status.splitlines() if line.startswith("Uid:"))
        assert uid == "10001"
        start = datetime.now(UTC)
        docker.run("stop", "--time", "20", name)
        state = docker.inspect(name)["State"]
        # When the process ended, not when the command that stopped it came back.
        seconds = (datetime.fromisoformat(state["FinishedAt"]) - start).total_seconds()
        print(f"stopped on SIGTERM with exit code {state['ExitCode']} after {seconds:.2f} s")
        assert seconds < 2, "SIGTERM must reach the server, and the server must heed it"
        assert state["ExitCode"] in {0, 143}


def test_without_its_database_it_ends_and_says_so(built: Built) -> None:
    """A platform starts it again; a process that hangs would be kept."""
    nowhere = _environment(Postgres(port=1, user="app", password="none", database="orders_db"))
    with started(built.docker, TAG, "cloudgen-test-alone", nowhere) as name:
        assert built.docker.run("wait", name, timeout=60).strip() not in {"", "0"}
        assert "connection" in built.docker.run("logs", name)


def test_a_changed_source_builds_no_packages(built: Built) -> None:
    main = built.context / "src" / "shop" / "main.py"
    main.write_text(main.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    found = steps(built.docker.build(built.dockerfile, built.context, TAG))
    packages = [text for text in found if "uv pip install" in text or "uv sync" in text]
    sources = [text for text in found if text.startswith("COPY . .")]
    assert packages, found
    assert sources, found
    assert found[packages[0]], "packages were installed again, though only a source changed"
    assert not found[sources[0]], "the changed source is not in the image"


def test_the_same_context_builds_nothing(built: Built) -> None:
    built.docker.build(built.dockerfile, built.context, TAG)
    found = steps(built.docker.build(built.dockerfile, built.context, TAG))
    again = [text for text, cached in found.items() if not cached and text.startswith(("RUN", "COPY"))]
    assert not again


def test_nothing_unwanted_is_in_the_image(built: Built) -> None:
    (built.context / ".env").write_text("SECRET=1\n")
    built.docker.build(built.dockerfile, built.context, TAG)
    listed = built.docker.run("run", "--rm", "--network", "host", "--entrypoint", "find", TAG, "/app", "-name", ".env*")
    assert not listed.strip()
    config = built.docker.image(TAG)["Config"]
    assert not [value for value in config["Env"] if "SECRET" in value or "PASSWORD" in value]
    assert config["User"] not in {"", "0", "root"}
    assert config["StopSignal"] == "SIGTERM"


def test_compose_accepts_the_file(require: Callable[[str], Path], tmp_path: Path) -> None:
    render(EXAMPLE / "cloudgen.yaml", "docker", tmp_path)
    command = [str(require("compose")), "--file", str(tmp_path / "compose.yaml"), "config", "--quiet"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    assert "level=warning" not in run.stderr


def test_compose_refuses_a_wrong_one(require: Callable[[str], Path], tmp_path: Path) -> None:
    """The test above can fail."""
    wrong = tmp_path / "compose.yaml"
    wrong.write_text("services: {web: {image: x, healthchek: {}}}\n")
    command = [str(require("compose")), "--file", str(wrong), "config", "--quiet"]
    assert subprocess.run(command, capture_output=True, timeout=120, check=False).returncode != 0
