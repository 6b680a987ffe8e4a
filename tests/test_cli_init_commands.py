"""What `init` writes for commands that a shell would fill in, and for projects that pip installs without a list."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from cloudgen import cli
from cloudgen.start.shell import runnable

WEB = "web: gunicorn 'shop:app'\n"
SHOP = "from flask import Flask\napp = Flask(__name__)\n@app.get('/healthz')\ndef healthz(): return 'ok'\n"


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that writes files, runs `init` among them and returns the containers of the spec."""
    monkeypatch.chdir(tmp_path)

    def write(**files: str) -> dict[str, Any]:
        for name, text in {"shop__py": SHOP, **files}.items():
            Path(name.replace("__", ".")).write_text(text)
        assert cli.run(["init", "--no-input"]) == 0
        assert cli.run(["validate"]) == 0
        containers: dict[str, Any] = yaml.safe_load(Path("cloudgen.yaml").read_text())["containers"]
        return containers

    return write


def test_variables_of_a_command_are_filled_in_by_a_shell(written: Any) -> None:
    """`$QUEUE` of a Procfile would reach the program as it stands: no platform starts a shell by itself."""
    procfile = f"{WEB}worker: celery -A shop worker -Q $QUEUE -n 'w 1@%h'\nrelease: flask --app $SHOP db upgrade\n"
    found = written(Procfile=procfile, requirements__txt="flask\ngunicorn\ncelery[redis]\n")
    assert found["worker"]["command"] == ["sh", "-c", "exec celery -A shop worker -Q $QUEUE -n 'w 1@%h'"]
    assert found["web"]["release"] == ["sh", "-c", "exec flask --app $SHOP db upgrade"]


def test_a_command_without_variables_stays_as_it_is(written: Any) -> None:
    found = written(Procfile=f"{WEB}worker: celery -A shop worker\n", requirements__txt="flask\ngunicorn\ncelery\n")
    assert found["worker"]["command"] == ["celery", "-A", "shop", "worker"]


@pytest.mark.parametrize(
    ("words", "argument"),
    [
        (["printf", "%s", "--port=$PORT"], "--port=8000"),
        (["printf", "%s", "${PORT:-1}/a b;c'd\"`e`$(f)"], "8000/a b;c'd\"`e`$(f)"),
        (["printf", "%s", "", "$PORT"], "8000"),
    ],
)
def test_a_shell_changes_nothing_but_variables(words: list[str], argument: str) -> None:
    done = subprocess.run(
        runnable(words), env={"PORT": "8000", "PATH": "/usr/bin:/bin"}, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, argument)


def test_a_command_of_a_shell_is_not_put_into_another_one() -> None:
    assert runnable(["sh", "-c", "echo $HOME"]) == ["sh", "-c", "echo $HOME"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (
            "pyproject.toml",
            '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
            '[project]\nname = "shop"\nversion = "1"\ndependencies = ["flask", "gunicorn"]\n',
        ),
        ("setup.py", "from setuptools import setup\nsetup(name='shop', install_requires=['flask', 'gunicorn'])\n"),
    ],
)
def test_a_project_without_a_list_of_packages_is_what_pip_reads(written: Any, file: str, text: str) -> None:
    """A requirements.txt that is not there would end the build."""
    found = written(**{file.replace(".", "__"): text})
    assert found["web"]["build"]["requirements"] == [file]
    assert cli.run(["render", "--target", "docker"]) == 0
    dockerfile = Path("deploy/docker/web.Dockerfile").read_text()
    assert f"--requirements {file}" in dockerfile
    assert file == "pyproject.toml" or "-name '*.py' -o -name 'setup.cfg' -o -name 'README*'" in dockerfile
