"""Puts together what is known about an application, each finding with its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cloudgen.dataclass import dataclass, field

if TYPE_CHECKING:
    from pathlib import Path

    from cloudgen.detect.facts import Fact


@dataclass(frozen=True)
class Finding:
    """A line to tell the user: what was found, its value, and where."""

    what: str
    value: str
    evidence: str


@dataclass(frozen=True)
class Background:
    """A process beside the one that serves: `role` is worker, scheduler or job; `schedule` is a cron expression."""

    name: str
    command: tuple[str, ...]
    role: str
    evidence: str
    schedule: str | None = None

    @property
    def is_single(self) -> bool:
        """Whether it must never run twice."""
        return self.role == "scheduler"


@dataclass(frozen=True)
class OwnDockerfile:
    """A Dockerfile of the repository, and what it is built with."""

    file: str
    context: str
    target: str | None
    arguments: dict[str, str]
    port: int | None
    user: str | None
    command: tuple[str, ...] | None
    serves: bool


@dataclass(frozen=True)
class OtherApplication:
    """An application beside the one that was chosen: where it is built, and whose lock pins its packages."""

    app: str
    interface: str
    context: str
    package_manager: str | None
    evidence: str


@dataclass
class Application:
    """What `init` needs to know. What is None was not found. `findings` and `advice` are told to the user.

    Paths are relative to the folder that was read; `context` is the folder to build, `python_path` the folder within
    it that modules are imported from, `workdir` the one that commands start in. `command` is what is stated to serve
    where no server is known that could be given `app`. `metadata` is the pyproject.toml, setup.cfg or setup.py
    that pip reads where there are no `requirements`. `interfaces` has what each application that was seen speaks.
    """

    name: str
    context: str = "."
    python: str | None = None
    oldest_python: bool = False
    package_manager: str | None = None
    app: str | None = None
    interface: str = "asgi"
    command: tuple[str, ...] | None = None
    server: str | None = None
    server_is_missing: bool = False
    port: int | None = None
    health: str | None = None
    database: str | None = None
    database_version: str | None = None
    cache: bool = False
    bucket: bool = False
    python_path: str | None = None
    workdir: str | None = None
    libraries: list[str] = field(default_factory=list)
    build_libraries: list[str] = field(default_factory=list)
    extras: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    member: str | None = None
    requirements: list[str] = field(default_factory=list)
    metadata: str | None = None
    workers: list[Background] = field(default_factory=list)
    migration: tuple[str, ...] | None = None
    build_steps: list[tuple[str, ...]] = field(default_factory=list)
    front_end: str | None = None
    front_end_manager: str | None = None
    web_sockets: bool = False
    dockerfiles: list[OwnDockerfile] = field(default_factory=list)
    others: list[OtherApplication] = field(default_factory=list)
    interfaces: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    folder: Path | None = None

    @property
    def dockerfile(self) -> OwnDockerfile | None:
        """The Dockerfile to take, where there is one: the first that serves."""
        return next((item for item in self.dockerfiles if item.serves), None) or next(iter(self.dockerfiles), None)

    def note(self, what: str, fact: Fact[Any], value: str | None = None) -> None:
        """Remember a finding."""
        self.findings.append(Finding(what, str(fact.value) if value is None else value, fact.evidence))

    def evidence(self, what: str) -> str | None:
        """Return the place that shows something that was found."""
        return next((finding.evidence for finding in self.findings if finding.what == what), None)


def detect(folder: Path) -> Application:
    """Read the application in a folder. Nothing is run; files that cannot be read are told in `advice`."""
    from cloudgen.detect.reading import read_application

    return read_application(folder)
