"""What `init` finds out about an application, layout by layout."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

import pytest

from cloudgen.detect.application import Application, detect
from cloudgen.spec.build import Build

if TYPE_CHECKING:
    from pathlib import Path

FASTAPI = "from fastapi import FastAPI\napp = FastAPI()\n"
FLASK = "from flask import Flask\napp = Flask(__name__)\n"


DJANGO = "from django.core.{0} import get_{0}_application\napplication = get_{0}_application()\n"
FACTORY = "from flask import Flask\ndef create_app():\n    return Flask('x')\n"


def write(folder: Path, files: dict[str, str]) -> Application:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return detect(folder)


@pytest.mark.parametrize(
    ("files", "app", "interface"),
    [
        ({"main.py": FASTAPI}, "main:app", "asgi"),
        ({"app.py": FLASK}, "app:app", "wsgi"),
        ({"src/shop/main.py": FASTAPI, "src/shop/__init__.py": ""}, "shop.main:app", "asgi"),
        ({"shop/__init__.py": FLASK}, "shop:app", "wsgi"),
        ({"shop/web/api.py": "import fastapi as f\napi = f.FastAPI()\n"}, "shop.web.api:api", "asgi"),
        ({"server.py": "from starlette.applications import Starlette as S\nx: S = S()\n"}, "server:x", "asgi"),
        (
            {"main.py": "from flask import Flask\ndef create_app():\n    return Flask('x')\napp = create_app()\n"},
            "main:app",
            "wsgi",
        ),
        (
            {
                "shop/factory.py": "from fastapi import FastAPI\ndef make():\n    a = FastAPI()\n    return a\n",
                "shop/asgi.py": "from shop.factory import make\napplication = make()\n",
            },
            "shop.asgi:application",
            "asgi",
        ),
        (
            {
                "manage.py": "import django\n",
                "site1/wsgi.py": DJANGO.format("wsgi"),
                "site1/asgi.py": DJANGO.format("asgi"),
            },
            "site1.wsgi:application",
            "wsgi",
        ),
        (
            {"main.py": "try:\n    from fastapi import FastAPI\n    app = FastAPI()\nexcept ImportError:\n    raise\n"},
            "main:app",
            "asgi",
        ),
        ({"a/main.py": FASTAPI, "main.py": FASTAPI}, "main:app", "asgi"),
        (
            {"main.py": FASTAPI, "tests/app.py": FLASK, ".venv/lib/flask/app.py": FLASK, "test_app.py": FLASK},
            "main:app",
            "asgi",
        ),
        ({"main.py": "# from flask import Flask; app = Flask()\n"}, None, "asgi"),
        ({"main.py": "app = FastAPI()\n"}, None, "asgi"),
        ({"main.py": "def broken(:\n", "app.py": FLASK}, "app:app", "wsgi"),
        ({"main.py": FACTORY}, "main:create_app()", "wsgi"),
        ({"main.py": FACTORY.replace("create_app()", "create_app(config=None)")}, "main:create_app()", "wsgi"),
        ({"main.py": FACTORY.replace("create_app()", "create_app(config)")}, None, "asgi"),
        ({}, None, "asgi"),
    ],
)
def test_entry_point(tmp_path: Path, files: dict[str, str], app: str | None, interface: str) -> None:
    found = write(tmp_path, files)
    assert (found.app, found.interface) == (app, interface)
    if app is None:
        assert any("build.app" in advice for advice in found.advice)


@pytest.mark.parametrize(
    ("files", "python"),
    [
        ({".python-version": "3.13.1\n"}, "3.13"),
        ({".python-version": "3.11\n", "pyproject.toml": "[project]\nname='x'\nrequires-python='>=3.12'\n"}, "3.11"),
        ({"pyproject.toml": "[project]\nrequires-python = '>=3.10'\n"}, "3.12"),
        ({"pyproject.toml": "[project]\nrequires-python = '>=3.13'\n"}, "3.13"),
        ({"pyproject.toml": "[project]\nrequires-python = '>=3.10,<3.12'\n"}, "3.11"),
        ({"pyproject.toml": "[project]\nrequires-python = '~=3.11'\n"}, "3.12"),
        ({"pyproject.toml": "[project]\nrequires-python = '>3.12'\n"}, "3.13"),
        ({"pyproject.toml": "[project]\nrequires-python = '==3.11.*'\n"}, "3.11"),
        ({"pyproject.toml": "[tool.poetry.dependencies]\npython = '^3.11'\n"}, "3.12"),
        ({"runtime.txt": "python-3.11.4\n"}, "3.11"),
        ({"Pipfile": "[requires]\npython_version = '3.14'\n"}, "3.14"),
        ({".python-version": "2.7\n"}, None),
        ({"pyproject.toml": "[project]\nrequires-python = '<3.9'\n"}, None),
        ({"pyproject.toml": "not toml ["}, None),
        ({}, None),
    ],
)
def test_python_version(tmp_path: Path, files: dict[str, str], python: str | None) -> None:
    assert write(tmp_path, files).python == python


@pytest.mark.parametrize("python", get_args(Build.model_fields["python"].annotation))
@pytest.mark.parametrize(
    ("file", "stated"),
    [
        ("Dockerfile", "ARG VERSION=PYTHON\nFROM python:${VERSION}-slim\nCMD uvicorn main:app\n"),
        ("Dockerfile", "FROM python:PYTHON.3-alpine AS base\nCMD uvicorn main:app\n"),
        (".python-version", "PYTHON.2\n"),
        (".tool-versions", "nodejs 24.1.0\npython PYTHON.4\n"),
        ("mise.toml", '[tools]\npython = "PYTHON"\n'),
        ("runtime.txt", "python-PYTHON.9\n"),
        ("environment.yml", "dependencies:\n  - python=PYTHON\n"),
        ("Pipfile", '[requires]\npython_full_version = "PYTHON.1"\n'),
        ("pyproject.toml", '[project]\nname = "x"\nrequires-python = "==PYTHON.*"\n'),
        ("pyproject.toml", '[tool.poetry.dependencies]\npython = "~PYTHON"\n'),
        ("uv.lock", 'version = 1\nrequires-python = "==PYTHON.*"\n'),
        ("poetry.lock", '[metadata]\npython-versions = "~PYTHON"\n'),
        ("pdm.lock", '[[metadata.targets]]\nrequires_python = "==PYTHON.*"\n'),
        ("setup.cfg", "[options]\npython_requires = ==PYTHON.*\n"),
        ("render.yaml", "services:\n  - type: web\n    envVars: [{key: PYTHON_VERSION, value: PYTHON.1}]\n"),
    ],
)
def test_every_version_that_a_spec_can_say_is_found(tmp_path: Path, file: str, stated: str, python: str) -> None:
    assert write(tmp_path, {file: re.sub(r"PYTHON(?!_)", python, stated)}).python == python


@pytest.mark.parametrize(
    ("files", "manager"),
    [
        ({"uv.lock": "", "requirements.txt": ""}, "uv"),
        ({"poetry.lock": ""}, "poetry"),
        ({"Pipfile.lock": "{}"}, "pipenv"),
        ({"requirements.txt": ""}, "pip"),
    ],
)
def test_package_manager(tmp_path: Path, files: dict[str, str], manager: str) -> None:
    found = write(tmp_path, files)
    assert found.package_manager == manager
    assert not any("lock" in advice for advice in found.advice)


def test_no_lock_file_is_told(tmp_path: Path) -> None:
    assert any("requirements.txt" in advice for advice in detect(tmp_path).advice)


@pytest.mark.parametrize(
    ("requirements", "database", "cache", "libraries"),
    [
        ("psycopg[binary]>=3\nredis\n", "postgres", True, []),
        ("psycopg==3.2\n", "postgres", False, ["libpq5"]),
        ("psycopg2-binary\n", "postgres", False, []),
        ("mysqlclient>=2\n", "mysql", False, ["libmariadb3"]),
        ("asyncpg\nPyMySQL\n", "postgres", False, []),
        ("# psycopg2\n-r other.txt\nfastapi\n", None, False, []),
        ("psycopg2-extras-of-ours\n", None, False, []),
    ],
)
def test_packages(tmp_path: Path, requirements: str, database: str | None, cache: bool, libraries: list[str]) -> None:
    found = write(tmp_path, {"requirements.txt": requirements})
    assert (found.database, found.cache, found.libraries) == (database, cache, libraries)


@pytest.mark.parametrize(
    ("files", "port"),
    [
        ({"Dockerfile": "FROM x\nEXPOSE 9000\n", "main.py": "import uvicorn\nuvicorn.run('a', port=8001)\n"}, 9000),
        ({"main.py": "import uvicorn\nuvicorn.run('main:app', port=8001)\n"}, 8001),
        ({"main.py": "import os\nport = int(os.environ.get('PORT', '5000'))\n"}, 5000),
        ({"Procfile": "web: gunicorn main:app --bind 0.0.0.0:7000\n"}, 7000),
        ({"main.py": "subprocess.run('x', port=PORT)\n"}, None),
        ({}, None),
    ],
)
def test_port(tmp_path: Path, files: dict[str, str], port: int | None) -> None:
    assert write(tmp_path, files).port == port


def test_health_route_bucket_and_evidence(tmp_path: Path) -> None:
    source = FASTAPI + "import boto3\n\n@app.get('/api/health')\ndef health():\n    return boto3.client('s3')\n"
    found = write(
        tmp_path, {"shop/main.py": source, "pyproject.toml": "[project]\nversion = '1'\nname = 'My.Shop_API-service'\n"}
    )
    assert found.health == "/api/health"
    assert found.bucket
    assert found.name == "my-shop-api-ser"
    evidence = {finding.what: finding.evidence for finding in found.findings}
    assert evidence == {
        "name": "pyproject.toml:3",
        "package manager": "pyproject.toml:1",
        "app": "shop/main.py:2",
        "health check": "shop/main.py:5",
        "bucket": "shop/main.py:7",
    }


def test_django_route(tmp_path: Path) -> None:
    found = write(tmp_path, {"site1/urls.py": "from django.urls import path\nurlpatterns = [path('healthz/', view)]\n"})
    assert found.health == "/healthz/"


@pytest.mark.parametrize("name", ["path", "path_info"])
def test_the_health_check_of_a_middleware(tmp_path: Path, name: str) -> None:
    source = f"def middleware(request):\n    if request.{name} == '/healthz':\n        return answer\n"
    assert write(tmp_path, {"site1/health.py": source}).health == "/healthz"
    other = f"def middleware(request):\n    if request.{name} == '/login':\n        return answer\n"
    assert write(tmp_path, {"site1/health.py": other}).health is None


def test_what_cloudgen_rendered_is_not_the_application(tmp_path: Path) -> None:
    """Else a second init took the health check of another service of the compose.yaml that cloudgen made."""
    compose = "services:\n  web:\n    build: .\n    healthcheck: {test: [CMD, curl, http://127.0.0.1:9000/other]}\n"
    application = {"main.py": "from fastapi import FastAPI\napp = FastAPI()\n", "deploy/docker/compose.yaml": compose}
    assert write(tmp_path, application).health == "/other"
    found = write(tmp_path, {"deploy/docker/.cloudgen.json": "{}"})
    assert found.health == "/openapi.json"
    assert found.passed_over == ["deploy/docker (rendered by cloudgen)"]


def test_files_that_cannot_be_read_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "deep.py").write_text("(" * 5000)
    (tmp_path / "minus.py").write_text("-" * 100_000 + "1")
    (tmp_path / "requirements.txt").mkdir()
    (tmp_path / "loop.py").symlink_to("loop.py")
    assert detect(tmp_path).app is None
