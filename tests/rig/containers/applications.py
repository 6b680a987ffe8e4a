"""The smallest application that fits a container of a spec: what a golden case's Dockerfile is built with.

All of it follows from the spec: the framework from the entry point's name and interface, the modules from the entry
point or the command, the route from the health check, the packages from the package manager and the Debian packages.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from cloudgen.spec.build import Build, FrontEnd
from cloudgen.spec.containers import Container

LOCKS = Path(__file__).parent / "locks"

DJANGO = """\
import django
from django.conf import settings
from django.core.{interface} import get_{interface}_application
from django.http import HttpResponse
from django.urls import path

settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="tests")
urlpatterns = [path("{health}"[1:], lambda request: HttpResponse("Django " + django.__version__))]
{name} = get_{interface}_application()
"""

FLASK = """\
from importlib.metadata import version
from flask import Flask

{name} = Flask(__name__)
{name}.add_url_rule("{health}", "health", lambda: "Flask " + version("flask"))
"""

FLASK_FACTORY = """\
from importlib.metadata import version
from flask import Flask


def {name}():
    made = Flask(__name__)
    made.add_url_rule("{health}", "health", lambda: "Flask " + version("flask"))
    return made
"""

FASTAPI = """\
import fastapi

{name} = fastapi.FastAPI()


@{name}.get("{health}")
def health():
    return "FastAPI " + fastapi.__version__
"""

EVENTS = """\
import json
import os

import fastapi

{name} = fastapi.FastAPI()
failed = set()


@{name}.post("/events")
async def take(request: fastapi.Request):
    told = await request.json()
    print("told", json.dumps(told), request.headers["content-type"], flush=True)
    print("secrets", sorted(name for name in os.environ if name.endswith("_TOKEN") and "AWS" not in name), flush=True)
    text = json.dumps(told)
    fails = "poison" in text or ("hiccup" in text and told["id"] not in failed)
    failed.add(told["id"])
    return fastapi.Response(status_code=500 if fails else 204)
"""

WORKER = """\
import time

print("waiting for work")
while True:
    time.sleep(60)
"""

JOB = 'print("work is done")\n'

LINKED = {"libpq5": "import psycopg2\n", "libmariadb3": "import MySQLdb\n"}
"""What shows that a package was compiled against a Debian library, and finds it."""


def framework(build: Build) -> str:
    """Name the framework that an entry point is typical of: Django makes `wsgi` and `asgi` modules by itself."""
    if build.app.endswith((".wsgi:application", ".asgi:application")):
        return "Django"
    return "Flask" if build.interface == "wsgi" else "FastAPI"


def write_application(container: Container, context: Path) -> None:
    """Write the application into a folder that a build starts from. Raises `ValueError` for what is not thought of."""
    build = container.build_or_default
    if build is None:
        raise ValueError("the container brings its own image")
    _copy_lock(build, context)
    linked = "".join(LINKED[package] for package in build.packages)
    if container.command is None:
        module, _, name = build.app.partition(":")
        called = name.removesuffix("()")
        source = (
            EVENTS.format(name=called)
            if container.port is None
            else _service(build, called, container.health_check.path)
        )
        _write_module(module, linked + source, build.package_manager, context)
    else:
        write_command(container, build.package_manager, context, linked)
    if build.front_end:
        _write_front_end(build.front_end, context)


def write_command(container: Container, package_manager: str, context: Path, before: str = "") -> None:
    """Write the module that a worker's or job's command runs. Raises `ValueError` for a command not thought of."""
    source = JOB if container.kind == "job" else WORKER
    _write_module(_module(container.command or []), before + source, package_manager, context)


def _write_module(module: str, source: str, package_manager: str, context: Path) -> None:
    # Both places where modules are found.
    folder = context / "src" if package_manager == "uv" else context
    path = folder.joinpath(*module.split(".")).with_suffix(".py")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")
    if path.parent != folder:
        (path.parent / "__init__.py").touch()


def _write_front_end(wanted: FrontEnd, context: Path) -> None:
    """Write one whose build fails unless it has what belongs to it."""
    if wanted.package_manager != "npm":
        raise ValueError(f"no front end of {wanted.package_manager} is thought of")
    folder = context / wanted.folder
    folder.mkdir(parents=True, exist_ok=True)
    package = {"name": "ui", "version": "1.0.0", "scripts": {wanted.script: "node build.js"}}
    lock = {
        "name": "ui",
        "version": "1.0.0",
        "lockfileVersion": 3,
        "packages": {"": {"name": "ui", "version": "1.0.0"}},
    }
    (folder / "package.json").write_text(json.dumps(package), encoding="utf-8")
    (folder / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    (folder / "build.js").write_text('require("fs").writeFileSync("built.js", "1");\n', encoding="utf-8")


def _service(build: Build, name: str, health: str) -> str:
    kind = framework(build)
    if build.app.endswith("()") and kind != "Flask":
        raise ValueError(f"no factory of {kind} is thought of")
    template = {"Django": DJANGO, "Flask": FLASK, "FastAPI": FASTAPI}[kind]
    if build.app.endswith("()"):
        template = FLASK_FACTORY
    return template.format(name=name, health=health, interface=build.interface)


def _module(command: list[str]) -> str:
    if command[:2] != ["python", "-m"] or len(command) != 3:
        raise ValueError(f"a command is `python -m MODULE` here, not {command}")
    return command[2]


def _copy_lock(build: Build, context: Path) -> None:
    lock = LOCKS / "+".join([build.package_manager, *build.packages])
    if not lock.is_dir():
        raise ValueError(f"which packages? tests/rig/containers/locks/README.md tells what {lock.name} is to hold")
    shutil.copytree(lock, context, dirs_exist_ok=True)
