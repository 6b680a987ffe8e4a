"""The engine with the network of the tests, base images on demand, and the golden cases' trials beside each other."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from cloudgen.pipeline import read_spec
from rig.containers.cases import ImageCase, image_cases
from rig.containers.container import Docker, network
from rig.containers.locking import BASES
from rig.containers.trial import Trial, run_to_its_end, try_out
from rig.figures import Figures
from rig.images.bases import images_of, provide
from rig.images.lambda_emulator import runtime_interface_emulator
from rig.tools.toolbox import MissingToolError, Require, demanded

CASES = image_cases()

EXAMPLES = {path.parent.name: path.parent for path in Path(__file__).parents[2].glob("examples/*/cloudgen.yaml")}
"""Every example application, by the name of its folder."""

SERVED = [
    name
    for name, path in sorted(EXAMPLES.items())
    if any(container.port for container in read_spec(str(path / "cloudgen.yaml")).deployment.containers.values())
]
"""Those that visitors ask. What events start is looked at in test_example_function.py."""

AT_ONCE = 4
"""Golden cases beside each other: most of the time a container waits for its first health check."""

Provide = Callable[[list[str]], None]


@dataclass(frozen=True)
class Outcome:
    """What a golden image did."""

    trial: Trial
    """As a service or worker."""
    jobs: Mapping[str, tuple[int, str]]
    """Exit code and log of each job that runs it."""


def copy_of(example: Path, copy: Path) -> Path:
    """Copy what a user has after `git clone`, so that tests may change and render it."""
    ignored = shutil.ignore_patterns("deploy", "__pycache__", ".*_cache", ".venv", ".env")
    return Path(shutil.copytree(example, copy, ignore=ignored))


@pytest.fixture(scope="session")
def docker(require: Require) -> Iterator[Docker]:
    """The engine."""
    found = Docker(require("docker"))
    with network(found):
        yield found


@pytest.fixture(scope="session")
def bases(docker: Docker, figures: Figures) -> Provide:
    """Make sure that the engine has images; what is only a stand-in is told at the end of the log."""

    def wanted(images: list[str]) -> None:
        docker.tidy()
        try:
            for image in provide(docker.program, images):
                figures.tell("Images", f"stand-in, because it cannot be pulled: {image}")
        except MissingToolError as missing:
            if demanded("docker"):
                pytest.fail(str(missing), pytrace=False)
            pytest.skip(str(missing))

    return wanted


@pytest.fixture(scope="session")
def emulator() -> Path:
    """Amazon's Runtime Interface Emulator."""
    try:
        return runtime_interface_emulator()
    except MissingToolError as missing:
        if demanded("docker"):
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def trials(
    request: pytest.FixtureRequest, docker: Docker, bases: Provide, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Outcome]]]:
    """The golden cases that the selected tests look at, all begun at once; a test without a case looks at all."""
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    names: set[str] = set()
    for item in items:
        if "trials" in item.fixturenames:
            names |= {str(item.callspec.params["case"])} if hasattr(item, "callspec") else set(CASES)
    bases(
        [*BASES, *(image for name in names for image in images_of(CASES[name].dockerfile.read_text(encoding="utf-8")))]
    )
    folder = tmp_path_factory.mktemp("golden-images")

    def play(case: ImageCase) -> Outcome:
        context = folder / case.name
        docker.build(case.write(context, docker), context, case.tag)
        name = case.tag.replace("/", "-")
        trial = try_out(docker, case.tag, name, case.container)
        jobs = {
            job: run_to_its_end(docker, case.tag, f"{name}-{job}", container.command or [])
            for job, container in case.jobs.items()
        }
        return Outcome(trial, jobs)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {name: pool.submit(play, CASES[name]) for name in CASES if name in names}
    docker.remove("rmi", *(CASES[name].tag for name in names))
