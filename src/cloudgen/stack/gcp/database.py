"""Databases: PostgreSQL and MySQL on Cloud SQL."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.errors import SpecPath
from cloudgen.spec.storage import Database as DatabaseSpec
from cloudgen.stack import contract
from cloudgen.stack.base import Address, Template, Variable, join, label
from cloudgen.stack.gcp.addresses import SERVICES_CONNECTION, SERVICES_RANGE
from cloudgen.stack.gcp.agents import key_ready
from cloudgen.stack.gcp.alarms import Alarm, Threshold
from cloudgen.stack.gcp.database_engines import (
    ENGINES,
    MAX_DISK,
    MAX_SHARED_DISK,
    SMALLEST_DEDICATED,
    TIERS,
    Engine,
    Flag,
    Tier,
)
from cloudgen.stack.gcp.database_password import Password, password
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import Grant, ServiceAccount, on_secret
from cloudgen.stack.gcp.resource import Endpoint, SecretVariable
from cloudgen.stack.naming import fit

DAY = 86400
GIB = 1024
LOG_DAYS = 7
"""How long the edition ENTERPRISE can keep the logs that points in time are restored from.

https://cloud.google.com/sql/docs/postgres/backup-recovery/pitr
"""
MEMORY_LIMIT = 95
"""Percent of the memory in use: near 100 the server is restarted."""


@dataclass(frozen=True)
class Database:
    """A database server with its database and user, rendered by database.tf."""

    name: str
    instance_name: Template
    project: str
    engine: Engine
    major_version: str
    tier: Tier
    user: str
    disk: int
    """GiB at the start."""
    max_disk: int
    """GiB up to which the disk grows by itself."""
    regional: bool
    """Whether a standby waits in another zone."""
    backups: int
    """Daily backups that are kept."""
    log_days: int | None
    """Days that one can go back to any second; None where only to a backup."""
    protected: bool
    password: Password
    before_instance: tuple[Address, ...]
    agents: tuple[str, ...]
    cpu_limit: float
    """Percent of CPU use from which on something is wrong."""
    disk_limit: float
    """Percent of the disk in use from which on something is wrong."""
    alarm_prefix: str

    @property
    def label(self) -> str:
        """The Terraform label."""
        return label(self.name)

    @property
    def address(self) -> Address:
        """The instance's address."""
        return Address("google_sql_database_instance", self.label)

    @property
    def version(self) -> str:
        """The engine and its version as the API writes them."""
        return self.engine.version(self.major_version)

    @property
    def older_version(self) -> bool:
        """Whether there is a newer version, which scanners would rather see."""
        return self.major_version not in self.engine.newest

    @property
    def availability(self) -> str:
        """Whether there is a standby, in the words of the API."""
        return "REGIONAL" if self.regional else "ZONAL"

    @property
    def flags(self) -> tuple[Flag, ...]:
        """Its settings."""
        return self.engine.flags

    @property
    def insights(self) -> bool:
        """Whether slow queries are recorded: not where the CPU is shared, which is too small for it."""
        return self.tier.dedicated

    @property
    def database_name(self) -> str:
        """The name of the database inside the server."""
        return contract.database_name(self.name)

    @property
    def environment(self) -> tuple[Variable, ...]:
        """Where to connect, and as whom."""
        return contract.database(
            self.name,
            host=self.address.private_ip_address,
            port=str(contract.DATABASE_PORTS[self.engine.name]),
            sslmode="require",
        )

    def connected(self, verb: str | None, account: ServiceAccount) -> tuple[Variable, ...]:  # noqa: ARG002
        """Nothing: every container logs in as the same user."""
        return ()

    @property
    def secrets(self) -> tuple[SecretVariable, ...]:
        """The password."""
        name = contract.database_password_name(self.name)
        return (SecretVariable(name, self.password.secret.secret_id, self.password.value.version),)

    def grants(self, verb: str | None) -> tuple[Grant, ...]:  # noqa: ARG002
        """Reading the password; the network decides who reaches the server."""
        return (Grant("roles/secretmanager.secretAccessor", on_secret(self.password.secret)),)

    @property
    def endpoint(self) -> Endpoint:
        """Where it accepts connections: somewhere in the range that was handed to Google."""
        addresses = join(SERVICES_RANGE.address, "/", SERVICES_RANGE.prefix_length)
        return Endpoint(contract.DATABASE_PORTS[self.engine.name], [addresses], f"{self.engine.title} of {self.name}")

    @property
    def apis(self) -> tuple[str, ...]:
        """Cloud SQL, the peering with Google's network, and where the password is kept."""
        return ("secretmanager", "servicenetworking", "sqladmin")

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """CPU, disk and memory. Connections have no sound limit: it follows from memory that Google sets itself."""
        return (
            self._alarm("cpu", self.cpu_limit, f"uses more than {self.cpu_limit:g}% of its CPU"),
            self._alarm(
                "disk",
                self.disk_limit,
                f"uses more than {self.disk_limit:g}% of its disk, which grows by itself up to {self.max_disk} GiB",
            ),
            self._alarm("memory", MEMORY_LIMIT, f"uses more than {MEMORY_LIMIT}% of its memory"),
        )

    @property
    def before(self) -> tuple[Address, ...]:
        """The database, and the user with its password."""
        return (Address("google_sql_database", self.label), Address("google_sql_user", self.label))

    def _alarm(self, kind: str, percent: float, what: str) -> Alarm:
        """https://cloud.google.com/monitoring/api/metrics_gcp_c#gcp-cloudsql."""
        return Alarm(
            label=f"{self.label}_database_{kind}",
            name=f"{self.alarm_prefix}: database {self.name} {kind}",
            description=f"Database {self.name} {what}.",
            condition=Threshold(
                filter=join(
                    f'metric.type = "cloudsql.googleapis.com/database/{kind}/utilization"'
                    ' AND resource.type = "cloudsql_database"'
                    f' AND resource.labels.database_id = "{self.project}:',
                    self.address.name,
                    '"',
                ),
                aligner="ALIGN_MEAN",
                value=percent / 100,
            ),
            duration=900,
        )


