"""Small applications in the shapes of other people's repositories: their files, and how their specs say to build them.

Each answers at /healthz with the value that only a right build makes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SPEC = """\
version: 1
name: shapes
targets: {{aws: {{region: eu-west-1}}}}
containers:
  web: {{port: 8000, health_check: {{grace_period: 5s, interval: 5s, timeout: 4s}}, build: {build}}}
"""

DJANGO_SETTINGS = """\
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[1]
SECRET_KEY = "tests"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "ledger.urls"
INSTALLED_APPS = ["django.contrib.staticfiles"]
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "collected"
STATICFILES_DIRS = [BASE_DIR / "assets"]
"""

DJANGO_URLS = """\
from django.conf import settings
from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("healthz", lambda request: HttpResponse((settings.STATIC_ROOT / "style.css").read_text()))]
"""

DJANGO_MANAGE = """\
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ledger.settings")

from django.core.management import execute_from_command_line

execute_from_command_line(sys.argv)
"""

DJANGO_WSGI = """\
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ledger.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
"""

STARLETTE = """\
from common import GREETING
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

app = Starlette(routes=[Route("/healthz", lambda request: PlainTextResponse(GREETING))])
"""

FLASK = """\
from importlib.metadata import version
from flask import Flask
{imports}

app = Flask(__name__)
app.add_url_rule("/healthz", "health", lambda: {answer})
"""

LIBRARY = """\
[project]
name = "common"
version = "1"
requires-python = ">=3.12"

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
"""


@dataclass(frozen=True)
class Shape:
    """An application."""

    build: str
    """Section `build` of its container."""
    answer: str
    """What it says at /healthz."""
    files: Mapping[str, str]
    locked: tuple[str, ...] = field(default=())
    """The files that its package manager makes the lock of."""

    def write(self, folder: Path) -> None:
        """Write everything but the lock."""
        for name, text in {**self.files, "cloudgen.yaml": SPEC.format(build=self.build)}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")


SHAPES: Mapping[str, Shape] = {
    "django-nested-requirements": Shape(
        build="{app: 'ledger.wsgi:application', interface: wsgi, workdir: backend, "
        "steps: [[python, manage.py, collectstatic, --noinput]]}",
        answer="collected by the build",
        files={
            "requirements.txt": "-r requirements/production.txt\n",
            "requirements/production.txt": "-r base.txt\n-c ../limits/versions.txt\ngunicorn\n",
            "requirements/base.txt": "django\n",
            "limits/versions.txt": "django>=5\n",
            "backend/manage.py": DJANGO_MANAGE,
            "backend/ledger/__init__.py": "",
            "backend/ledger/settings.py": DJANGO_SETTINGS,
            "backend/ledger/urls.py": DJANGO_URLS,
            "backend/ledger/wsgi.py": DJANGO_WSGI,
            "backend/assets/style.css": "collected by the build",
        },
    ),
    "uv-workspace-member": Shape(
        build="{app: 'orders.main:app', package_manager: uv, member: orders, extras: [server]}",
        answer="from the library",
        files={
            "pyproject.toml": '[tool.uv.workspace]\nmembers = ["services/*"]\n',
            "services/orders/pyproject.toml": (
                '[project]\nname = "orders"\ndynamic = ["version"]\nrequires-python = ">=3.12"\n'
                'dependencies = ["starlette", "common"]\n[project.optional-dependencies]\nserver = ["uvicorn"]\n'
                '[build-system]\nrequires = ["hatchling", "hatch-vcs"]\nbuild-backend = "hatchling.build"\n'
                '[tool.hatch.version]\nsource = "vcs"\n'
                '[tool.uv.sources]\ncommon = {path = "../../libs/common"}\n'
            ),
            "services/orders/orders/__init__.py": "",
            "services/orders/orders/main.py": STARLETTE,
            "libs/common/pyproject.toml": LIBRARY,
            "libs/common/common/__init__.py": 'GREETING = "from the library"\n',
        },
        locked=("pyproject.toml", "services/orders/pyproject.toml", "libs/common/pyproject.toml"),
    ),
    "poetry-group-and-extra": Shape(
        build="{app: 'shop:app', interface: wsgi, package_manager: poetry, groups: [web], extras: [colour]}",
        answer="colour and library",
        files={
            "pyproject.toml": (
                '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.12"\n'
                'dependencies = ["flask", "common"]\n[project.optional-dependencies]\ncolour = ["colorama"]\n'
                "[tool.poetry]\npackage-mode = false\n"
                '[tool.poetry.dependencies]\ncommon = {path = "libs/common"}\n'
                "[tool.poetry.group.web]\noptional = true\n"
                '[tool.poetry.group.web.dependencies]\ngunicorn = "*"\n'
            ),
            "shop.py": FLASK.format(imports="import colorama, common", answer='"colour and " + common.NAME'),
            "libs/common/pyproject.toml": LIBRARY,
            "libs/common/common/__init__.py": 'NAME = "library"\n',
        },
        locked=("pyproject.toml", "libs/common/pyproject.toml", "libs/common/common/__init__.py"),
    ),
    "flask-src-editable": Shape(
        build="{app: 'notes.web:app', interface: wsgi, requirements: [deploy.req]}",
        answer="notes 3",
        files={
            "deploy.req": "-e .[live]\n",
            "pyproject.toml": (
                '[project]\nname = "notes"\nversion = "3"\ndependencies = ["flask"]\n'
                '[project.optional-dependencies]\nlive = ["gunicorn"]\n'
                '[build-system]\nrequires = ["setuptools>=70"]\nbuild-backend = "setuptools.build_meta"\n'
            ),
            "src/notes/__init__.py": "",
            "src/notes/web.py": FLASK.format(imports="", answer='"notes " + version("notes")'),
        },
    ),
    "plain-pyproject": Shape(
        build="{app: 'web:app', interface: wsgi, requirements: [pyproject.toml], extras: [live], python_path: lib}",
        answer="plain",
        files={
            "pyproject.toml": (
                '[project]\nname = "plain"\nversion = "3"\ndependencies = ["flask"]\n'
                '[project.optional-dependencies]\nlive = ["gunicorn"]\n'
            ),
            "lib/web.py": FLASK.format(imports="", answer='"plain"'),
        },
    ),
}
