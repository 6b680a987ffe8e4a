"""What belongs to the application that was chosen: where it stands, its server, storage, workers, build and images."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from cloudgen.detect.application import Application, Background, Finding, OwnDockerfile
from cloudgen.detect.code import signals
from cloudgen.detect.code.background import background
from cloudgen.detect.facts import Fact, place
from cloudgen.detect.frontend import front_end
from cloudgen.detect.metadata import needs
from cloudgen.detect.metadata.toml import table, toml
from cloudgen.detect.stated import images
from cloudgen.detect.stated.dockerfile import rank
from cloudgen.detect.stated.statement import UNSUPPORTED

if TYPE_CHECKING:
    from cloudgen.detect.reading import Reader
    from cloudgen.detect.stated.process import Process


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


def add_storage(application: Application, reader: Reader) -> None:
    """Find databases, caches and buckets: by packages, by the services of compose files and platforms."""
    found = needs.needs(reader.project.packages)
    meanings = dict(found.found)
    services = reader.stated.services
    engines = [engine for engine in ("postgres", "mysql") if engine in meanings] or [
        engine for engine in ("postgres", "mysql") if engine in services
    ]
    if engines:
        engine = next((item for item in engines if item in services), engines[0])
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
                f"{services[engine].evidence} starts {engine}, which a spec has no word for: bring your own, and set its address under environment"
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
            f"{sockets.evidence} serves WebSockets, but uvicorn answers them with 404 without `websockets`: ask for uvicorn[standard] ({uvicorn.evidence})"
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


def add_background(application: Application, reader: Reader) -> None:
    """Find workers, schedulers and the migration command: those that are stated, else those that the code is made for."""
    processes = [item for item in reader.stated.processes if item.kind != "makefile"]
    seen: set[tuple[str, ...]] = set()
    for process in processes:
        key = _essence(process)
        if (
            process.role not in ("worker", "scheduler")
            or key in seen
            or process.is_for_developers
            or _is_ours_no_more(process)
        ):
            continue
        seen.add(key)
        role = "job" if process.schedule else process.role
        _remember(
            application,
            Background(
                _name(application, process.name, process.role),
                process.command,
                role,
                process.evidence,
                process.schedule,
            ),
        )
    if not application.workers:
        for found in background(
            reader.code,
            reader.project.packages,
            reader.django,
            lambda file: reader.roots.dotted(file, reader.roots.root(file)),
        ):
            key = (*found.command[:1], found.role)
            if key not in seen:
                seen.add(key)
                _remember(
                    application,
                    Background(_name(application, "", found.role), found.command, found.role, found.evidence),
                )
    migration = next(
        (Fact(item.command, item.evidence) for item in reader.stated.processes if item.role == "migration"), None
    )
    migration = migration or _migration(reader)
    if migration:
        application.migration = migration.value
        application.note("migration", Fact(" ".join(migration.value), migration.evidence))


def _is_ours_no_more(process: Process) -> bool:
    """Programs that supervisors start beside the application, and that no container needs."""
    return posixpath.basename(process.command[0]) in (
        "nginx",
        "cron",
        "crond",
        "sshd",
        "redis-server",
        "npm",
        "node",
        "yarn",
        "tail",
        "echo",
    )


def _remember(application: Application, found: Background) -> None:
    application.workers.append(found)
    application.findings.append(Finding(found.role, f"{found.name}: {' '.join(found.command)}", found.evidence))


def _essence(process: Process) -> tuple[str, ...]:
    """The same worker is often stated twice, with other options for logs."""
    words = [re.sub(r"^.*/", "", word) for word in process.command]
    kept = []
    for index, word in enumerate(words):
        before = words[index - 1] if index else ""
        if re.match(
            r"(-l|--loglevel|--log-level|-c|--concurrency|--pidfile|-s|--scheduler|--schedule|--processes|--threads|-P|--pool|--watch)(=|$)",
            word,
        ):
            continue
        if re.fullmatch(
            r"-l|--loglevel|--log-level|-c|--concurrency|--pidfile|-s|--scheduler|--schedule|--processes|--threads|-P|--pool|--watch",
            before,
        ):
            continue
        kept.append(word)
    return tuple(kept)


def _name(application: Application, stated: str, role: str) -> str:
    """Return a name of the spec that no other container has."""
    plain = re.sub(r"[^a-z0-9]+", "-", stated.lower()).strip("-0123456789")[:20].strip("-") if stated else ""
    plain = plain if len(plain) > 1 and plain != "web" else ("beat" if role == "scheduler" else "worker")
    taken = {"web", "db", "cache", "files", *(item.name for item in application.workers)}
    name, number = plain, 2
    while name in taken:
        name, number = f"{plain}-{number}", number + 1
    return name


def _migration(reader: Reader) -> Fact[tuple[str, ...]] | None:
    packages = reader.project.packages
    has_django = "django" in packages or bool(reader.django.settings_module)
    if reader.django.manage and has_django:
        return Fact(("python", "manage.py", "migrate"), f"{reader.django.manage}:1")
    if found := next((packages[name] for name in ("flask-migrate", "flask-alembic") if name in packages), None):
        return Fact(("flask", "db", "upgrade"), found.evidence)
    for file in reader.tree.named("alembic.ini"):
        return Fact(("alembic", "upgrade", "head"), f"{file}:1")
    for file in reader.tree.named("pyproject.toml"):
        text, data = toml(reader.tree, file)
        if table(data, "tool", "aerich"):
            return Fact(("aerich", "upgrade"), place(file, text, "[tool.aerich]"))
    for file in reader.tree.named("piccolo_conf.py"):
        return Fact(("piccolo", "migrations", "forwards", "all"), f"{file}:1")
    return None


def add_build(application: Application, reader: Reader) -> None:
    """Find what has to be done when the image is built: static files, translations, a front end."""
    steps: dict[tuple[str, ...], str] = {}
    for process in reader.stated.processes:
        if process.role == "build" and not any(
            word in step
            for step in steps
            for word in process.command
            if word in ("collectstatic", "compilemessages", "compress", "pybabel")
        ):
            steps[process.command] = process.evidence
    django = reader.django
    static = django.setting("STATIC_ROOT") if django.manage else None
    whitenoise = django.mentions("MIDDLEWARE", "whitenoise") or (
        "whitenoise" in reader.project.packages and reader.project.packages["whitenoise"].evidence
    )
    if static and whitenoise and not any("collectstatic" in step for step in steps):
        steps["python", "manage.py", "collectstatic", "--noinput"] = static[0].at(static[1])
    for step, where in steps.items():
        application.build_steps.append(step)
        application.findings.append(Finding("build step", " ".join(step), where))
    if found := front_end(reader.tree, reader.stated.dockerfiles):
        application.front_end = found.value
        application.note("front end", found)


def add_dockerfiles(application: Application, reader: Reader) -> None:
    """Tell of the repository's own Dockerfiles, so that the user can choose."""
    for one in reader.stated.dockerfiles:
        if rank(one.file) == 2:
            continue
        started = images.processes(reader.tree, one)
        command = next((item.command for item in started if item.role == "web"), None)
        ports, user = one.ports(), one.user()
        application.dockerfiles.append(
            OwnDockerfile(
                one.file,
                one.context or ".",
                one.target,
                one.arguments,
                ports[0].value if ports else None,
                user.value if user else None,
                command,
                bool(command),
            )
        )
        built = f"{one.file} (context {one.context or '.'}" + (f", target {one.target}" if one.target else "") + ")"
        application.findings.append(Finding("Dockerfile of your own", built, f"{one.file}:{one.stages[0].line}"))
    own = application.dockerfile
    if own:
        application.advice.append(
            f"cloudgen writes a Dockerfile of its own; `cloudgen init --dockerfile {own.file}` uses yours"
        )
