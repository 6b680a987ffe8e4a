"""What belongs to the application that was chosen: where it stands, its server, storage, workers, build and images."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from cloudgen.detect.application import Application, Finding
from cloudgen.detect.code import signals
from cloudgen.detect.facts import Fact
from cloudgen.detect.metadata import needs
from cloudgen.detect.stated.statement import UNSUPPORTED

if TYPE_CHECKING:
    from cloudgen.detect.reading import Reader


def add_place(application: Application, reader: Reader) -> None:
    """Find the folder to build, and the one within it that modules are imported from."""
    project, choice = reader.project, reader.choice
    folders = [project.folder]
    if project.manager:
        folders.append(posixpath.dirname(project.manager.evidence.partition(",")[0].rpartition(":")[0]))
    folders += [posixpath.dirname(file).removesuffix("requirements").rstrip("/") for file in application.requirements]
    if choice and choice.file:
        folders.append(choice.root)
    context = posixpath.commonpath([f"/{folder}" for folder in folders]).strip("/")
    application.context = context or "."
    if context:
        application.findings.append(
            Finding("folder to build", context, project.manager.evidence if project.manager else f"{context}:1")
        )
    if choice is None or choice.file is None:
        return
    root = posixpath.relpath(choice.root or ".", context or ".")
    if root not in (".", "src"):
        application.python_path = root
        application.findings.append(Finding("import root", root, choice.evidence))
    starts = reader.django.manage or next(iter(reader.tree.named("alembic.ini")), None)
    if starts and (folder := posixpath.dirname(starts)) and folder != context:
        inner = posixpath.relpath(folder, context or ".")
        if not inner.startswith(".."):
            application.workdir = inner
            application.findings.append(Finding("folder of commands", inner, f"{starts}:1"))


def add_what_is_outside(application: Application, reader: Reader) -> None:
    """Tell what the image that is rendered would lack: packages that no list has, projects beside the context."""
    beside = reader.project.beside
    if beside and application.package_manager is not None:
        listed = ", ".join(sorted(beside))
        where = next(iter(beside.values())).evidence
        place = (application.requirements or [f"what {application.package_manager} installs"])[0]
        application.advice.append(f"{where} installs {listed} by name: add that to {place}, or the image lacks it")
    file = posixpath.join(reader.project.folder, "pyproject.toml")
    for number, line in enumerate((reader.tree.text(file) or "").splitlines(), 1):
        for path in re.findall(r"""\bpath\s*=\s*["'](\.\./[^"']+)["']""", line):
            target = posixpath.normpath(posixpath.join(reader.project.folder, path))
            context = "" if application.context == "." else f"{application.context}/"
            if not f"{target}/".startswith(context):
                application.advice.append(
                    f"{file}:{number} installs {path}, which lies outside of {application.context}, the folder that is "
                    "built: write a Dockerfile of your own whose context holds both (build.dockerfile, build.context)"
                )


def add_server(application: Application, reader: Reader) -> None:
    """Say at once if the server that the image would start is not among the packages."""
    packages, process = reader.project.packages, reader.choice.process if reader.choice else None
    stated = process.server if process and process.server not in ("python", "runserver") else None
    if stated and process and process.kind != "makefile":
        application.server = stated
        application.findings.append(Finding("server", stated, process.evidence))
    if application.app is None or not packages or application.package_manager in ("conda", None):
        return
    wanted = "uvicorn" if application.interface == "asgi" else "gunicorn"
    fastapi = packages.get("fastapi") or packages.get("fastapi-slim")
    brought = wanted == "uvicorn" and (
        (fastapi is not None and {"standard", "all"} & fastapi.extras)
        or (packages.get("litestar") is not None and "standard" in packages["litestar"].extras)
        or {"uvicorn-worker", "sanic-uvicorn", "fastapi-cli"} & set(packages)
    )
    if wanted in packages or brought:
        return
    application.server_is_missing = True
    has = next(
        (
            name
            for name in ("granian", "hypercorn", "daphne", "uwsgi", "waitress", "gunicorn", "uvicorn")
            if name in packages
        ),
        None,
    )
    add = {"uv": "uv add", "poetry": "poetry add", "pdm": "pdm add", "pipenv": "pipenv install"}.get(
        application.package_manager or "", ""
    )
    remedy = (
        f"run `{add} {wanted}`" if add else f"add {wanted} to {(application.requirements or ['the requirements'])[0]}"
    )
    other = (
        f", or set the container's command to what starts {has}, which is there ({packages[has].evidence})"
        if has
        else ""
    )
    if reader.project.optional.get(wanted):
        found = reader.project.optional[wanted]
        remedy = (
            f"it stands in {(found.group or '').replace(':', ' ')} ({found.evidence}), which is not installed; {remedy}"
        )
    application.advice.append(
        f"{wanted} is not among the packages, and build.interface {application.interface} needs it: {remedy}{other}"
    )


def add_storage(application: Application, reader: Reader) -> None:  # noqa: C901 - one branch a kind
    """Find databases, caches and buckets: by packages, by the services of compose files and platforms."""
    found = needs.needs({**reader.project.beside, **reader.project.packages})
    meanings = dict(found.found)
    services = reader.stated.services
    engines = [engine for engine in ("postgres", "mysql") if engine in meanings] or [
        engine for engine in ("postgres", "mysql") if engine in services
    ]
    if engines:
        engine: str = next((item for item in engines if item in services), engines[0])
        application.database = engine
        application.note("database", meanings.get(engine) or services[engine], engine)
        if (version := reader.stated.versions.get(engine)) and engine in services:
            application.database_version = version.value
            application.findings.append(Finding("database version", version.value, version.evidence))
        if others := [item for item in engines if item != engine]:
            application.advice.append(
                f"there is a driver of {others[0]}, too ({meanings[others[0]].evidence}): {engine} was taken"
            )
    if cache := meanings.get("cache") or services.get("redis"):
        application.cache = True
        application.note("cache", cache, "yes")
    bucket = meanings.get("bucket") or services.get("bucket") or signals.object_store(reader.code)
    if (
        bucket is None
        and "django-storages" in reader.project.packages
        and {"boto3", "google-cloud-storage"} & set(reader.project.packages)
    ):
        bucket = Fact("django-storages", reader.project.packages["django-storages"].evidence)
    if bucket is None and (storages := reader.project.packages.get("django-storages")):
        bucket = Fact("django-storages", storages.evidence)
    if bucket:
        application.bucket = True
        application.note("bucket", bucket, "yes")
    for engine in UNSUPPORTED:
        if engine in services:
            application.findings.append(Finding("service", engine, services[engine].evidence))
            application.advice.append(
                f"{services[engine].evidence} starts {engine}, which a spec has no word for: "
                "bring your own, and set its address under environment"
            )
    _add_debian(application, reader, found.debian)
    if sockets := signals.web_sockets(reader.code):
        application.web_sockets = True
        application.note("WebSockets", sockets, "yes")
        _tell_sockets(application, reader, sockets)


def _tell_sockets(application: Application, reader: Reader, sockets: Fact[str]) -> None:
    packages = reader.project.packages
    uvicorn = packages.get("uvicorn")
    fastapi = packages.get("fastapi")
    has = (
        {"websockets", "wsproto"} & set(packages)
        or (uvicorn and "standard" in uvicorn.extras)
        or (fastapi and {"standard", "all"} & fastapi.extras)
    )
    if application.interface == "asgi" and uvicorn and not has:
        application.advice.append(
            f"{sockets.evidence} serves WebSockets, but uvicorn answers them with 404 without `websockets`: "
            f"ask for uvicorn[standard] ({uvicorn.evidence})"
        )


def _add_debian(application: Application, reader: Reader, linked: list[Fact[str]]) -> None:
    stated = needs.run_time(reader.stated.debian)
    for fact in {item.value: item for item in [*stated, *linked]}.values():
        application.libraries.append(fact.value)
        application.note("Debian package", fact)
    for package in reader.project.packages.values():
        if "git+" in package.text:
            application.build_libraries.append("git")
            application.findings.append(Finding("Debian package for the build", "git", package.evidence))
            break
    for fact in needs.build_time(reader.stated.debian_build):
        if fact.value not in application.build_libraries:
            application.build_libraries.append(fact.value)
            application.note("Debian package for the build", fact)
