"""Adds what the files of hosting platforms state: Procfile, render.yaml, fly.toml, heroku.yml, app.yaml, railway."""

from __future__ import annotations

import json
import posixpath
import re
from typing import TYPE_CHECKING, Any

from cloudgen.dataclass import replace
from cloudgen.detect.facts import Fact, line_of, place
from cloudgen.detect.metadata.toml import table, toml
from cloudgen.detect.stated.images import INSTALLERS
from cloudgen.detect.stated.scripts import follow
from cloudgen.detect.stated.shell import commands
from cloudgen.detect.stated.yamls import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cloudgen.detect.stated.process import Process, Role
    from cloudgen.detect.stated.statement import Stated
    from cloudgen.detect.stated.yamls import Yaml
    from cloudgen.detect.tree import Tree

_SCHEDULERS = re.compile(r"beat|clock|cron|sched|timer")


def add(tree: Tree, stated: Stated) -> None:
    """Read the files of every platform."""
    for file in tree.named("Procfile", "Procfile.*"):
        if not re.search(r"dev|local|test", file):
            _procfile(tree, stated, file)
    for name, reader in (("render.y*ml", _render), ("heroku.yml", _heroku), ("app.yaml", _app_engine)):
        for file in tree.named(name):
            if found := read(tree, file):
                reader(tree, stated, found)
    for file in [item for item in tree.files if item in (".do/app.yaml", ".do/deploy.template.yaml")]:
        if found := read(tree, file):
            _digital_ocean(tree, stated, found)
    for file in tree.named("fly.toml"):
        _fly(tree, stated, file)
    for file in tree.named("railway.toml", "railway.json", "nixpacks.toml"):
        _railway(tree, stated, file)


def state(
    tree: Tree,
    stated: Stated,
    text: object,
    evidence: str,
    kind: str,
    name: str = "",
    role: Role | None = None,
    values: Mapping[str, str] | None = None,
    folder: str = "",
    schedule: str | None = None,
) -> list[Process]:
    """Add what a command line starts. `role` is what the file's own words make of it, whatever the program is."""
    if not text:
        return []
    line = " ".join(f"'{word}'" for word in text) if isinstance(text, list) else str(text)
    followed = [*follow(tree, ("sh", "-c", line), evidence, values or {})]
    named = [item for item in followed if item.role == role or (role == "web" and item.role == "web")]
    last = next((item for item in reversed(followed) if item.role == "other" or item.server == "python"), None)
    found = []
    for process in followed:
        meant = role if role and not named and process is last else process.role
        inner = posixpath.normpath(posixpath.join(folder, process.folder)) if process.folder else folder
        found.append(replace(process, role=meant, kind=kind, name=name, folder=inner, schedule=schedule))
    stated.processes += found
    return found


def role_by_name(name: str) -> Role:
    """Return the role that a process's name means, where its program says nothing."""
    if name == "web":
        return "web"
    if name in ("release", "migrate", "migration", "migrations"):
        return "migration"
    return "scheduler" if _SCHEDULERS.search(name) else "worker"


def installs(stated: Stated, text: object, evidence: str) -> None:
    """Add the commands that install packages, and the build steps among others."""
    for command in commands(str(text or "")):
        if command.words[0] in INSTALLERS:
            stated.installs.append(Fact(command.words, evidence))


def _procfile(tree: Tree, stated: Stated, file: str) -> None:
    for number, line in enumerate((tree.text(file) or "").splitlines(), 1):
        name, colon, text = line.partition(":")
        if colon and re.fullmatch(r"[A-Za-z][\w-]*", name.strip()):
            name = name.strip()
            folder = posixpath.dirname(file)
            state(tree, stated, text.strip(), f"{file}:{number}", "procfile", name, role_by_name(name), folder=folder)


def _render(tree: Tree, stated: Stated, found: Yaml) -> None:  # noqa: C901 - one branch a key
    for index, service in enumerate(found.items("services")):
        at = ("services", index)
        kind = str(service.get("type", "")) if isinstance(service, dict) else ""
        if kind in ("redis", "keyvalue"):
            stated.service("redis", found.place(*at, "type"))
        if kind not in ("web", "worker", "pserv", "cron"):
            continue
        name, folder = str(service.get("name", kind)), str(service.get("rootDir") or "").strip("./")
        role: Role = {"web": "web", "pserv": "web", "cron": "scheduler"}.get(kind, "worker")  # type: ignore[assignment]
        for key in ("startCommand", "dockerCommand"):
            state(
                tree,
                stated,
                service.get(key),
                found.place(*at, key),
                "render.yaml",
                name,
                role,
                folder=folder,
                schedule=service.get("schedule") if kind == "cron" else None,
            )
        state(
            tree,
            stated,
            service.get("preDeployCommand"),
            found.place(*at, "preDeployCommand"),
            "render.yaml",
            name,
            "migration",
        )
        installs(stated, service.get("buildCommand"), found.place(*at, "buildCommand"))
        for process in follow(
            tree, ("sh", "-c", str(service.get("buildCommand") or "")), found.place(*at, "buildCommand"), {}
        ):
            if process.role in ("build", "migration"):
                stated.processes.append(replace(process, kind="render.yaml"))
        if service.get("healthCheckPath"):
            stated.health.append(Fact(str(service["healthCheckPath"]), found.place(*at, "healthCheckPath")))
        for number, variable in enumerate(service.get("envVars") or []):
            if isinstance(variable, dict) and variable.get("key") == "PYTHON_VERSION" and variable.get("value"):
                stated.python.append(Fact(str(variable["value"]), found.place(*at, "envVars", number)))
    for index, database in enumerate(found.items("databases")):
        if isinstance(database, dict):
            version = str(database.get("postgresMajorVersion") or "")
            stated.service("postgres", found.place("databases", index), version)


