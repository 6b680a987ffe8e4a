"""Puts together what is known about an application, each guess with its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudgen.dataclass import dataclass, field
from cloudgen.detect.project import Guess, package_manager, packages, project_name, python_version
from cloudgen.detect.source import Interface, read_source

if TYPE_CHECKING:
    from pathlib import Path

_POSTGRES: tuple[str, ...] = ("psycopg", "psycopg2", "psycopg2-binary", "asyncpg", "pg8000", "psycopg-binary")
_MYSQL: tuple[str, ...] = ("pymysql", "mysqlclient", "aiomysql", "asyncmy", "mysql-connector-python")
_CACHE: tuple[str, ...] = ("redis", "valkey", "django-redis", "hiredis", "aioredis")
_BUCKET: tuple[str, ...] = ("google-cloud-storage", "django-storages", "s3fs", "gcsfs")
# Debian packages whose shared libraries a Python package links to, where its wheel does not bring them.
_LIBRARIES = {"psycopg2": "libpq5", "psycopg": "libpq5", "mysqlclient": "libmariadb3"}


@dataclass(frozen=True)
class Finding:
    """A line to tell the user: what was found, its value, and where."""

    what: str
    value: str
    evidence: str


@dataclass
class Application:
    """What `init` needs to know. `findings` and `advice` are told to the user."""

    name: str
    python: str | None = None
    package_manager: str = "pip"
    app: str | None = None
    interface: Interface = "asgi"
    port: int | None = None
    health: str | None = None
    database: str | None = None
    cache: bool = False
    bucket: bool = False
    libraries: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)

    def _note(self, what: str, guess: Guess) -> str:
        self.findings.append(Finding(what, guess.value, guess.evidence))
        return guess.value


def detect(folder: Path) -> Application:
    """Read the application in a folder. Files that cannot be read are passed over; nothing is run."""
    name = project_name(folder)
    application = Application(name.value)
    application._note("name", name)
    if python := python_version(folder):
        application.python = application._note("Python", python)
    if manager := package_manager(folder):
        application.package_manager = application._note("package manager", manager)
    else:
        application.advice.append(
            "no uv.lock, poetry.lock, Pipfile.lock or requirements.txt was found: the image needs one of them"
        )
    _add_source(application, folder)
    _add_packages(application, packages(folder))
    return application


def _add_source(application: Application, folder: Path) -> None:
    source = read_source(folder)
    if source.entries:
        entry = source.entries[0]
        application.app, application.interface = entry.app, entry.interface
        application.findings.append(Finding("app", f"{entry.app} ({entry.interface})", entry.evidence))
    elif source.factories:
        factory = source.factories[0]
        application.app, application.interface = f"{factory.app}()", factory.interface
        application.findings.append(Finding("app", f"{application.app} ({factory.interface})", factory.evidence))
    else:
        application.advice.append("no ASGI or WSGI application was found: set build.app to yours, module:object")
    if source.port:
        application.port = int(application._note("port", source.port))
    if source.health:
        application.health = application._note("health check", source.health)
    else:
        application.advice.append(
            "no health route was found: answer 200 on health_check.path, or set it to a path that does"
        )
    if source.uses_s3:
        application.bucket = True
        application.findings.append(Finding("bucket", "yes", source.uses_s3.evidence))


def _add_packages(application: Application, found: dict[str, Guess]) -> None:
    for engine, drivers in (("postgres", _POSTGRES), ("mysql", _MYSQL)):
        driver = next((name for name in drivers if name in found), None)
        if driver and application.database is None:
            application.database = engine
            application.findings.append(Finding("database", engine, found[driver].evidence))
    for what, names in (("cache", _CACHE), ("bucket", _BUCKET)):
        package = next((name for name in names if name in found), None)
        if package and not getattr(application, what):
            setattr(application, what, True)
            application.findings.append(Finding(what, "yes", found[package].evidence))
    for name, library in _LIBRARIES.items():
        is_linked = name in found and not {"binary"} & set(found[name].value.replace(" ", "").split(","))
        if is_linked and library not in application.libraries:
            application.libraries.append(library)
            application.findings.append(Finding("Debian package", library, found[name].evidence))
