"""From `git clone` to a healthy container in the four commands that README.md shows, for repositories of others."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from images.conftest import Provide
from rig.containers.composed import Composed
from rig.containers.container import Docker, wait_for_answer, wait_for_health
from rig.containers.repositories import REPOSITORIES
from rig.figures import Figures
from rig.tools.toolbox import Require

pytestmark = pytest.mark.docker

README = Path(__file__).parents[2] / "README.md"
MOST = 4


def commands() -> list[str]:
    """Return the commands of the transcript."""
    text = README.read_text(encoding="utf-8")
    (block,) = re.findall(r"```console\n(\$ git clone .*?)```", text, re.DOTALL)
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


@pytest.mark.parametrize("name", REPOSITORIES)
def test_from_clone_to_healthy(
    docker: Docker, bases: Provide, require: Require, tmp_path: Path, name: str, figures: Figures
) -> None:
    git = require("git")
    origin = tmp_path / "origin" / name
    for file, text in REPOSITORIES[name].items():
        (origin / file).parent.mkdir(parents=True, exist_ok=True)
        (origin / file).write_text(text, encoding="utf-8")
    for arguments in (
        ["init", "--quiet"],
        ["add", "."],
        ["-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "--message=All"],
    ):
        subprocess.run([git, *arguments], cwd=origin, check=True, timeout=60)
    clone, *rest, up = commands()
    assert len(rest) + 2 <= MOST
    assert clone.startswith("git clone https://")
    folder = tmp_path / name
    subprocess.run([git, "clone", "--quiet", str(origin), str(folder)], check=True, timeout=60)
    said = ""
    for command in rest:
        program, *arguments = shlex.split(command)
        assert program == "cloudgen"
        run = subprocess.run(
            [sys.executable, "-m", "cloudgen", *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        said += run.stdout + run.stderr
        assert run.returncode == 0, said
    assert "left open" not in said
    # The last command, but for its build: the engine of the tests has no other network than the machine's for that.
    assert shlex.split(up) == shlex.split("docker compose --file deploy/docker/compose.yaml up --build --detach --wait")
    composed = Composed.of(docker, require("compose"), folder)
    bases(composed.pulled())
    for container in composed.containers:
        composed.build(container)
    try:
        composed.up()
        port = composed.data["services"]["web"]["ports"][0].split(":")[1]
        url = f"http://127.0.0.1:{port}{composed.containers['web'].health_check.path}"
        assert wait_for_answer(docker, composed.container("web"), url)[0] == 200, composed.logs()
        assert wait_for_health(docker, composed.container("web")) == "healthy", composed.logs()
    finally:
        composed.down()
        docker.remove("rmi", *(composed.tag(container) for container in composed.containers))
    figures.tell("Images", f"{name}: from git clone to healthy in {len(rest) + 2} commands, no line edited")
