"""Every golden Dockerfile is built with an application that fits its spec, and runs as a platform wants."""

from __future__ import annotations

import re
from concurrent.futures import Future
from pathlib import Path
from statistics import median

import pytest

from images.conftest import CASES, Outcome, Provide
from rig.containers.applications import framework
from rig.containers.cases import ImageCase
from rig.containers.container import Docker
from rig.containers.trial import try_out
from rig.figures import Figures
from rig.images.bases import images_of

pytestmark = pytest.mark.docker


def _name(case: ImageCase) -> str:
    """What the health check's route answers with, so that the server is known to have run the right application."""
    build = case.container.build_or_default
    assert build is not None
    return framework(build)


@pytest.mark.parametrize("case", CASES)
def test_runs_and_stops(trials: dict[str, Future[Outcome]], case: str, figures: Figures) -> None:
    trial = trials[case].result().trial
    figures.count("Images", built=1, run=1)
    if CASES[case].container.port:
        assert trial.answer is not None
        assert trial.answer[0] == 200
        assert _name(CASES[case]) in trial.answer[1]
    assert trial.health == "healthy"
    assert trial.uid == "10001"
    assert int(trial.capabilities, 16) == 0
    assert trial.stop.heeded, "SIGTERM must reach the process, and the process must heed it"
    figures.count("Images", healthy=1, **{"stopped on SIGTERM": 1})


def test_they_stop_at_once(trials: dict[str, Future[Outcome]], figures: Figures) -> None:
    """The median, because a single one shares two processors with whatever else this run does at that moment."""
    stops = [outcome.trial.stop.seconds for outcome in map(Future.result, trials.values())]
    figures.tell("Images", f"seconds from SIGTERM to the end: median {median(stops):.1f}, at most {max(stops):.1f}")
    assert median(stops) < 2


@pytest.mark.parametrize("case", [name for name, case in CASES.items() if case.jobs])
def test_jobs_run_to_their_end(trials: dict[str, Future[Outcome]], case: str, figures: Figures) -> None:
    """A job runs the image of the container that serves, with a command of its own."""
    outcome = trials[case].result()
    assert outcome.jobs.keys() == CASES[case].jobs.keys()
    for code, log in outcome.jobs.values():
        assert code == 0
        assert "work is done" in log
    figures.count("Images", **{"run as a job": len(outcome.jobs)})


def test_jobs_are_among_them() -> None:
    assert {job for case in CASES.values() for job in case.jobs} >= {"nightly", "report"}


def test_every_framework_and_package_manager_is_among_them() -> None:
    builds = [case.container.build_or_default for case in CASES.values() if case.container.kind == "service"]
    found = {(framework(build), build.interface) for build in builds if build is not None}
    assert found == {("FastAPI", "asgi"), ("Flask", "wsgi"), ("Django", "asgi"), ("Django", "wsgi")}
    assert {build.package_manager for build in builds if build} == {"pip", "uv", "poetry", "pipenv", "pdm"}


def test_a_trial_finds_what_is_wrong(docker: Docker, bases: Provide, tmp_path: Path) -> None:
    """The tests above can fail: root, a health check that asks elsewhere, and a shell that keeps SIGTERM to itself."""
    case = CASES["smallest-web"]
    dockerfile = case.write(tmp_path, docker)
    text = dockerfile.read_text(encoding="utf-8")
    bases(images_of(text))
    text = re.sub(r"(?m)^USER .*\n", "", text)
    text = re.sub(r"--interval=\d+s (.*)--start-period=\d+s --retries=\d+", r"--interval=1s \1--retries=1", text)
    text = text.replace("'/healthz'", "'/nowhere'")
    text = re.sub(r'(?m)^CMD \["uvicorn", (.*)\]$', r'CMD ["sh", "-c", "\\"$@\\"; true", "sh", "uvicorn", \1]', text)
    dockerfile.write_text(text, encoding="utf-8")
    docker.build(dockerfile, tmp_path, "cloudgen-test/wrong")
    trial = try_out(docker, "cloudgen-test/wrong", "cloudgen-test-wrong", case.container)
    docker.remove("rmi", "cloudgen-test/wrong")
    assert trial.uid == "0"
    assert trial.health == "unhealthy"
    assert trial.stop.exit_code == 137
    assert not trial.stop.heeded
