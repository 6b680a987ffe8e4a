"""The connection to Postgres."""

from __future__ import annotations

from sqlalchemy import Engine, create_engine, text

from shop.settings import Settings


def connect(settings: Settings) -> Engine:
    """Make the engine; it connects when it is first used.

    A connection is tried before it is used, because a failover closes all of them without a word.
    """
    return create_engine(settings.database_url, pool_pre_ping=True)


def check(engine: Engine) -> None:
    """Raise the driver's error when the database does not answer."""
    with engine.connect() as connection:
        connection.execute(text("select 1"))
