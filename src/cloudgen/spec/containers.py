"""Section `containers`: what runs.

A port makes a service, a schedule a job, a trigger a function; none of them makes a worker.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator, model_validator

from cloudgen.spec.compute import Sizing
from cloudgen.spec.cron import Cron
from cloudgen.spec.networking import Egress
from cloudgen.spec.python_modules import TAKEN
from cloudgen.spec.scaling import ContainerScaling
from cloudgen.spec.types import (
    Boolean,
    EnvironmentVariableName,
    FilePath,
    Image,
    Integer,
    Line,
    Name,
    Seconds,
    StrictModel,
    Text,
    TimeZone,
    UrlPath,
    invalid,
)
from cloudgen.spec.units import DAY

Kind = Literal["service", "worker", "job", "function"]


DebianPackage = Annotated[Line, Field(pattern=r"^[a-z0-9][a-z0-9+.-]{1,63}$")]
"""A name: lower case letters, digits and + . -
https://www.debian.org/doc/debian-policy/ch-controlfields.html#source
"""

PythonName = Annotated[Line, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$")]
"""A name of a package, extra or group.
https://packaging.python.org/en/latest/specifications/name-normalization/#name-format
"""


class Build(StrictModel):
    """How to make the image of a Python application; cloudgen writes the Dockerfile."""

    context: FilePath = Field(".", description="Folder with the application, relative to the spec.")
    python: Literal["3.10", "3.11", "3.12", "3.13", "3.14"] = Field("3.12", description="Python version.")
    package_manager: Literal["pip", "uv", "poetry", "pipenv"] = Field(
        "pip",
        description="Whose lock pins the packages: requirements.txt, uv.lock, poetry.lock or Pipfile.lock.",
    )
    app: Line = Field(
        "main:app",
        description="The ASGI or WSGI application, module:object, or module:factory() for a function that makes it.",
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*:[A-Za-z_][A-Za-z0-9_]*(\(\))?$",
    )
    interface: Literal["asgi", "wsgi"] = Field(
        "asgi",
        description="asgi (FastAPI, Starlette, Django's asgi.py) runs on uvicorn, "
        "wsgi (Flask, Django's wsgi.py) on gunicorn.",
    )
    packages: list[DebianPackage] = Field(
        [], description="Debian packages that the application needs at run time, such as libpq5."
    )
    build_packages: list[DebianPackage] = Field(
        [],
        description="Debian packages needed only while packages are installed, such as git or libldap-dev. "
        "A C compiler is always there, and so are the headers of the best known libraries under `packages`.",
    )
    requirements: list[FilePath] = Field(
        ["requirements.txt"],
        description="Files that pin the packages, for pip; what they refer to is found. pyproject.toml may be one.",
        min_length=1,
    )
    extras: list[PythonName] = Field([], description="Extras that are installed too (optional dependencies).")
    groups: list[PythonName] = Field(
        [], description="Dependency groups that are installed too; for pipenv, categories of the Pipfile."
    )
    member: PythonName | None = Field(None, description="Member of a uv workspace whose packages are installed.")
    workdir: FilePath = Field(".", description="Folder that commands start in, relative to the context.")
    python_path: FilePath | None = Field(
        None, description="Folder that modules are imported from, relative to the context; the context and src are too."
    )
    steps: list[Annotated[list[Text], Field(min_length=1)]] = Field(
        [],
        description="Commands after the install, each a program and its arguments, such as "
        "[python, manage.py, collectstatic, --noinput]. They run in workdir, without a shell.",
    )

    @field_validator("app")
    @classmethod
    def _module_of_ones_own(cls, app: str) -> str:
        package = app.partition(":")[0].partition(".")[0]
        if package in TAKEN:
            raise invalid(
                "reserved-name",
                f"Python has a module `{package}` of its own, which the server imports before yours",
                "give the package another name, or write app: package.module:object",
            )
        return app

    @model_validator(mode="after")
    def _what_the_manager_knows(self) -> Build:
        manager = self.package_manager
        if self.member is not None and manager != "uv":
            raise invalid("conflict", f"{manager} knows no members of a workspace", "remove member")
        if "requirements" in self.model_fields_set and manager != "pip":
            raise invalid(
                "conflict",
                f"{manager} installs from its lock, not from requirements",
                "remove requirements, or write package_manager: pip",
            )
        if self.extras and manager == "pipenv":
            raise invalid("conflict", "a Pipfile has no extras", "name its categories under groups")
        if self.extras and manager == "pip" and not any(path.endswith("pyproject.toml") for path in self.requirements):
            raise invalid(
                "conflict",
                "extras are of a pyproject.toml, and requirements names none",
                "write requirements: [pyproject.toml], or name the file that has these packages",
            )
        return self


class HealthCheck(StrictModel):
    """How the platform finds out that a service works."""

    path: UrlPath = Field("/healthz", description="Path that answers 200 when the service works.")
    interval: Annotated[Seconds, Field(ge=5, le=300)] = Field(15, description="Time between two checks.")
    timeout: Annotated[Seconds, Field(ge=1, le=120)] = Field(
        5, description="Time a check may take; below the interval."
    )
    grace_period: Annotated[Seconds, Field(ge=1, le=1800)] = Field(
        60, description="Time a new instance has before failing checks count."
    )

    @model_validator(mode="after")
    def _timeout_below_interval(self) -> HealthCheck:
        if self.timeout >= self.interval:
            raise invalid("out-of-range", "the timeout is not below the interval", "make timeout shorter than interval")
        return self


class Schedule(StrictModel):
    """When a job runs."""

    cron: Cron = Field(description="When, as a five-field cron expression.")
    timezone: TimeZone = Field("UTC", description="IANA time zone of the cron expression.")
    timeout: Annotated[Seconds, Field(ge=60, le=DAY)] = Field(3600, description="After this time the job is stopped.")
    retries: Annotated[Integer, Field(ge=0, le=10)] = Field(3, description="New attempts after a failure.")


class Trigger(StrictModel):
    """What makes a function run."""

    bucket: Name | None = Field(None, description="Runs for each new object of this bucket.")
    queue: Name | None = Field(None, description="Runs for each message of this queue.")

    @model_validator(mode="after")
    def _exactly_one(self) -> Trigger:
        if (self.bucket is None) == (self.queue is None):
            raise invalid(
                "missing-key", "a trigger needs either a bucket or a queue", "write trigger: {bucket: assets}"
            )
        return self


VERBS: dict[str, tuple[str, ...]] = {
    "databases": ("connect",),
    "buckets": ("read", "write"),
    "caches": ("connect",),
    "queues": ("publish", "consume"),
}
"""What a container may do with each kind of storage. The most common verb is what a name without a verb means."""

DEFAULT_VERBS = {"databases": "connect", "buckets": "write", "caches": "connect", "queues": None}
"""`assets` alone means read, write and delete objects; a queue needs to be told which side the container is on."""


def _connection(value: object) -> object:
    if isinstance(value, str):
        name, _, verb = value.partition(":")
        return {"name": name, "verb": verb or None}
    return value


class _Connection(StrictModel):
    name: Name
    verb: Line | None = None

    def __str__(self) -> str:
        return f"{self.name}:{self.verb}" if self.verb else self.name


Connection = Annotated[
    _Connection,
    BeforeValidator(_connection),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^[a-z][a-z0-9-]*(:[a-z]+)?$",
            "examples": ["orders-db", "jobs:publish"],
        }
    ),
]
"""The name of a thing in `storage`, optionally with what the container does with it: `jobs:publish`."""


class Container(Sizing):
    """One thing that runs."""

    build: Build | None = Field(None, description="How to make the image; cloudgen writes the Dockerfile.")
    dockerfile: FilePath | None = Field(None, description="A Dockerfile of your own, instead of build.")
    image: Image | None = Field(None, description="An image that exists already, instead of build.")
    command: list[Text] | None = Field(
        None, description="Program and arguments, instead of serving the app.", min_length=1
    )
    user: Annotated[Integer, Field(ge=1, le=65534)] | None = Field(
        None, description="Numeric user id. Default: 10001 where cloudgen writes the Dockerfile, else the image's own."
    )
    read_only: Boolean = Field(True, description="The root file system cannot be written, only /tmp can.")
    port: Annotated[Integer, Field(ge=1, le=65535)] | None = Field(
        None, description="Port that the container listens on."
    )
    health_check: HealthCheck = Field(HealthCheck(), description="How the platform finds out that it works.")
    environment: dict[EnvironmentVariableName, Text] = Field({}, description="Environment variables; no secrets.")
    secrets: dict[EnvironmentVariableName, Name] = Field(
        {}, description="Environment variables whose values come from security.secrets."
    )
    connects_to: list[Connection] = Field(
        [],
        description="What it uses: gives the network rule, the permission and the environment variables, nothing else.",
    )
    egress: list[Egress] = Field(
        [], description="What it may reach outside beside HTTPS: mail, a database of somebody else's. Needs NAT."
    )
    scaling: ContainerScaling = Field(ContainerScaling(), description="Overrides of the section scaling.")
    schedule: Schedule | None = Field(None, description="When it runs: makes it a job.")
    trigger: Trigger | None = Field(None, description="What makes it run: makes it a function.")

    @field_validator("egress")
    @classmethod
    def _distinct_ways(cls, ways: list[Egress]) -> list[Egress]:
        for index, way in enumerate(ways):
            if way in ways[:index]:
                raise invalid("conflict", f"names port {way.port} twice", "remove one of the two")
        return ways

    @model_validator(mode="after")
    def _one_source_one_kind(self) -> Container:
        sources = [key for key in ("build", "dockerfile", "image") if getattr(self, key) is not None]
        if len(sources) > 1:
            raise invalid("conflict", f"{' and '.join(sources)} exclude each other", "keep one of them")
        kinds = [key for key in ("port", "schedule", "trigger") if getattr(self, key) is not None]
        if len(kinds) > 1:
            raise invalid(
                "conflict",
                f"{' and '.join(kinds)} exclude each other",
                "a port makes a service, a schedule a job, a trigger a function: use one container for each",
            )
        if self.port is None and "health_check" in self.model_fields_set:
            raise invalid("conflict", "a health check needs a port to ask", "add port, or remove health_check")
        if self.kind in {"job", "function"} and "scaling" in self.model_fields_set:
            raise invalid("conflict", f"a {self.kind} does not scale", "remove scaling")
        both = sorted(set(self.environment) & set(self.secrets))
        if both:
            raise invalid("conflict", f"{both[0]} stands under environment and under secrets", "keep one of the two")
        return self

    @property
    def kind(self) -> Kind:
        """What it is: a service answers on a port, a job runs by the clock, a function on events, a worker always."""
        if self.port is not None:
            return "service"
        if self.schedule is not None:
            return "job"
        return "function" if self.trigger is not None else "worker"

    @property
    def built(self) -> bool:
        """Whether cloudgen writes the Dockerfile."""
        return self.image is None and self.dockerfile is None

    @property
    def build_or_default(self) -> Build | None:
        """How cloudgen builds the image; None where the user brings a Dockerfile or an image."""
        if self.built:
            return self.build or Build()
        return self.build
