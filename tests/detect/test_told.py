"""What `init` says about things that would only show when the image is built or started."""

from __future__ import annotations

from pathlib import Path

import pytest

from cloudgen.detect.application import Application, detect

FASTAPI = "from fastapi import FastAPI\napp = FastAPI()\n"
FLASK = "from flask import Flask\napp = Flask(__name__)\n"


def read(folder: Path, files: dict[str, str]) -> Application:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return detect(folder)


def test_nested_requirements_are_all_named(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "requirements.txt": "-r requirements/production.txt\n",
            "requirements/production.txt": "-r base.txt\ngunicorn\n",
            "requirements/base.txt": "Flask\n",
            "app.py": FLASK,
        },
    )
    assert found.requirements == ["requirements.txt", "requirements/production.txt", "requirements/base.txt"]
    assert not found.server_is_missing


def test_a_requirement_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    found = read(tmp_path, {"requirements.txt": "flask\n-r requirements/live.txt\n", "app.py": FLASK})
    assert any("requirements.txt:2 refers to requirements/live.txt" in advice for advice in found.advice)


def test_packages_of_a_local_path_count(tmp_path: Path) -> None:
    project = (
        '[project]\nname = "shop"\nversion = "1"\ndependencies = ["common", "uvicorn"]\n'
        '[tool.uv.sources]\ncommon = {path = "libs/common"}\n'
    )
    common = '[project]\nname = "common"\nversion = "1"\ndependencies = ["asyncpg"]\n'
    found = read(
        tmp_path,
        {"pyproject.toml": project, "uv.lock": "", "libs/common/pyproject.toml": common, "main.py": FASTAPI},
    )
    assert found.database == "postgres"
    assert found.evidence("database") == "libs/common/pyproject.toml:4"


def test_git_is_needed_to_build(tmp_path: Path) -> None:
    text = "uvicorn\ncommon @ git+https://git.example.com/acme/common@v1\n"
    found = read(tmp_path, {"requirements.txt": text, "main.py": FASTAPI})
    assert found.build_libraries == ["git"]
    assert found.evidence("Debian package for the build") == "requirements.txt:2"


def test_a_server_in_an_extra_for_production_is_there(tmp_path: Path) -> None:
    text = (
        '[project]\nname = "x"\nversion = "1"\ndependencies = ["flask"]\n'
        '[project.optional-dependencies]\nprod = ["gunicorn"]\n'
    )
    found = read(tmp_path, {"pyproject.toml": text, "uv.lock": "", "app.py": FLASK})
    assert (found.extras, found.server_is_missing) == (["prod"], False)


def test_a_server_in_an_extra_that_is_not_installed_is_named(tmp_path: Path) -> None:
    text = (
        '[project]\nname = "x"\nversion = "1"\ndependencies = ["flask"]\n'
        '[project.optional-dependencies]\nspecial = ["gunicorn"]\n'
    )
    found = read(tmp_path, {"pyproject.toml": text, "uv.lock": "", "app.py": FLASK})
    assert found.server_is_missing
    assert any("extra special (pyproject.toml:6)" in advice for advice in found.advice)


@pytest.mark.parametrize(
    ("requirements", "is_told"),
    [("fastapi\nuvicorn\n", True), ("fastapi\nuvicorn[standard]\n", False), ("fastapi\nuvicorn\nwsproto\n", False)],
)
def test_web_sockets_need_a_library(tmp_path: Path, requirements: str, is_told: bool) -> None:
    source = FASTAPI + "@app.websocket('/live')\nasync def live(socket): ...\n"
    found = read(tmp_path, {"requirements.txt": requirements, "main.py": source})
    assert found.web_sockets
    assert any("404 without `websockets`" in advice for advice in found.advice) == is_told


def test_a_python_that_is_too_old_is_told(tmp_path: Path) -> None:
    found = read(tmp_path, {"Pipfile": "[packages]\nflask='*'\n[requires]\npython_version = '3.7'\n", "app.py": FLASK})
    assert found.python is None
    assert found.oldest_python
    assert "Pipfile:4 asks for Python 3.7: 3.10 is the oldest that cloudgen builds" in found.advice


def test_what_is_stated_but_not_there_is_told(tmp_path: Path) -> None:
    found = read(tmp_path, {"Procfile": "web: gunicorn app:application\n", "app.py": FLASK, "requirements.txt": ""})
    assert "Procfile:1 runs app:application, but app.py has no application" in found.advice
    assert found.app == "app:app"


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "deep.py").write_text("from flask import Flask\nx = " + "(" * 5000)
    (tmp_path / "data.py").write_bytes(b"\0\1\xff Flask")
    (tmp_path / "compose.yaml").write_text("services: {web: {\n")
    (tmp_path / "pyproject.toml").write_text("[project\n")
    (tmp_path / "big.py").write_bytes(b"#" * (9 * 1024 * 1024))
    said = "\n".join(read(tmp_path, {"app.py": FLASK}).advice)
    for name in ("deep.py: lines 2 were not", "data.py was not", "compose.yaml:2 is no valid", "pyproject.toml is no"):
        assert name in said
    assert "big.py was not read: it is larger than 8 MiB" in said
