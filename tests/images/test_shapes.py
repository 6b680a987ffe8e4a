"""Applications in the shapes of other people's repositories are built, started, and answer as a platform runs them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cloudgen.pipeline import read_spec
from images.conftest import Provide
from rig.containers.composed import Composed
from rig.containers.container import Docker
from rig.containers.locking import BASES, lock
from rig.containers.shapes import SHAPES
from rig.containers.trial import try_out
from rig.figures import Figures
from rig.images.bases import images_of
from rig.tools.toolbox import Require

pytestmark = pytest.mark.docker


def built(docker: Docker, bases: Provide, require: Require, name: str, context: Path) -> Composed:
    """Build the image of a shape in a folder."""
    shape = SHAPES[name]
    shape.write(context)
    build = read_spec(str(context / "cloudgen.yaml")).deployment.containers["web"].build_or_default
    assert build is not None
    if shape.locked:
        bases([*BASES])
        lock(docker, build.package_manager, context, shape.locked)
    composed = Composed.of(docker, require("compose"), context)
    bases(images_of(composed.dockerfile("web").read_text(encoding="utf-8")))
    composed.build("web")
    return composed


@pytest.mark.parametrize("name", SHAPES)
def test_it_builds_starts_and_answers(
    docker: Docker, bases: Provide, require: Require, tmp_path: Path, name: str, figures: Figures
) -> None:
    composed = built(docker, bases, require, name, tmp_path)
    trial = try_out(docker, composed.tag("web"), f"cloudgen-test-{name}", composed.containers["web"])
    docker.remove("rmi", composed.tag("web"))
    assert trial.answer == (200, SHAPES[name].answer)
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
