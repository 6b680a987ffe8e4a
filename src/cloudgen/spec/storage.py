"""Section `storage`: databases, buckets, caches and queues."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from cloudgen.spec.types import (
    Boolean,
    Image,
    Integer,
    Line,
    Mebibytes,
    Name,
    Seconds,
    Size,
    StrictModel,
    invalid,
    patterned,
)
from cloudgen.spec.units import DAY, GIB

VERSIONS = {"postgres": ("14", "15", "16", "17", "18"), "mysql": ("8.0", "8.4")}
"""Major versions that both clouds offer, oldest first; the last one is the default."""


class Backups(StrictModel):
    """Automatic backups of a database."""

    retention: Annotated[Seconds, Field(ge=DAY, le=35 * DAY)] = Field(
        14 * DAY,
        description="How long backups are kept, in whole days. Profiles: development 1d, staging 7d, production 14d.",
    )
    point_in_time: Boolean = Field(
        True, description="Restore to any second within the retention, not only to a daily backup."
    )

    @model_validator(mode="after")
    def _whole_days(self) -> Backups:
        if self.retention % DAY:
            raise invalid("bad-value", "backup retention is counted in days", "write whole days, such as 14d")
        return self


class Database(StrictModel):
    """A managed relational database, reachable from the private network only."""

    engine: Literal["postgres", "mysql"] = Field("postgres", description="Database engine.")
    version: Line | None = Field(
        None, description="Major version; minor versions follow. Default: postgres 18, mysql 8.4."
    )
    size: Size = Field("small", description="Size of the instance; what each target uses for it is in its README.")
    disk: Annotated[Mebibytes, Field(ge=20 * GIB, le=16 * GIB * GIB)] = Field(
        20 * GIB, description="Disk at the start, at least 20Gi; it grows by itself up to ten times that."
    )
    high_availability: Boolean = Field(
        True, description="A standby in a second zone. Profiles: production true, others false."
    )
    backups: Backups = Field(Backups(), description="Automatic backups.")
    local_image: Image | None = Field(
        None,
        description="Image that stands in for it with target docker, such as pgvector/pgvector:pg17 for the extension "
        "vector, which both clouds have. Default: the engine's own.",
    )

    @model_validator(mode="after")
    def _known_version(self) -> Database:
        if self.version is not None and self.version not in VERSIONS[self.engine]:
            raise invalid(
                "bad-choice",
                f"this version of {self.engine} is not offered",
                f"use one of {', '.join(VERSIONS[self.engine])}",
            )
        return self

    @property
    def major_version(self) -> str:
        """The version asked for, or the newest that both clouds offer."""
        return self.version or VERSIONS[self.engine][-1]


ObjectPrefix = Annotated[
    str,
    *patterned(
        r"(?!/)[A-Za-z0-9._/-]{1,512}",
        "is not the beginning of an object's key",
        "write it like uploads/: letters, digits and . _ - /, without a slash before it or a * behind it",
        "bad-value",
    ),
]
"""The beginning of keys in a bucket. Both clouds compare it as it stands; S3 wants other characters percent-encoded.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
"""


class Bucket(StrictModel):
    """A private, encrypted object store."""

    versioning: Boolean = Field(True, description="Keep old versions of objects.")
    expire_noncurrent_after: Annotated[Seconds, Field(ge=DAY, le=3650 * DAY)] = Field(
        90 * DAY, description="When old versions are deleted, in whole days."
    )

    @model_validator(mode="after")
    def _whole_days(self) -> Bucket:
        if self.expire_noncurrent_after % DAY:
            raise invalid("bad-value", "object lifetimes are counted in days", "write whole days, such as 90d")
        return self


class Cache(StrictModel):
    """A managed in-memory store that speaks the Redis protocol."""

    engine: Literal["valkey"] = Field("valkey", description="Cache engine.")
    size: Size = Field("small", description="Size of a node.")
    replicas: Annotated[Integer, Field(ge=0, le=5)] = Field(
        1, description="Copies beside the primary node. Profiles: production 1, others 0."
    )
    backups: Boolean = Field(
        True, description="A snapshot each day, kept for a week. Profiles: production true, others false."
    )


class Queue(StrictModel):
    """A message queue with a dead-letter queue behind it. The limits are those that both clouds share."""

    ack_deadline: Annotated[Seconds, Field(ge=10, le=600)] = Field(
        60, description="How long a consumer has before a message is delivered again."
    )
    max_deliveries: Annotated[Integer, Field(ge=5, le=100)] = Field(
        5, description="Deliveries before a message goes to the dead-letter queue."
    )
    retention: Annotated[Seconds, Field(ge=600, le=14 * DAY)] = Field(
        7 * DAY, description="How long a message waits at most."
    )


class Storage(StrictModel):
    """Databases, buckets, caches and queues."""

    databases: dict[Name, Database] = Field({}, description="Managed relational databases.")
    buckets: dict[Name, Bucket] = Field({}, description="Private object stores.")
    caches: dict[Name, Cache] = Field({}, description="In-memory stores.")
    queues: dict[Name, Queue] = Field({}, description="Message queues.")
