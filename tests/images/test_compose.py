"""Each example as its user runs it: `docker compose up`, requests, its jobs, and `down`, with a genuine database."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from images.conftest import EXAMPLES, SERVED, Provide, copy_of
from rig.containers.composed import Composed
from rig.containers.container import LIMIT, Docker, started, wait_for_answer, wait_for_health
from rig.containers.trial import try_out
from rig.containers.visits import VISITS
from rig.figures import Figures
from rig.tools.toolbox import Require
from rig.trees.render import render

pytestmark = pytest.mark.docker


@pytest.fixture(scope="module", params=SERVED)
def running(
    request: pytest.FixtureRequest,
    docker: Docker,
    bases: Provide,
    require: Require,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Composed]:
    """An example, up."""
    context = copy_of(EXAMPLES[request.param], tmp_path_factory.mktemp("compose") / request.param)
    composed = Composed.of(docker, require("compose"), context)
    bases(composed.pulled())
    for name in composed.containers:
        composed.build(name)
    try:
        composed.up()
        yield composed
    finally:
        composed.down()
        docker.remove("rmi", *(composed.tag(name) for name in composed.containers))


def _example(composed: Composed) -> str:
    return composed.context.name


def _services(composed: Composed) -> list[str]:
    return [name for name, container in composed.containers.items() if container.port]


def test_the_endpoints_answer(running: Composed, figures: Figures) -> None:
    (service,) = _services(running)
    port = running.data["services"][service]["ports"][0].split(":")[1]
    url = f"http://127.0.0.1:{port}"
    path = running.containers[service].health_check.path
    assert wait_for_answer(running.docker, running.container(service), url + path)[0] == 200
    try:
        VISITS[_example(running)](url)
    except (AssertionError, OSError) as error:
        raise AssertionError(f"{error!r}\n{running.logs()}") from error
    figures.tell("Images", f"examples/{_example(running)}: compose.yaml up as rendered, its endpoints answered")


def test_runs_as_a_platform_runs_it(running: Composed, figures: Figures) -> None:
    """Beside the one that compose runs: without an init, as on Cloud Run, and with nothing but its environment."""
    for name in _services(running):
        container, environment = running.containers[name], running.environment(name)
        figures.count("Images", built=1, run=1)
        tag, network = running.tag(name), running.network
        trial = try_out(running.docker, tag, f"cloudgen-test-{name}", container, environment, network=network)
        assert trial.answer is not None
        assert trial.answer[0] == 200
        assert trial.health == "healthy"
        assert trial.uid == "10001"
        assert int(trial.capabilities, 16) == 0
        assert trial.stop.heeded, "SIGTERM must reach the server, and the server must heed it"
        figures.count("Images", healthy=1, **{"stopped on SIGTERM": 1})


def test_everything_is_healthy(running: Composed) -> None:
    """After the test above, during which the first health checks were made."""
    for service, data in running.data["services"].items():
        if service in running.containers and not data.get("profiles"):
            assert wait_for_health(running.docker, running.container(service)) == "healthy", running.logs()


def test_jobs_run_to_their_end(running: Composed, figures: Figures) -> None:
    for name, container in running.containers.items():
        if container.kind == "job":
            # Fails unless the exit code is 0.
            running.run("run", "--rm", name)
            figures.count("Images", built=1, run=1)


def test_without_its_database_it_ends_and_says_so(running: Composed) -> None:
    """A platform starts it again; a process that hangs would be kept."""
    for name in _services(running):
        nowhere = {
            key: {"HOST": "127.0.0.1", "PORT": "1"}.get(key.rpartition("_")[2], value)
            for key, value in running.environment(name).items()
        }
        with started(running.docker, running.tag(name), "cloudgen-test-alone", nowhere) as container:
            assert running.docker.run("wait", container, timeout=LIMIT).strip() not in {"", "0"}
            assert "connection" in running.docker.run("logs", container).lower()


def test_down_leaves_nothing(running: Composed) -> None:
    """The last test of an example."""
    assert running.left()
    running.down()
    assert not running.left()


def test_compose_accepts_the_file(require: Require, tmp_path: Path) -> None:
    for name, folder in EXAMPLES.items():
        render(folder / "cloudgen.yaml", "docker", tmp_path / name)
        command = [str(require("compose")), "--file", str(tmp_path / name / "compose.yaml"), "config", "--quiet"]
        run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert run.returncode == 0, run.stderr
        assert "level=warning" not in run.stderr


def test_compose_refuses_a_wrong_one(require: Require, tmp_path: Path) -> None:
    """The test above can fail."""
    wrong = tmp_path / "compose.yaml"
    wrong.write_text("services: {web: {image: x, healthchek: {}}}\n")
    command = [str(require("compose")), "--file", str(wrong), "config", "--quiet"]
    assert subprocess.run(command, capture_output=True, timeout=120, check=False).returncode != 0
