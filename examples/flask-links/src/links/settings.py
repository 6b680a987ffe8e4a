"""What the application is told by its environment: the variables that cloudgen sets, the same on every cloud."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import URL


@dataclass(frozen=True)
class Settings:
    """Everything that differs from place to place."""

    database_url: URL
    cache_url: str


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; raises `KeyError` with the name of a variable that is not set."""
    database_url = URL.create(
        "postgresql+psycopg",
        username=environment["DB_USER"],
        password=environment["DB_PASSWORD"],
        host=environment["DB_HOST"],
        port=int(environment["DB_PORT"]),
        database=environment["DB_NAME"],
        query={"sslmode": environment["DB_SSLMODE"], "connect_timeout": "5"},
    )
    # With TLS the scheme is another one; whether the cache wants it depends on the cloud.
    scheme = "rediss" if environment["CACHE_TLS"] == "true" else "redis"
    return Settings(database_url, f"{scheme}://{environment['CACHE_HOST']}:{environment['CACHE_PORT']}")
