"""What Cloud SQL calls the engines of the spec, and what each can do."""

from __future__ import annotations

from collections.abc import Mapping

from cloudgen.dataclass import dataclass


@dataclass(frozen=True)
class Flag:
    """A setting of the database server."""

    name: str
    value: str


@dataclass(frozen=True)
class Engine:
    """A database engine on Cloud SQL."""

    name: str
    title: str
    flags: tuple[Flag, ...]
    binary_log: bool
    """Whether a binary log is what points in time are restored from."""
    user_host: str | None
    """Where the user may come from, for engines that ask."""
    extended_support: frozenset[str]
    """Versions whose community support has ended: Cloud SQL charges for Extended Support."""
    newest: frozenset[str]
    """Versions that are new enough to need no reason."""
    connections: Mapping[str, int]
    """Connections at once, by tier, where nobody sets max_connections."""
    connections_metric: str
    """What counts them: a metric of the server, or of each of its databases."""

    @property
    def postgres(self) -> bool:
        """Whether it is PostgreSQL, of which some checks of checkov are."""
        return self.name == "postgres"

    def version(self, major: str) -> str:
        """The version as the API writes it: `POSTGRES_17`, `MYSQL_8_4`."""
        return f"{self.name.upper()}_{major.replace('.', '_')}"


# https://cloud.google.com/sql/docs/postgres/flags
POSTGRES = Engine(
    name="postgres",
    title="PostgreSQL",
    flags=(
        Flag("cloudsql.iam_authentication", "on"),
        Flag("cloudsql.enable_pgaudit", "on"),
        Flag("log_checkpoints", "on"),
        Flag("log_connections", "on"),
        Flag("log_disconnections", "on"),
        Flag("log_lock_waits", "on"),
        Flag("log_min_error_statement", "error"),
        Flag("log_statement", "ddl"),
        Flag("log_temp_files", "0"),
    ),
    binary_log=False,
    user_host=None,
    # Its community support ended on 12 November 2026. https://www.postgresql.org/support/versioning/
    extended_support=frozenset({"14"}),
    newest=frozenset({"18"}),
    # https://cloud.google.com/sql/docs/postgres/flags#max-connections-by-memory
    connections={
        "db-f1-micro": 25,
        "db-g1-small": 50,
        "db-custom-1-3840": 100,
        "db-custom-2-7680": 400,
        "db-custom-4-15360": 500,
        "db-custom-8-30720": 600,
    },
    connections_metric="postgresql/num_backends",
)

# https://cloud.google.com/sql/docs/mysql/flags
MYSQL = Engine(
    name="mysql",
    title="MySQL",
    flags=(
        Flag("cloudsql_iam_authentication", "on"),
        Flag("local_infile", "off"),
        Flag("log_output", "FILE"),
        Flag("long_query_time", "1"),
        Flag("slow_query_log", "on"),
    ),
    binary_log=True,
    user_host="%",
    # https://cloud.google.com/sql/docs/mysql/extended-support
    extended_support=frozenset({"8.0"}),
    newest=frozenset({"8.0", "8.4"}),
    # https://cloud.google.com/sql/docs/mysql/quotas#maximum_concurrent_connections
    connections={
        "db-f1-micro": 250,
        "db-g1-small": 1000,
        "db-custom-1-3840": 4000,
        "db-custom-2-7680": 4000,
        "db-custom-4-15360": 4000,
        "db-custom-8-30720": 4000,
    },
    connections_metric="network/connections",
)

ENGINES = {engine.name: engine for engine in (POSTGRES, MYSQL)}

MAX_DISK = 65536
"""GiB. https://cloud.google.com/sql/docs/quotas"""
MAX_SHARED_DISK = 3054
"""GiB, for the tiers that share a CPU. https://cloud.google.com/sql/docs/quotas"""
