"""What the files of a repository that speak of its processes say, put together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cloudgen.dataclass import dataclass, field
from cloudgen.detect.facts import Fact

if TYPE_CHECKING:
    from cloudgen.detect.stated.dockerfile import Dockerfile
    from cloudgen.detect.stated.process import Process


@dataclass
class Stated:
    """Statements, in the order of their weight.

    `services` maps an engine (`postgres`, `redis`, ...) to the place that names it, `versions` its version.
    `installs` are the commands that install packages, `debian` the packages of the image,
    `debian_build` those of every stage.
    """

    processes: list[Process] = field(default_factory=list)
    health: list[Fact[str]] = field(default_factory=list)
    ports: list[Fact[int]] = field(default_factory=list)
    services: dict[str, Fact[str]] = field(default_factory=dict)
    versions: dict[str, Fact[str]] = field(default_factory=dict)
    python: list[Fact[str]] = field(default_factory=list)
    dockerfiles: list[Dockerfile] = field(default_factory=list)
    installs: list[Fact[tuple[str, ...]]] = field(default_factory=list)
    debian: list[Fact[str]] = field(default_factory=list)
    debian_build: list[Fact[str]] = field(default_factory=list)
    folders: list[Fact[str]] = field(default_factory=list)

    def service(self, image: str, evidence: str, version: str = "") -> None:
        """Remember a service of others by the name of its image, add-on or plan."""
        for engine, pattern in _ENGINES:
            if pattern.search(image):
                known = self.services.get(engine)
                self.services.setdefault(engine, Fact(image, evidence))
                if version and known is None:
                    self.versions[engine] = Fact(version, evidence)
                return


_ENGINES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (engine, re.compile(pattern, re.IGNORECASE))
    for engine, pattern in (
        ("postgres", r"(^|/)(postgres|postgis|pgvector|timescaledb)[^/]*$|postgresql|^pg$"),
        ("mysql", r"(^|/)(mysql|mariadb|percona)[^/]*$|jawsdb|cleardb"),
        ("redis", r"(^|/)(redis|valkey|keydb|dragonfly|redis-stack)[^/]*$|heroku-redis|rediscloud|keyvalue"),
        ("bucket", r"(^|/)minio[^/]*$|bucketeer"),
        ("rabbitmq", r"(^|/)rabbitmq[^/]*$|cloudamqp"),
        ("mongodb", r"(^|/)mongo(db)?[^/]*$"),
        ("elasticsearch", r"elasticsearch|opensearch|meilisearch|typesense"),
        ("memcached", r"(^|/)memcached[^/]*$|memcachier"),
        ("kafka", r"kafka|redpanda"),
        ("nats", r"(^|/)nats[^/]*$"),
    )
)
UNSUPPORTED = ("rabbitmq", "mongodb", "elasticsearch", "memcached", "kafka", "nats")
"""Services that a spec has no word for; they are told."""
