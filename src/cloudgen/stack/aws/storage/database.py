"""Databases: PostgreSQL and MySQL on RDS."""

from __future__ import annotations

from collections.abc import Mapping

from cloudgen.dataclass import dataclass, field
from cloudgen.spec.storage import Database as DatabaseSpec
from cloudgen.spec.units import DAY, GIB
from cloudgen.stack import contract
from cloudgen.stack.aws.alarms import Alarm, Notice
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Grant, Role
from cloudgen.stack.aws.kms import use_key
from cloudgen.stack.aws.network.security_groups import Endpoint, SecurityGroup, admit
from cloudgen.stack.aws.sizes import RDS, InstanceClass
from cloudgen.stack.aws.storage.connections import consumers
from cloudgen.stack.aws.storage.database_alarms import database_alarms, disk_events
from cloudgen.stack.aws.storage.database_checks import PARITY, check_database
from cloudgen.stack.aws.storage.database_engines import ENGINES, WITHOUT_INSIGHTS, Engine, LogGroup, Parameter
from cloudgen.stack.aws.storage.database_role import monitoring_role
from cloudgen.stack.base import Address, Ref, SecretVariable, Variable, label
from cloudgen.stack.held import Fact
from cloudgen.stack.holding import database_facts
from cloudgen.stack.kinds import InStorage
from cloudgen.stack.naming import fit
from cloudgen.stack.readme import File, Size
from cloudgen.stack.summary import SummaryRow

__all__ = ["FILE", "PARITY", "SHARED", "Database", "decide"]

MAX_DISK = 65536
"""GiB. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html"""


FILE = File("database.tf", "storage.databases", "RDS databases")
SUBNETS = Address("aws_db_subnet_group", "main")
SHARED = (SUBNETS,)