def instance_name(foundation: Foundation, name: str) -> Template:
    """The name of a database's instance, with a random end.

    The project's id and the instance's name have 98 characters at most: 30, a colon, 62, and 5 at the end.
    https://cloud.google.com/sql/docs/postgres/instance-settings
    """
    return join(f"{fit(f'{foundation.prefix}-{name}', 62)}-", Address("random_id", label(name)).hex)


def databases(foundation: Foundation) -> tuple[Database, ...]:
    """Decide the databases, in the order of the spec."""
    return tuple(_database(foundation, name, spec) for name, spec in foundation.deployment.storage.databases.items())


def _database(foundation: Foundation, name: str, spec: DatabaseSpec) -> Database:
    deployment, prefix = foundation.deployment, foundation.prefix
    path: SpecPath = ("storage", "databases", name)
    engine = ENGINES[spec.engine]
    disk = -(-spec.disk // GIB)
    _check(foundation, name, spec, path)
    tier = _tier(foundation, name, spec, disk)
    days = spec.backups.retention // DAY
    point_in_time = spec.backups.point_in_time or spec.high_availability
    return Database(
        name=name,
        instance_name=instance_name(foundation, name),
        project=foundation.project,
        engine=engine,
        major_version=spec.major_version,
        tier=tier,
        user=contract.DATABASE_USER,
        disk=disk,
        max_disk=min(10 * disk, MAX_DISK if tier.dedicated else MAX_SHARED_DISK),
        regional=spec.high_availability,
        backups=days,
        log_days=min(days, LOG_DAYS) if point_in_time else None,
        protected=foundation.protected,
        password=password(foundation, name),
        before_instance=(SERVICES_CONNECTION, *key_ready(foundation, "database")),
        agents=("database", "secrets"),
        cpu_limit=deployment.monitoring.alerts.cpu,
        disk_limit=deployment.monitoring.alerts.database_disk,
        alarm_prefix=prefix,
    )


def _tier(foundation: Foundation, name: str, spec: DatabaseSpec, disk: int) -> Tier:
    """The tier of the size, or the smallest with a CPU of its own where a shared one would break a promise."""
    tier = TIERS[spec.size]
    if tier.dedicated or not (spec.high_availability or disk > MAX_SHARED_DISK):
        return tier
    why = (
        "Google promises no availability for tiers that share a CPU"
        if spec.high_availability
        else f"tiers that share a CPU have {MAX_SHARED_DISK} GiB of disk at most"
    )
    foundation.problems.warning(
        "rounded-size",
        f"{why}: database `{name}` gets {SMALLEST_DEDICATED.name}",
        ("storage", "databases", name, "size"),
        "write size: medium",
    )
    return SMALLEST_DEDICATED


def _check(foundation: Foundation, name: str, spec: DatabaseSpec, path: SpecPath) -> None:
    """Record what Cloud SQL cannot do, or does in another way."""
    problems, engine = foundation.problems, ENGINES[spec.engine]
    if contract.database_name(name) in contract.RESERVED_DATABASE_NAMES[engine.name]:
        problems.error("reserved-name", f"every {engine.title} has a database `{name}`", path, "choose another name")
    if spec.disk % GIB:
        rounded = -(-spec.disk // GIB)
        problems.warning("rounded-size", f"Cloud SQL counts disks in whole GiB: {rounded}Gi are used", (*path, "disk"))
    if spec.high_availability and not spec.backups.point_in_time:
        problems.warning(
            "approximated",
            "Cloud SQL keeps a standby by what a restore to any second needs: point_in_time stays on",
            (*path, "backups", "point_in_time"),
        )
    if spec.backups.point_in_time and spec.backups.retention > LOG_DAYS * DAY:
        problems.warning(
            "capped",
            f"database `{name}` can be restored to any second of the last {LOG_DAYS} days on Cloud SQL; "
            f"its daily backups are kept for {spec.backups.retention // DAY} days",
            (*path, "backups", "retention"),
        )
    if spec.major_version in engine.extended_support:
        problems.warning(
            "extended-support",
            f"{engine.title} {spec.major_version} is past its community support: Google charges for Extended Support",
            (*path, "version"),
            "use a newer version",
        )
