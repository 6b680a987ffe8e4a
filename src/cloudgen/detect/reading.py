"""Reads an application: the choice of what is served, then everything that belongs to it."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from cloudgen.detect import building, commands, processes, surroundings
from cloudgen.detect.application import Application, Finding, OtherApplication
from cloudgen.detect.choose import Choice, Chooser
from cloudgen.detect.code import health, signals
from cloudgen.detect.code.apps import Applications
from cloudgen.detect.code.django import Django
from cloudgen.detect.code.modules import Code
from cloudgen.detect.code.roots import Roots
from cloudgen.detect.code.routers import THE_APP
from cloudgen.detect.code.routes import Routes
from cloudgen.detect.facts import Fact
from cloudgen.detect.metadata import installs
from cloudgen.detect.metadata import project as metadata
from cloudgen.detect.metadata.python import PYTHONS, python_version
from cloudgen.detect.stated.read import read_stated
from cloudgen.detect.tree import Tree, is_decoy
from cloudgen.spec.build import METADATA
from cloudgen.spec.types import UrlPath

if TYPE_CHECKING:
    from pathlib import Path

    from cloudgen.detect.code.routers import Route
    from cloudgen.detect.metadata.project import Project
    from cloudgen.detect.stated.statement import Stated

_URL_PATH: TypeAdapter[str] = TypeAdapter(UrlPath)
_APP = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*(\(\))?", re.ASCII)


class Reader:
    """Everything that was read of a folder, for the steps that look at it."""

    def __init__(self, folder: Path) -> None:
        self.tree = Tree(folder)
        self.code = Code(self.tree)
        self.stated: Stated = read_stated(self.tree)
        self.roots = Roots(self.code)
        self.django = Django(self.code)
        self.applications = Applications(self.code)
        self.chooser = Chooser(self.code, self.roots, self.applications)
        self.routes = Routes(self.code)
        self.chosen = installs.chosen(self.stated.installs)
        self.choice: Choice | None = None
        self.project: Project = metadata.Project("")


def read_application(folder: Path) -> Application:
    """Read the application in a folder."""
    reader = Reader(folder)
    choices = _choices(reader)
    reader.choice = choices[0] if choices else None
    file = reader.choice.file if reader.choice else None
    project_folder = metadata.find_folder(reader.tree, file, reader.chosen.requirements)
    reader.project = metadata.read_project(reader.tree, project_folder, reader.chosen)
    name = metadata.project_name(reader.tree, project_folder)
    application = Application(name.value)
    application.note("name", name)
    _add_python(application, reader)
    _add_packages(application, reader)
    _add_app(application, reader, choices)
    surroundings.add_place(application, reader)
    surroundings.add_what_is_outside(application, reader)
    surroundings.add_server(application, reader)
    _add_port(application, reader)
    _add_health(application, reader)
    surroundings.add_storage(application, reader)
    processes.add_background(application, reader)
    commands.add_advice(application)
    building.add_build(application, reader)
    building.add_dockerfiles(application, reader)
    application.advice += [*reader.project.notes, *reader.chooser.notes, *dict.fromkeys(reader.tree.notes)]
    application.passed_over = reader.tree.passed_over
    application.folder = folder
    return application


def _choices(reader: Reader) -> list[Choice]:
    stated = reader.chooser.stated(reader.stated.processes)
    packages = " ".join(
        reader.tree.text(file) or "" for file in reader.tree.named("requirements*.txt", "pyproject.toml", "Pipfile")
    )
    prefers_asgi = bool(reader.django.setting("ASGI_APPLICATION")) and bool(re.search(r"\bchannels|\bdaphne", packages))
    mounted = {item.child for router in reader.routes.routers.values() for item in router.included}
    suggested = reader.chooser.by_code(prefers_asgi=prefers_asgi, mounted=mounted)
    known = [choice for choice in stated if choice.file]
    unknown = [choice for choice in stated if not choice.file]
    real = [choice for choice in suggested if choice.file and not is_decoy(choice.file)]
    if known:
        return [*known, *unknown, *real]
    return [*real, *unknown]


def _add_python(application: Application, reader: Reader) -> None:
    found = python_version(reader.tree, reader.project.folders, reader.stated.python)
    if found is None:
        return
    if found.version:
        application.python = found.version
        application.note("Python", Fact(found.version, found.evidence))
    elif found.unsupported:
        application.oldest_python = not re.search(r"3\.(1[0-9]|[2-9]\d)", found.unsupported)
        limit = f"{PYTHONS[0]} is the oldest" if application.oldest_python else f"{PYTHONS[-1]} is the newest"
        application.advice.append(f"{found.evidence} asks for Python {found.unsupported}: {limit} that cloudgen builds")


def _add_packages(application: Application, reader: Reader) -> None:
    project = reader.project
    if project.manager is None:
        application.advice.append(
            "no uv.lock, poetry.lock, Pipfile.lock or requirements.txt was found: the image needs one of them"
        )
    else:
        application.package_manager = project.manager.value
        application.note("package manager", project.manager)
    if project.unlocked:
        where = project.manager.evidence if project.manager else ""
        application.advice.append(
            f"there is no lock beside {where.rpartition(':')[0]}: run `{project.unlocked}`, "
            "so that every build installs the same"
        )
    application.requirements = project.requirement_files if application.package_manager == "pip" else []
    if project.manager and application.package_manager == "pip" and not application.requirements:
        file = project.manager.evidence.rpartition(":")[0]
        application.metadata = file if file.endswith(METADATA) else None
    if len(application.requirements) > 1 or application.requirements[:1] not in (
        [],
        [posixpath.join(project.folder, "requirements.txt")],
    ):
        application.findings.append(
            Finding("requirement files", ", ".join(application.requirements), f"{application.requirements[0]}:1")
        )
    for what, listed, chosen in (
        ("extra", application.extras, project.extras),
        ("group", application.groups, project.groups),
    ):
        for name, where in chosen.items():
            listed.append(name)
            application.findings.append(Finding(what, name, where))
    if project.member:
        application.member = project.member.value
        application.note("workspace member", project.member)


def _add_app(application: Application, reader: Reader, choices: list[Choice]) -> None:
    choice = reader.choice
    application.interfaces = {item.app: item.interface for item in reversed(choices)}
    if choice is None or not _APP.fullmatch(choice.app):
        process = choice.process if choice else reader.chooser.without_application(reader.stated.processes)
        if process is not None:
            application.command = process.command
            application.findings.append(Finding("command", " ".join(process.command), process.evidence))
        else:
            _tell_missing(application, reader, choice)
    else:
        application.app, application.interface = choice.app, choice.interface
        application.findings.append(Finding("app", f"{choice.app} ({choice.interface})", choice.evidence))
        if choice.file is None:
            application.advice.append(f"{choice.evidence} runs {choice.app}, whose module was not found in this folder")
    seen = {choice.entry.made_at, choice.app} if choice and choice.entry else {choice.app if choice else None}
    package = choice.app.partition(":")[0].rpartition(".")[0] if choice else ""
    mounted = {item.child for router in reader.routes.routers.values() for item in router.included}
    for other in choices[1:]:
        made = other.entry.made_at if other.entry else other.app
        parent, _, last = other.app.partition(":")[0].rpartition(".")
        is_half = parent == package and last in ("asgi", "wsgi")
        is_part = other.entry is not None and (other.entry.file, other.entry.name) in mounted
        if (
            made in seen
            or other.app in seen
            or is_half
            or is_part
            or (other.entry and other.entry.is_factory)
            or other.file is None
        ):
            continue
        seen |= {made, other.app}
        application.others.append(_other(reader, other))
        application.findings.append(Finding("other app", f"{other.app} ({other.interface}), not used", other.evidence))


def _other(reader: Reader, choice: Choice) -> OtherApplication:
    """Find where another application of the repository is built."""
    folder = metadata.find_folder(reader.tree, choice.file, reader.chosen.requirements)
    manager = metadata.read_project(reader.tree, folder, reader.chosen).manager
    context = posixpath.commonpath([f"/{folder}", f"/{choice.root}"]).strip("/") or "."
    return OtherApplication(choice.app, choice.interface, context, manager.value if manager else None, choice.evidence)


def _tell_missing(application: Application, reader: Reader, choice: Choice | None) -> None:
    if choice is not None:
        application.interface = choice.interface
        application.advice.append(
            f"{choice.evidence} runs {choice.app}, which build.app cannot say: set build.app to a module:object or "
            "module:factory(), such as a wsgi.py that makes the call"
        )
        return
    for framework, where in reader.applications.own_servers()[:1]:
        application.advice.append(
            f"{where} uses {framework}, which serves itself: remove build.app, "
            "and set the container's command to what starts it"
        )
        return
    objects, _ = reader.chooser.found
    where = f" (of tests and examples only: {objects[0].evidence})" if objects else ""
    application.advice.append(f"no ASGI or WSGI application was found{where}: set build.app to yours, module:object")


def _add_port(application: Application, reader: Reader) -> None:
    choice = reader.choice
    process = choice.process if choice else None
    if process and process.port:
        port: Fact[int] | None = Fact(process.port, process.evidence)
    else:
        served = [item for item in reader.stated.processes if item.role == "web" and item.port]
        stated = [item for item in reader.stated.ports if not re.search(r"compose|local\.yml", item.evidence)]
        listed = [*stated, *(Fact(item.port or 0, item.evidence) for item in served), *reader.stated.ports]
        port = listed[0] if listed else signals.port(reader.code)
    if port:
        application.port = port.value
        application.note("port", port)


def _add_health(application: Application, reader: Reader) -> None:
    found = next(iter(reader.stated.health), None)
    routes = _routes(reader)
    if found is None:
        found = health.choose(routes) or reader.django.middleware_path(health.WORDS)
    if found is None and reader.choice and reader.choice.file:
        found = health.of_wrapper(reader.code, reader.code.module(reader.choice.file))
    if found is None:
        found = health.of_dockerflow(reader.code)
    what = "health check"
    if found is None:
        found = health.home(routes) or health.of_dash(reader.code)
        what = "health check (no route for it, but this answers)"
    if found is None and reader.choice and reader.choice.entry:
        file, _, line = reader.choice.entry.made_at.rpartition(":")
        found = health.of_framework(
            reader.code,
            reader.code.module(file) if file.endswith(".py") else None,
            int(line) if line.isdigit() else 0,
        )
    if found is None:
        application.advice.append(
            "no path was found that answers 200 without a login: set health_check.path to one that does"
        )
        return
    path = re.sub(r"[?#].*", "", found.value)
    try:
        _URL_PATH.validate_python(path)
    except ValidationError:
        application.advice.append(
            f"{found.evidence} names {path}, which is no path: set health_check.path to one that answers 200"
        )
        return
    application.health = path
    application.findings.append(Finding(what, path, found.evidence))


def _routes(reader: Reader) -> list[Route]:
    """Return the routes of the application, by all names that it goes by, and of what Django mounts."""
    roots = {THE_APP}
    entry = reader.choice.entry if reader.choice else None
    if entry:
        roots.add((entry.file, entry.name))
    for made_at in [entry.made_at] if entry else [where for _, where in reader.applications.own_servers()]:
        file, _, line = made_at.rpartition(":")
        module = reader.code.module(file) if file.endswith(".py") else None
        if module and line.isdigit():
            roots |= {(file, name) for name in module.names_at(int(line))}
    found = reader.routes.of(roots)
    if found and not reader.django.manage:
        return found
    found += reader.django.routes()
    return [*found, *(route for prefix, key in reader.django.mounted for route in reader.routes.of({key}, prefix))]
