"""Databases: PostgreSQL and MySQL on Cloud SQL."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.spec.storage import Database as DatabaseSpec
from cloudgen.spec.units import DAY, GIB
from cloudgen.stack import contract
from cloudgen.stack.base import Address, SecretVariable, Template, Variable, join, label
from cloudgen.stack.gcp.addresses import SERVICES_CONNECTION, SERVICES_RANGE
from cloudgen.stack.gcp.agents import key_ready
from cloudgen.stack.gcp.alarms import Alarm
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import Grant, ServiceAccount, on_secret
from cloudgen.stack.gcp.logs import Origin
from cloudgen.stack.gcp.sizes import Tier
from cloudgen.stack.gcp.storage.database_alarms import Watched
from cloudgen.stack.gcp.storage.database_checks import LOG_DAYS, PARITY, check, choose_tier
from cloudgen.stack.gcp.storage.database_engines import (
    ENGINES,
    MAX_DISK,
    MAX_SHARED_DISK,
    Engine,
    Flag,
)
from cloudgen.stack.gcp.storage.database_password import Password, password
from cloudgen.stack.gcp.storage.resource import Endpoint, Place
from cloudgen.stack.held import Fact
from cloudgen.stack.holding import database_facts
from cloudgen.stack.kinds import InStorage
from cloudgen.stack.naming import fit
from cloudgen.stack.readme import File, Size
from cloudgen.stack.summary import SummaryRow

__all__ = ["FILE", "PARITY", "SHARED", "Database", "decide"]

FILE = File("database.tf", "storage.databases", "Cloud SQL databases, their users and passwords")
SHARED: tuple[Address, ...] = ()


@dataclass(frozen=True)
class Database(InStorage, section="databases"):
    """A database server with its database and user, rendered by database.tf."""

    name: str
    instance_name: Template
    project: str
    engine: Engine
    major_version: str
    tier: Tier
    asked: str
    """The size in the spec."""
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
    watched: Watched

    @property
    def label(self) -> str:
        """The Terraform label."""
        return label(self.name)

    @property
    def address(self) -> Address:
        """The instance's address."""
        return Address("google_sql_database_instance", self.label)

    @property
    def engine_address(self) -> Address:
        """What remembers the engine, so that another one is another server."""
        return Address("terraform_data", f"{self.label}_engine")

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

    def parts(self, verb: str | None) -> dict[str, str]:  # noqa: ARG002
        """None beside what it is told by the names of the contract."""
        return {}

    @property
    def secrets(self) -> tuple[SecretVariable, ...]:
        """The password."""
        stored = self.password
        return (contract.database_password(self.name, stored.secret.secret_id, version=stored.value.version),)

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
        """CPU, disk, memory and connections."""
        return self.watched.alarms

    @property
    def logs(self) -> tuple[Origin, ...]:
        """The log of the server."""
        return (Origin("cloudsql_database", "database_id", join(f"{self.project}:", *self.instance_name.parts)),)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The server, the database, the user, and the password."""
        return (
            Address("random_id", self.label),
            self.engine_address,
            self.address,
            Address("google_sql_database", self.label),
            Address("google_sql_user", self.label),
            *self.password.blocks,
        )

    @property
    def granted_agents(self) -> tuple[str, ...]:
        """None."""
        return ()

    @property
    def left_behind(self) -> tuple[str, ...]:
        """The peering."""
        return ("the peering of the network with Google's, until you remove it as shown above",)

    @property
    def place(self) -> Place:
        """In Google's network."""
        return "peered"

    @property
    def keeps(self) -> str:
        """The data, and the backups that Cloud SQL keeps with the server."""
        return "its data and its automatic backups"

    def facts(self, encryption: str) -> tuple[Fact, ...]:
        """https://cloud.google.com/sql/docs/postgres/instance-settings."""
        upgrade, resize = "it does not answer for minutes", "it does not answer for a minute"
        return database_facts(
            "Cloud SQL", self.engine.name, self.major_version, self.asked, encryption, upgrade, resize
        )

    @property
    def picture(self) -> str:
        """What stands in the picture."""
        return f"Cloud SQL {self.engine.title} {self.major_version}"

    @property
    def row(self) -> SummaryRow:
        """What `explain` shows of it."""
        restore = f"any second of {self.log_days} d" if self.log_days else "no second between them"
        values = {
            "engine": f"{self.engine.title} {self.major_version}",
            "size": self.tier.name,
            "disk": f"{self.disk} to {self.max_disk} GiB",
            "standby": "in a second zone" if self.regional else "none",
            "backups": f"{self.backups} d, {restore}",
        }
        return SummaryRow("database", self.name, self.address.type, values)

    @property
    def size(self) -> Size:
        """Tier and disk."""
        return Size(self.name, self.asked, f"Cloud SQL, {self.tier.name}, {self.disk} to {self.max_disk} GiB of disk")

    @property
    def before(self) -> tuple[Address, ...]:
        """The database, and the user with its password."""
        return (Address("google_sql_database", self.label), Address("google_sql_user", self.label))


def instance_name(foundation: Foundation, name: str) -> Template:
    """The name of a database's instance, with a random end.

    The project's id and the instance's name have 98 characters at most: 30, a colon, 62, and 5 at the end.
    https://cloud.google.com/sql/docs/postgres/instance-settings
    """
    return join(f"{fit(f'{foundation.prefix}-{name}', 62)}-", Address("random_id", label(name)).hex)


def decide(foundation: Foundation) -> tuple[Database, ...]:
    """Decide the databases, in the order of the spec."""
    return tuple(_database(foundation, name, spec) for name, spec in foundation.deployment.storage.databases.items())


def _database(foundation: Foundation, name: str, spec: DatabaseSpec) -> Database:
    engine = ENGINES[spec.engine]
    disk = -(-spec.disk // GIB)
    check(foundation, name, spec)
    tier = choose_tier(foundation, name, spec, disk)
    max_disk = min(10 * disk, MAX_DISK if tier.dedicated else MAX_SHARED_DISK)
    days = spec.backups.retention // DAY
    point_in_time = spec.backups.point_in_time or spec.high_availability
    return Database(
        name=name,
        instance_name=instance_name(foundation, name),
        project=foundation.project,
        engine=engine,
        major_version=spec.major_version,
        tier=tier,
        asked=spec.size,
        user=contract.DATABASE_USER,
        disk=disk,
        max_disk=max_disk,
        regional=spec.high_availability,
        backups=days,
        log_days=min(days, LOG_DAYS) if point_in_time else None,
        protected=foundation.protected,
        password=password(foundation, name),
        before_instance=(SERVICES_CONNECTION, *key_ready(foundation)),
        agents=("database", "secrets"),
        watched=Watched(name, foundation, max_disk, engine.connections[tier.name], engine.connections_metric),
    )