def _heroku(tree: Tree, stated: Stated, found: Yaml) -> None:
    for name, value in found.mapping("run").items():
        text = value.get("command") if isinstance(value, dict) else value
        state(tree, stated, text, found.place("run", name), "heroku.yml", name, role_by_name(name))
    state(
        tree,
        stated,
        found.get("release", "command"),
        found.place("release", "command"),
        "heroku.yml",
        "release",
        "migration",
    )
    for index, addon in enumerate(found.items("setup", "addons")):
        plan = addon.get("plan") if isinstance(addon, dict) else addon
        stated.service(str(plan).partition(":")[0], found.place("setup", "addons", index))


def _app_engine(tree: Tree, stated: Stated, found: Yaml) -> None:
    if "services" in found.mapping():
        _digital_ocean(tree, stated, found)
        return
    folder = posixpath.dirname(found.file)
    state(tree, stated, found.get("entrypoint"), found.place("entrypoint"), "app.yaml", "web", "web", folder=folder)
    if match := re.fullmatch(r"python(\d)(\d+)", str(found.get("runtime") or "")):
        stated.python.append(Fact(f"{match[1]}.{match[2]}", found.place("runtime")))


def _digital_ocean(tree: Tree, stated: Stated, found: Yaml) -> None:
    roles: dict[str, Role] = {"services": "web", "workers": "worker", "jobs": "migration"}
    for section, role in roles.items():
        for index, item in enumerate(found.items(section)):
            if not isinstance(item, dict):
                continue
            at, name = (section, index), str(item.get("name", section))
            state(tree, stated, item.get("run_command"), found.place(*at, "run_command"), "app.yaml", name, role)
            installs(stated, item.get("build_command"), found.place(*at, "build_command"))
            if str(item.get("http_port") or "").isdigit():
                stated.ports.append(Fact(int(item["http_port"]), found.place(*at, "http_port")))
            check = item.get("health_check")
            if isinstance(check, dict) and check.get("http_path"):
                stated.health.append(Fact(str(check["http_path"]), found.place(*at, "health_check", "http_path")))
    for index, database in enumerate(found.items("databases")):
        if isinstance(database, dict):
            stated.service(
                str(database.get("engine", "")), found.place("databases", index), str(database.get("version") or "")
            )


def _fly(tree: Tree, stated: Stated, file: str) -> None:
    text, data = toml(tree, file)
    for name, command in table(data, "processes").items():
        role: Role = "web" if name == "app" else role_by_name(name)
        state(tree, stated, command, place(file, text, str(command)[:30]), "fly.toml", name, role)
    release = table(data, "deploy").get("release_command")
    state(tree, stated, release, place(file, text, "release_command"), "fly.toml", "release", "migration")
    services: list[Any] = data.get("services") if isinstance(data.get("services"), list) else []  # type: ignore[assignment]
    for service in [table(data, "http_service"), *services]:
        if not isinstance(service, dict):
            continue
        if isinstance(service.get("internal_port"), int):
            stated.ports.append(Fact(service["internal_port"], place(file, text, "internal_port")))
        for check in [*(service.get("checks") or []), *(service.get("http_checks") or [])]:
            if isinstance(check, dict) and isinstance(check.get("path"), str):
                stated.health.append(Fact(check["path"], f"{file}:{line_of(text, check['path'])}"))
    for check in table(data, "checks").values():
        if isinstance(check, dict) and isinstance(check.get("path"), str):
            stated.health.append(Fact(check["path"], f"{file}:{line_of(text, check['path'])}"))


def _json(tree: Tree, file: str) -> tuple[str, dict[str, Any]]:
    text = tree.text(file) or ""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        tree.notes.append(f"{file} is no valid JSON, so it was not looked at")
        data = None
    return text, data if isinstance(data, dict) else {}


def _railway(tree: Tree, stated: Stated, file: str) -> None:
    text, data = toml(tree, file) if file.endswith(".toml") else _json(tree, file)
    deploy = table(data, "deploy")
    state(tree, stated, deploy.get("startCommand"), place(file, text, "startCommand"), "railway", "web", "web")
    state(tree, stated, table(data, "start").get("cmd"), place(file, text, "cmd"), "nixpacks", "web", "web")
    state(
        tree,
        stated,
        deploy.get("preDeployCommand"),
        place(file, text, "preDeployCommand"),
        "railway",
        "release",
        "migration",
    )
    if isinstance(deploy.get("healthcheckPath"), str):
        stated.health.append(Fact(deploy["healthcheckPath"], place(file, text, "healthcheckPath")))
