"""What RDS calls the engines of the spec, and what each can do."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws.storage import reserved_words

KEPT_SHARE, KEPT = 0.06, 300 * 1024**2
"""Share and bytes of the memory that RDS keeps for itself, at most: 1 GiB of PostgreSQL allows 81 connections, not 112.

https://github.com/guardian/typerighter/pull/480 has such a figure; AWS states none.
"""


@dataclass(frozen=True)
class LogGroup:
    """A log of the server, in CloudWatch."""

    label: str
    name: str
    retention: int


@dataclass(frozen=True)
class Parameter:
    """A setting of the database server."""

    name: str
    value: str
    apply_method: str = "immediate"
    """`pending-reboot` for what may equal AWS's default: AWS reports defaults that way, and terraform would see a
    change in every plan. A new server starts with all of them.
    https://github.com/hashicorp/terraform-provider-aws/issues/39252
    """


@dataclass(frozen=True)
class Engine:
    """A database engine on RDS."""

    name: str
    title: str
    logs: tuple[str, ...]
    """The logs that go to CloudWatch."""
    parameters: tuple[Parameter, ...]
    extended_support: frozenset[str]
    """Versions whose standard support has ended: RDS makes them only under Extended Support, which costs extra."""
    reserved_names: frozenset[str]
    """What a database cannot be called."""
    connection: int
    """Bytes of memory for each of the connections that RDS allows by default.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
    """

    def most_connections(self, memory: float) -> int:
        """How many connections a server of so much memory (GiB) allows by default, at the least."""
        return int((memory * 1024**3 * (1 - KEPT_SHARE) - KEPT) // self.connection)

    def family(self, version: str) -> str:
        """The family of parameter groups: `postgres17`, `mysql8.4`."""
        return f"{self.name}{version}"


POSTGRES = Engine(
    name="postgres",
    title="PostgreSQL",
    logs=("postgresql", "upgrade"),
    parameters=(
        Parameter("rds.force_ssl", "1", "pending-reboot"),
        Parameter("log_statement", "ddl"),
        Parameter("log_min_duration_statement", "1000"),
    ),
    # https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html
    extended_support=frozenset(),
    reserved_names=reserved_words.POSTGRES,
    connection=9_531_392,
)

MYSQL = Engine(
    name="mysql",
    title="MySQL",
    logs=("error", "slowquery"),
    parameters=(
        Parameter("require_secure_transport", "1", "pending-reboot"),
        # Logs reach CloudWatch from files only, not from tables.
        Parameter("log_output", "FILE", "pending-reboot"),
        Parameter("slow_query_log", "1"),
        Parameter("long_query_time", "1"),
    ),
    # 8.0: until 31 July 2026.
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MySQL.Concepts.VersionMgmt.html
    extended_support=frozenset({"8.0"}),
    reserved_names=reserved_words.MYSQL,
    connection=12_582_880,
)

ENGINES = {engine.name: engine for engine in (POSTGRES, MYSQL)}

WITHOUT_INSIGHTS = frozenset({("mysql", "db.t4g.micro"), ("mysql", "db.t4g.small")})
"""Where RDS refuses Performance Insights.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DatabaseInsights.Engines.html
"""