@dataclass(frozen=True)
class Database(InStorage, section="databases"):
    """A database server, rendered by database.tf."""

    name: str
    identifier: str
    engine: Engine
    version: str
    instance_class: InstanceClass
    user: str
    disk: int
    """GiB at the start."""
    max_disk: int
    """GiB up to which the disk grows by itself."""
    multi_az: bool
    backup_days: int
    protected: bool
    extended_support: str
    insights: bool
    log_groups: tuple[LogGroup, ...]
    security_groups: tuple[SecurityGroup, ...]
    monitoring_role: Role
    key_grants: tuple[Grant, ...]
    cpu_limit: float
    """Percent of CPU use from which on something is wrong."""
    disk_limit: float
    """Percent of the disk in use from which on something is wrong."""
    alarm_prefix: str
    asked: str
    """The size in the words of the spec."""
    subnets: Address = SUBNETS
    keeps: str = "its data and its automatic backups"
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The Terraform label."""
        return label(self.name)

    @property
    def address(self) -> Address:
        """The instance's address."""
        return Address("aws_db_instance", self.label)

    @property
    def parameter_group(self) -> Address:
        """The address of its settings."""
        return Address("aws_db_parameter_group", self.label)

    @property
    def parameter_group_prefix(self) -> str:
        """What the name of its settings begins with; AWS completes it."""
        return f"{self.identifier}-{self.family.replace('.', '')}-"

    @property
    def parameter_group_title(self) -> str:
        """What its settings are called in the console."""
        return f"{self.engine.title} {self.version} of {self.identifier}"

    @property
    def family(self) -> str:
        """The family of its settings."""
        return self.engine.family(self.version)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its settings."""
        return self.engine.parameters

    @property
    def database_name(self) -> str:
        """The name of the database inside the server."""
        return contract.database_name(self.name)

    @property
    def final_snapshot(self) -> str:
        """The snapshot that is taken when the server is destroyed."""
        return f"{self.identifier}-final"

    @property
    def unprotected(self) -> bool:
        """Whether the server may go without a snapshot, and its backups with it."""
        return not self.protected

    @property
    def secret_arn(self) -> Ref:
        """The secret in which RDS keeps the password."""
        return Ref(f"{self.address}.master_user_secret[0].secret_arn")

    @property
    def secret_value(self) -> Ref:
        """The name of the local value that holds the ARN of that secret.

        Terraform reads data that names a changing resource only when it applies: the policy would be in every plan.
        https://developer.hashicorp.com/terraform/language/data-sources#dependencies
        """
        return Ref(f"{self.label}_password_arn")

    @property
    def security_group_ids(self) -> tuple[object, ...]:
        """The security groups of the server."""
        return tuple(group.address.id for group in self.security_groups)

    @property
    def log_names(self) -> tuple[str, ...]:
        """The logs that go to CloudWatch."""
        return self.engine.logs

    @property
    def needs(self) -> tuple[Address, ...]:
        """RDS makes log groups that it misses, unencrypted and kept for ever; and it checks the role's permissions."""
        groups = tuple(Address("aws_cloudwatch_log_group", group.label) for group in self.log_groups)
        attachments = self.monitoring_role.attachments
        return (*groups, *(Address("aws_iam_role_policy_attachment", part.label) for part in attachments))

    @property
    def roles(self) -> tuple[Role, ...]:
        """The role that enhanced monitoring needs, shared by all databases."""
        return (self.monitoring_role,)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of _database.tf.j2."""
        return (
            *(address for group in self.security_groups for address in group.addresses),
            self.parameter_group,
            *(Address("aws_cloudwatch_log_group", group.label) for group in self.log_groups),
            self.address,
            Address("aws_secretsmanager_secret_rotation", self.label),
        )

    def facts(self, encryption: str) -> tuple[Fact, ...]:
        """https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html."""
        window = "it does not answer for minutes, in its maintenance window"
        return database_facts("RDS", self.engine.name, self.version, self.asked, encryption, window, window)

    @property
    def picture(self) -> str:
        """Service, engine and major version."""
        return f"RDS {self.engine.title} {self.version}"

    @property
    def size(self) -> Size:
        """The class of the instance, and its disk."""
        given = f"RDS, {self.instance_class.name}, {self.disk} to {self.max_disk} GiB of disk"
        return Size(self.name, self.asked, given)

    @property
    def row(self) -> SummaryRow:
        """Engine, size and what keeps the data."""
        values = {
            "engine": f"{self.engine.title} {self.version}",
            "size": self.instance_class.name,
            "disk": f"{self.disk} to {self.max_disk} GiB",
            "standby": "in a second zone" if self.multi_az else "none",
            "backups": f"{self.backup_days} d, any second of them",
        }
        return SummaryRow("database", self.name, self.address.type, values)

    @property
    def environment(self) -> tuple[Variable, ...]:
        """Where to connect, and as whom."""
        return contract.database(
            self.name, host=self.address.address, port=str(contract.DATABASE_PORTS[self.engine.name]), sslmode="require"
        )

    @property
    def secrets(self) -> tuple[SecretVariable, ...]:
        """The password: one key of the JSON text that RDS keeps.

        https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
        """
        return (contract.database_password(self.name, self.secret_arn, key="password"),)

    @property
    def secret_grants(self) -> tuple[Grant, ...]:
        """What an execution role needs to read the password."""
        read = Grant("ReadSecrets", ("secretsmanager:GetSecretValue",), (Ref(f"local.{self.secret_value.expression}"),))
        return (read, *self.key_grants)

    def grants(self, verb: str | None) -> tuple[Grant, ...]:  # noqa: ARG002
        """None: the application logs in with the password."""
        return ()

    @property
    def endpoint(self) -> Endpoint:
        """Where it accepts connections."""
        return Endpoint(self.security_groups[0].address, contract.DATABASE_PORTS[self.engine.name], self.name)

    @property
    def vpc_endpoints(self) -> tuple[str, ...]:
        """ECS reads the password from within the network."""
        return ("secretsmanager",)

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """CPU, disk, memory, connections and CPU credits."""
        return database_alarms(self)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """The disk is near the limit that it grows to."""
        return (disk_events(self),)

    @property
    def before(self) -> tuple[Address, ...]:
        """The server, whose password exists with it."""
        return (self.address,)


def decide(foundation: Foundation) -> tuple[Database, ...]:
    """Decide the databases, in the order of the spec."""
    specs = foundation.deployment.storage.databases
    if not specs:
        return ()
    monitoring = monitoring_role(foundation)
    return tuple(_database(foundation, name, spec, monitoring) for name, spec in specs.items())


def _database(foundation: Foundation, name: str, spec: DatabaseSpec, monitoring: Role) -> Database:
    deployment, prefix = foundation.deployment, foundation.prefix
    engine, version = ENGINES[spec.engine], spec.major_version
    # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
    identifier = fit(f"{prefix}-{name}", 63)
    check_database(foundation, name, spec)
    instance_class = RDS[spec.size]
    disk = -(-spec.disk // GIB)
    group = SecurityGroup(
        label=label(f"{name}-database"),
        name_prefix=f"{prefix}-{name}-database-",
        description=f"Database {name}",
        ingress=admit(name, name, consumers(deployment, name), contract.DATABASE_PORTS[spec.engine]),
    )
    return Database(
        name=name,
        identifier=identifier,
        engine=engine,
        version=version,
        instance_class=instance_class,
        user=contract.DATABASE_USER,
        disk=disk,
        max_disk=min(10 * disk, MAX_DISK),
        multi_az=spec.high_availability,
        backup_days=spec.backups.retention // DAY,
        protected=deployment.security.deletion_protection,
        extended_support="open-source-rds-extended-support"
        + ("" if version in engine.extended_support else "-disabled"),
        insights=(engine.name, instance_class.name) not in WITHOUT_INSIGHTS,
        log_groups=tuple(
            LogGroup(label(f"{name}-{log}"), f"/aws/rds/instance/{identifier}/{log}", foundation.log_retention)
            for log in engine.logs
        ),
        security_groups=(group,),
        monitoring_role=monitoring,
        key_grants=use_key(foundation, "DecryptSecrets", "secretsmanager", "Decrypt"),
        cpu_limit=deployment.monitoring.alerts.cpu,
        disk_limit=deployment.monitoring.alerts.database_disk,
        alarm_prefix=f"{prefix}-{name}",
        asked=spec.size,
    )
