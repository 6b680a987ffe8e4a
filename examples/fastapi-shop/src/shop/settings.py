"""What the application is told by its environment: the variables that cloudgen sets, the same on every cloud."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import URL

REQUIRED = (
    "ORDERS_DB_HOST",
    "ORDERS_DB_PORT",
    "ORDERS_DB_NAME",
    "ORDERS_DB_USER",
    "ORDERS_DB_PASSWORD",
    "ORDERS_DB_SSLMODE",
    "INVOICES_BUCKET_URL",
)


class MissingSettingsError(Exception):
    """The environment lacks variables without which nothing works; the message names them."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs from place to place."""

    database_url: URL
    bucket_url: str
    """`s3://NAME` or `gs://NAME`."""
    webhook_secret: str | None = None
    """What the payment provider signs its calls with; without it no call is accepted."""
    stale_after_days: int = 14
    """Orders that were not paid for so long are closed by the nightly job."""


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; raises `MissingSettingsError`."""
    missing = [name for name in REQUIRED if not environment.get(name)]
    if missing:
        raise MissingSettingsError(f"not set in the environment: {', '.join(missing)}")
    url = URL.create(
        "postgresql+psycopg",
        username=environment["ORDERS_DB_USER"],
        password=environment["ORDERS_DB_PASSWORD"],
        host=environment["ORDERS_DB_HOST"],
        port=int(environment["ORDERS_DB_PORT"]),
        database=environment["ORDERS_DB_NAME"],
        query={"sslmode": environment["ORDERS_DB_SSLMODE"], "connect_timeout": "5"},
    )
    return Settings(
        database_url=url,
        bucket_url=environment["INVOICES_BUCKET_URL"],
        webhook_secret=environment.get("PAYMENT_WEBHOOK_SECRET"),
        stale_after_days=int(environment.get("STALE_AFTER_DAYS", "14")),
    )
