"""What RDS calls the engines and sizes of the spec, and what each can do."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws.storage import reserved_words


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
)

ENGINES = {engine.name: engine for engine in (POSTGRES, MYSQL)}


@dataclass(frozen=True)
class InstanceClass:
    """A size of database server."""

    name: str
    memory: int
    """GiB."""


CLASSES = {
    "xsmall": InstanceClass("db.t4g.micro", 1),
    "small": InstanceClass("db.t4g.small", 2),
    "medium": InstanceClass("db.t4g.medium", 4),
    "large": InstanceClass("db.m7g.large", 8),
    "xlarge": InstanceClass("db.m7g.xlarge", 16),
    "2xlarge": InstanceClass("db.m7g.2xlarge", 32),
}
"""The class of each size.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
"""

WITHOUT_INSIGHTS = frozenset({("mysql", "db.t4g.micro"), ("mysql", "db.t4g.small")})
"""Where RDS refuses Performance Insights.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DatabaseInsights.Engines.html
"""
