"""Section `containers`: what runs.

A port makes a service, a schedule a job, a trigger a function; none of them makes a worker.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema, field_validator, model_validator

from cloudgen.spec.build import Build
from cloudgen.spec.compute import Sizing
from cloudgen.spec.cron import Cron
from cloudgen.spec.environment import Value
from cloudgen.spec.networking import Egress
from cloudgen.spec.scaling import ContainerScaling
from cloudgen.spec.status_codes import StatusCodes
from cloudgen.spec.storage import ObjectPrefix
from cloudgen.spec.types import (
    Boolean,
    Domain,
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
from cloudgen.spec.writable import WritableFolder

Kind = Literal["service", "worker", "job", "function"]


class HealthCheck(StrictModel):
    """How the platform finds out that a service works."""

    path: UrlPath = Field("/healthz", description="Path that answers 200 when the service works.")
    success: StatusCodes = Field(
        "200", description="Answers that mean it works, from 200 to 499: one, several (200,302) or a range (200-399)."
    )
    host: Domain | None = Field(
        None, description="Host header of the check, for an application that answers to its own names only."
    )
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

    @field_validator("success")
    @classmethod
    def _ascending(cls, success: str) -> str:
        for part in success.split(","):
            first, _, last = part.partition("-")
            if last and last < first:
                raise invalid("bad-value", f"the range {part} ends before it begins", f"write {last}-{first}")
        return success

    @property
    def successes(self) -> tuple[range, ...]:
        """The status codes that mean it works, as ranges."""
        bounds = (part.partition("-") for part in self.success.split(","))
        return tuple(range(int(first), int(last or first) + 1) for first, _, last in bounds)


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
    prefix: ObjectPrefix | None = Field(
        None, description="Of a bucket: runs for objects whose keys begin so, and for no others."
    )
    timeout: Annotated[Seconds, Field(ge=10, le=600)] | None = Field(
        None, description="Of a bucket: how long an object may take. Default: 60s. A queue has ack_deadline."
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> Trigger:
        if (self.bucket is None) == (self.queue is None):
            raise invalid(
                "missing-key", "a trigger needs either a bucket or a queue", "write trigger: {bucket: assets}"
            )
        return self

    @field_validator("prefix", "timeout")
    @classmethod
    def _of_a_bucket(cls, value: object, info: ValidationInfo) -> object:
        if info.data.get("queue") is not None and value is not None:
            hint = "remove prefix" if info.field_name == "prefix" else "write ack_deadline of the queue instead"
            raise invalid("conflict", f"a queue has no {info.field_name}: it is for a bucket", hint)
        return value


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
    release: list[Text] | None = Field(
        None,
        description="Program and arguments that run once per deployment, before the new version takes traffic, such as "
        "[alembic, upgrade, head]. A failure stops the deployment.",
        min_length=1,
    )
    replicas: Literal["exactly_one"] | None = Field(
        None,
        description="exactly_one, such as a scheduler: the old one ends before the new one starts. "
        "Left out, scaling says how many run.",
    )
    user: Annotated[Integer, Field(ge=1, le=65534)] | None = Field(
        None, description="Numeric user id. Default: 10001 where cloudgen writes the Dockerfile, else the image's own."
    )
    read_only: Boolean = Field(
        True,
        description="The root file system cannot be written, only /tmp and what writable names. "
        "An image that cloudgen does not make is read-only only if this is written.",
    )
    writable: list[WritableFolder] = Field(
        [],
        description="Folders that the application writes to: below the context, or absolute. "
        "They begin with what the image has there, and go with the container; media:keep for files that stay.",
    )
    port: Annotated[Integer, Field(ge=1, le=65535)] | None = Field(
        None, description="Port that the container listens on."
    )
    health_check: HealthCheck = Field(HealthCheck(), description="How the platform finds out that it works.")
    environment: dict[EnvironmentVariableName, Value] = Field(
        {},
        description="Environment variables; no secrets. A text, or what something it connects to is reached by, under "
        "the name that the application reads: {from: orders-db.url}.",
    )
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
        if self.kind == "job" and "scaling" in self.model_fields_set:
            raise invalid("conflict", "a job does not scale", "remove scaling")
        own = self.own_dockerfile or self.image
        relative = [str(each) for each in self.writable if not each.folder.startswith("/")]
        if own and relative:
            raise invalid(
                "conflict",
                f"where `{relative[0]}` is, is not known: cloudgen does not write the Dockerfile",
                "write it from the root on, such as /app/data",
            )
        if self.replicas is not None and "scaling" in self.model_fields_set:
            raise invalid("conflict", "exactly one does not scale", "remove scaling, or remove replicas")
        if self.kind in {"job", "function"} and (self.release or self.replicas):
            key = "release" if self.release else "replicas"
            raise invalid("conflict", f"{key} is for what runs always, and this is a {self.kind}", f"remove {key}")
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
    def own_dockerfile(self) -> str | None:
        """The user's own Dockerfile, relative to the spec; None where there is none."""
        return self.dockerfile or (self.build.dockerfile if self.build else None)

    @property
    def built(self) -> bool:
        """Whether cloudgen writes the Dockerfile."""
        return self.image is None and self.own_dockerfile is None

    @property
    def build_or_default(self) -> Build | None:
        """How the image is built; None where it exists already, or where `dockerfile` says all there is."""
        if self.built:
            return self.build or Build()
        return self.build

    @property
    def is_read_only(self) -> bool:
        """Whether the root file system cannot be written. One that cloudgen does not make may need to be."""
        return self.read_only and (self.built or "read_only" in self.model_fields_set)
