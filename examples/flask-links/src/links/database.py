"""The links, in Postgres."""

from __future__ import annotations

import secrets

from sqlalchemy import Column, Engine, MetaData, String, Table, create_engine, insert, select, text

from links.settings import Settings

LOCK = 5_463_672
"""The number of the advisory lock; any number that nothing else in this database uses."""

metadata = MetaData()
links = Table(
    "links", metadata, Column("code", String(16), primary_key=True), Column("url", String(2000), nullable=False)
)


def connect(settings: Settings) -> Engine:
    """Make the engine. A connection is tried before it is used: a failover closes all of them without a word."""
    return create_engine(settings.database_url, pool_pre_ping=True)


def create_tables(engine: Engine) -> None:
    """Create what is missing. Instances that start together take turns, and all but the first find nothing to do."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        metadata.create_all(connection)


def add(engine: Engine, url: str) -> str:
    """Keep a URL, and return its code."""
    code = secrets.token_urlsafe(6)
    with engine.begin() as connection:
        connection.execute(insert(links).values(code=code, url=url))
    return code


def find(engine: Engine, code: str) -> str | None:
    """Return the URL of a code, or None where there is none."""
    with engine.connect() as connection:
        return connection.scalar(select(links.c.url).where(links.c.code == code))


def check(engine: Engine) -> None:
    """Raise the driver's error when the database does not answer."""
    with engine.connect() as connection:
        connection.execute(text("select 1"))
