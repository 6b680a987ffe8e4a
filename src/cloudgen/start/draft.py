"""Decides what stands in a first spec: what the user said, else what was found; what nobody knows stays open."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any, get_args

from cloudgen.detect.metadata.python import DEFAULT_PYTHON, PYTHONS
from cloudgen.spec.build import METADATA, Build, FrontEnd
from cloudgen.spec.containers import Container
from cloudgen.spec.storage import VERSIONS
from cloudgen.start.arguments import arguments
from cloudgen.start.items import Block, Item
from cloudgen.start.shell import runnable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import BaseModel

    from cloudgen.detect.application import Application, Background, OtherApplication, OwnDockerfile
    from cloudgen.start.answers import Answers

DEFAULT_AWS_REGION = "eu-west-1"
DEFAULT_GCP_REGION = "europe-west1"
DEFAULT_PORT = 8000
LOWEST_PORT = 1024
"""Of a process that does not run as root: ip_unprivileged_port_start of Linux."""
FRONT_END_MANAGERS: tuple[str, ...] = get_args(FrontEnd.model_fields["package_manager"].annotation)
MANAGERS: tuple[str, ...] = get_args(Build.model_fields["package_manager"].annotation)
"""Package managers that a spec can say."""
NO_KEY = "no key of the spec yet"


def draft(application: Application, answers: Answers, own: OwnDockerfile | None) -> Block:
    """Return the sections of a first spec. `own` is the Dockerfile of the repository to use, if it shall be."""
    database = answers.database or application.database or "none"
    bucket = application.bucket if answers.bucket is None else answers.bucket
    wanted = (("db", database != "none"), ("cache", application.cache), ("files", bucket))
    stored = [name for name, is_wanted in wanted if is_wanted]
    sections = Block(
        version=Item(1),
        name=Item(answers.name or application.name, "every resource name begins with it"),
        environment=Item(answers.environment, "development, staging or production: fills in what is left out"),
        targets=Item(targets(answers)),
        containers=Item(_containers(application, answers, own, stored)),
        load_balancer=load_balancer(answers),
    )
    if stored:
        sections["storage"] = Item(_storage(application, database, stored))
    return sections


def targets(answers: Answers) -> Block:
    """Return where to run."""
    aws = {"region": answers.aws_region or DEFAULT_AWS_REGION}
    note = "" if answers.aws_account else 'account: "111122223333" makes terraform refuse any other account'
    if answers.aws_account:
        aws["account"] = answers.aws_account
    gcp = {"region": answers.gcp_region or DEFAULT_GCP_REGION, "project": answers.gcp_project or "my-project"}
    return Block(aws=Item(aws, note), gcp=Item(gcp, is_known=answers.gcp_project is not None))


def load_balancer(answers: Answers) -> Item:
    """Return the entrance."""
    if answers.domain:
        return Item(Block(domain=Item(answers.domain)))
    without = "without a domain: plain HTTP on the load balancer's own name"
    return Item(Block(domain=Item("shop.example.com", is_known=False)), without)


def _containers(application: Application, answers: Answers, own: OwnDockerfile | None, stored: list[str]) -> Block:
    image = _own_image(own) if own else _build(application, answers)
    web = Block(image)
    if application.command and not answers.app and own is None:
        web["command"] = Item(runnable(application.command), "serves by itself, on the port below")
    web["port"] = _port(application, answers, own)
    health = answers.health or application.health
    path = Item(health, "answers 200 when the application works" if health else "not found: a path that answers 200")
    web["health_check"] = Item(Block(path=path))
    if application.migration:
        release = runnable(application.migration)
        web["release"] = _field(Container, "release", release, "run it before a new version serves")
    web["size"] = Item("small", "0.5 vCPU, 1Gi")
    if stored:
        web["connects_to"] = Item(stored, "network rule, permission and environment variables")
    web["environment"] = Item({"LOG_LEVEL": "info"}, is_known=False)
    web["scaling"] = Item({"min": 2, "max": 10}, is_known=False)
    containers = Block(web=Item(web))
    for worker in application.workers:
        containers[worker.name] = Item(_worker(worker, image, stored))
    for other in application.others:
        if other.app != answers.app:
            name = free_name(other.app if other.context == "." else posixpath.basename(other.context), containers)
            containers[name] = Item(
                _other_container(other),
                f"also here ({other.evidence}): a container of its own, with a route under load_balancer",
                is_known=False,
            )
    return containers


def _other_container(other: OtherApplication) -> dict[str, Any]:
    manager = {"package_manager": other.package_manager} if other.package_manager in MANAGERS else {}
    build = {"context": other.context, **manager, "app": other.app, "interface": other.interface}
    return {"build": build, "port": DEFAULT_PORT}


def free_name(text: str, taken: Iterable[str]) -> str:
    """Return a text as a name of the spec that nothing has yet."""
    plain = re.sub(r"[^a-z0-9]+", "-", text.partition(":")[0].lower()).strip("-").lstrip("0123456789-")[:20].strip("-")
    name, number = plain or "web", 2
    while name in taken:
        name, number = f"{plain or 'web'}-{number}", number + 1
    return name


def _port(application: Application, answers: Answers, own: OwnDockerfile | None) -> Item:
    """A server that cloudgen starts listens wherever it is told to; user 10001 may not below 1024."""
    port = answers.port or (own.port if own else None) or application.port
    if port is None:
        return Item(DEFAULT_PORT, "not stated: the server gets it from here")
    if port < LOWEST_PORT and not answers.port and own is None and application.command is None:
        return Item(DEFAULT_PORT, f"{port} is stated, but ports below {LOWEST_PORT} are for root")
    return Item(port)


def _field(model: type[BaseModel], name: str, value: Any, comment: str = "") -> Item:
    """Return a finding under its key, as a comment where the spec does not have that key."""
    is_known = name in model.model_fields
    return Item(value, comment if is_known else (f"{comment}; {NO_KEY}" if comment else NO_KEY), is_known)


def _build(application: Application, answers: Answers) -> Block:
    other = next((other for other in application.others if other.app == answers.app), None)
    manager = answers.package_manager or (other.package_manager if other else application.package_manager)
    oldest = PYTHONS[0] if application.oldest_python else DEFAULT_PYTHON
    build = Block(
        context=Item(other.context if other else application.context),
        python=Item(answers.python or application.python or oldest),
        package_manager=_manager(manager),
    )
    if answers.app or not application.command:
        app = answers.app or application.app
        build["app"] = Item(app, "" if app else "not found: module:object")
        interface = answers.interface or application.interfaces.get(app or "", application.interface)
        build["interface"] = Item(interface, "asgi runs on uvicorn, wsgi on gunicorn")
    if application.libraries:
        build["packages"] = Item(application.libraries, "Debian packages needed at run time")
    requirements = _other_requirements(application) if manager == "pip" else None
    # What else was found. A line here is all that a new key of `build` needs.
    found = (
        ("python_path", application.python_path, "modules are imported from here"),
        ("workdir", application.workdir, "commands start here"),
        ("requirements", requirements, "read instead of requirements.txt"),
        ("extras", application.extras if _takes_extras(manager, requirements) else None, ""),
        ("groups", application.groups, ""),
        ("member", application.member if manager == "uv" else None, "of the workspace"),
        ("build_packages", application.build_libraries, "Debian packages needed while building only"),
        ("steps", [list(step) for step in application.build_steps], "after the packages are installed"),
    )
    for name, value, comment in found:
        if value:
            build[name] = _field(Build, name, value, comment)
    if application.front_end:
        build["front_end"] = _front_end(application)
    return Block(build=Item(build, "cloudgen writes the Dockerfile; `dockerfile:` or `image:` take its place"))


def _other_requirements(application: Application) -> list[str] | None:
    first = next(iter(application.requirements), application.metadata)
    if first is None:
        return None
    inside = posixpath.relpath(first, application.context)
    return None if inside == "requirements.txt" or inside.startswith("../") else [inside]


def _takes_extras(manager: str | None, requirements: list[str] | None) -> bool:
    """Tell whether extras are named beside the files: those of `-e .[live]` stand in a requirements file already."""
    return manager in {"uv", "poetry"} or (requirements or [""])[0].endswith(METADATA)


def _manager(manager: str | None) -> Item:
    if manager in MANAGERS:
        return Item(manager)
    if manager is None:
        return Item(None, f"not found: {', '.join(MANAGERS)}")
    return Item(None, f"{manager} is not offered: {', '.join(MANAGERS)}, or a Dockerfile of your own")


def _front_end(application: Application) -> Item:
    """Return how the front end is built; a comment where no package.json with a script `build` was found."""
    inside = posixpath.relpath(application.front_end or ".", application.context)
    manager = application.front_end_manager
    is_known = manager in FRONT_END_MANAGERS and not inside.startswith("..")
    stated = {"package_manager": manager} if manager in FRONT_END_MANAGERS and manager != "npm" else {}
    return Item({"folder": inside, **stated}, "built by Node.js: its script `build`", is_known)


def own_image(file: str, context: str = ".", target: str | None = None, args: Mapping[str, Any] | None = None) -> Block:
    """Return the keys of a container that is built by a Dockerfile of its own."""
    told = "a Dockerfile of the repository"
    further = {"context": context if context != "." else None, "target": target, "args": dict(args or {}) or None}
    stated = {key: Item(value) for key, value in further.items() if value}
    if not stated:
        return Block(dockerfile=Item(file, told))
    return Block(build=Item(Block({"dockerfile": Item(file, told), **stated})))


def _own_image(own: OwnDockerfile) -> Block:
    image = own_image(own.file, own.context, own.target, arguments(own.arguments))
    if own.user and own.user.isdigit() and own.user != "0":
        image["user"] = Item(int(own.user), "as the Dockerfile says")
    return image


def _worker(worker: Background, image: Block, stored: list[str]) -> Block:
    entry = Block(image)
    entry["command"] = Item(runnable(worker.command))
    if worker.schedule:
        entry["schedule"] = Item({"cron": worker.schedule})
    if stored:
        entry["connects_to"] = Item(stored)
    if worker.is_single:
        entry["replicas"] = _field(Container, "replicas", "exactly_one", "two of them would do everything twice")
        if not entry["replicas"].is_known:
            entry["scaling"] = Item({"min": 1, "max": 1})
    return entry


def _storage(application: Application, database: str, stored: list[str]) -> Block:
    engine: dict[str, Any] = {"engine": database, "size": "small"}
    version, note = application.database_version, ""
    if version and database == application.database:
        if version in VERSIONS[database]:
            engine["version"] = version
        else:
            note = f"{version} is stated; offered are {', '.join(VERSIONS[database])}"
    entries = {
        "db": ("databases", Block(db=Item(engine, note))),
        "cache": ("caches", Block(cache=Item({"engine": "valkey", "size": "small"}))),
        "files": ("buckets", Block(files=Item({"versioning": True}))),
    }
    return Block({entries[name][0]: Item(entries[name][1]) for name in stored})
