"""Applications in the shapes of other people's repositories are built, started, and answer as a platform runs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from cloudgen.spec.build import Build
from cloudgen.stack import contract
from images.conftest import Provide
from rig.containers.composed import Composed
from rig.containers.container import Docker
from rig.containers.locking import BASES, lock
from rig.containers.shapes import SHAPES
from rig.containers.trial import Trial, try_out
from rig.containers.visits import send
from rig.figures import Figures
from rig.images.bases import images_of
from rig.tools.toolbox import Require

pytestmark = pytest.mark.docker


AT_ONCE = 3
"""Shapes beside each other: most of the time a container waits for its health check, or a build for the network."""


@pytest.fixture(scope="module")
def tried(
    request: pytest.FixtureRequest,
    docker: Docker,
    bases: Provide,
    require: Require,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Mapping[str, Future[Trial]]]:
    """The selected shapes, all begun at once: each written, locked, rendered, built, run and stopped."""
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    selected = dict.fromkeys(str(item.callspec.params["shape"]) for item in items if "tried" in item.fixturenames)
    bases([*BASES])
    composed = {}
    for name in selected:
        context = tmp_path_factory.mktemp(name)
        SHAPES[name].write(context)
        composed[name] = Composed.of(docker, require("compose"), context)
        bases(images_of(composed[name].dockerfile("web").read_text(encoding="utf-8")))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {name: pool.submit(_tried, docker, name, found) for name, found in composed.items()}


BALANCER = "198.51.100.7"
"""The address of Google's load balancer, which the container's environment names there."""

CLIENT = "203.0.113.9"


def _behind_both_balancers(build: Build | None) -> Callable[[str], None]:
    """Return a visit that fails unless the application sees the client's address and https, as on AWS and on Google.

    Google's load balancer puts its own address behind that of the client, and what the client itself wrote stays first.
    """

    def visit(url: str) -> None:
        for forwarded in (CLIENT, f"{CLIENT}, {BALANCER}", f"192.0.2.1, {CLIENT}, {BALANCER}"):
            headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https", "Host": "shop.example.com"}
            said = send("GET", f"{url}/who", headers=headers)[1].decode()
            # gunicorn leaves the address as it is, and takes the scheme alone.
            assert said == (f"https {CLIENT}" if build and build.interface == "asgi" else "https"), forwarded

    return visit


def _tried(docker: Docker, name: str, composed: Composed) -> Trial:
    build, tag = composed.containers["web"].build_or_default, f"cloudgen-test/{name}"
    if SHAPES[name].locked and build is not None:
        lock(docker, build.package_manager, composed.context, SHAPES[name].locked)
    composed.build("web", tag)
    container = composed.containers["web"]
    visit, environment = None, {}
    if container.built and container.command is None and "/who" in "".join(SHAPES[name].files.values()):
        visit = _behind_both_balancers(container.build_or_default)
        trusted = dict(entry.split("=", 1) for entry in docker.image(tag)["Config"]["Env"]).get(contract.FORWARDED)
        environment = {contract.FORWARDED: f"{trusted},{BALANCER}"} if trusted else {}
    try:
        return try_out(docker, tag, f"cloudgen-test-{name}", container, environment, visit=visit)
    finally:
        docker.remove("rmi", tag)


@pytest.mark.parametrize("shape", SHAPES)
def test_it_builds_starts_and_answers(tried: Mapping[str, Future[Trial]], shape: str, figures: Figures) -> None:
    trial = tried[shape].result()
    assert trial.answer == (200, SHAPES[shape].answer)
    assert trial.health == "healthy"
    assert trial.uid == "10001"
    assert trial.stop.heeded
    figures.count("Images", built=1, run=1, healthy=1, **{"stopped on SIGTERM": 1})


@pytest.mark.parametrize(
    ("requirement", "said"),
    [
        ("flask", "uvicorn is needed to serve the application and is not among the packages of the image"),
        ("uvicorn==0.29.0", "uvicorn 0.31 or newer is needed to serve the application, and this is 0.29.0"),
    ],
)
def test_a_server_that_cannot_serve_ends_the_build(
    docker: Docker, bases: Provide, require: Require, tmp_path: Path, requirement: str, said: str
) -> None:
    (tmp_path / "requirements.txt").write_text(f"{requirement}\n", encoding="utf-8")
    (tmp_path / "cloudgen.yaml").write_text(
        "version: 1\nname: shapes\ntargets: {aws: {region: eu-west-1}}\ncontainers: {web: {port: 8000}}\n"
    )
    composed = Composed.of(docker, require("compose"), tmp_path)
    bases(images_of(composed.dockerfile("web").read_text(encoding="utf-8")))
    with pytest.raises(AssertionError, match=said):
        composed.build("web")
