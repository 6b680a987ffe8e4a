"""Applications in the shapes of other people's repositories are built, started, and answer as a platform runs them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

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


MORE = (
    "command-of-its-own",
    "fastapi-odd-file-names",
    "flask-src-editable",
    "hatch-dynamic-version",
    "oldest-uvicorn-two-workers",
    "own-ignore-file",
    "pdm-no-distribution",
    "plain-pyproject",
    "poetry-package-src",
    "slow-import-two-workers",
    "uv-plain-with-group",
)
"""What shares nearly all with another shape: only `make whole` tries it."""
CHOSEN = [pytest.param(name, marks=[pytest.mark.whole] if name in MORE else ()) for name in SHAPES]

BALANCER = "198.51.100.7"
"""The address of Google's load balancer, which the container's environment names there."""

CLIENT = "203.0.113.9"

HEADERS: Mapping[str, Mapping[str, str]] = {
    "aws": {"X-Forwarded-For": CLIENT, "X-Forwarded-Proto": "https", "X-Forwarded-Port": "443"},
    "gcp": {"X-Forwarded-For": f"{CLIENT}, {BALANCER}", "X-Forwarded-Proto": "https", "Via": "1.1 google"},
}
"""What each cloud's load balancer adds to a request by HTTPS. Google's puts its own address behind that of the client.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html,
https://cloud.google.com/load-balancing/docs/https#target-proxies
"""


def behind_both_balancers(url: str) -> None:
    """Fail unless the application sees the client's address and https, whatever the client itself wrote before."""
    for added in HEADERS.values():
        for written in ("", "192.0.2.1, ", "10.0.0.9, "):
            forwarded = {**added, "X-Forwarded-For": written + added["X-Forwarded-For"], "Host": "shop.example.com"}
            assert send("GET", f"{url}/who", headers=forwarded)[1].decode() == f"https {CLIENT}", forwarded


WHO = frozenset(name for name, shape in SHAPES.items() if 'who"' in "".join(shape.files.values()))
"""The applications that say who asks them."""


def _tried(docker: Docker, name: str, composed: Composed) -> Trial:
    tag = f"cloudgen-test/{name}"
    build = composed.containers["web"].build_or_default
    if SHAPES[name].locked and build is not None:
        lock(docker, build.package_manager, composed.context, SHAPES[name].locked)
    composed.build("web", tag)
    container = composed.containers["web"]
    visit, environment = None, {}
    if name in WHO:
        visit = behind_both_balancers
        trusted = dict(entry.split("=", 1) for entry in docker.image(tag)["Config"]["Env"])[contract.FORWARDED]
        environment = {contract.FORWARDED: f"{trusted},{BALANCER}"}
    try:
        return try_out(docker, tag, f"cloudgen-test-{name}", container, environment, visit=visit)
    finally:
        docker.remove("rmi", tag)
        docker.tidy()


@pytest.mark.parametrize("shape", CHOSEN)
def test_it_builds_starts_and_answers(tried: Mapping[str, Future[Trial]], shape: str, figures: Figures) -> None:
    trial = tried[shape].result()
    assert trial.answer == (200, SHAPES[shape].answer)
    assert trial.health == "healthy"
    assert trial.uid == "10001"
    assert trial.stop.heeded
    if shape in WHO:
        figures.count("Images", **{"told the client behind both load balancers": 1})
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
