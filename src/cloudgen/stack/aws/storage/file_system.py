"""Kept folders: a file system of EFS for each, which the tasks of its container mount.

No section of the spec has them: `containers.*.writable` asks for them, with `:keep`.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html
"""

from __future__ import annotations

from collections.abc import Mapping

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws.alarms import Alarm, Metric, Notice
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Condition, Grant, Role
from cloudgen.stack.aws.network.network import ISOLATED
from cloudgen.stack.aws.network.security_groups import Endpoint, SecurityGroup, admit
from cloudgen.stack.aws.storage.connections import consumers
from cloudgen.stack.base import Address, Ref, SecretVariable, Template, Variable, label
from cloudgen.stack.contract import IMAGE_USER
from cloudgen.stack.folders import KeptFolder, kept_folders
from cloudgen.stack.held import Fact
from cloudgen.stack.holding import encrypted_with
from cloudgen.stack.kinds import Stated
from cloudgen.stack.naming import fit
from cloudgen.stack.parity import Table
from cloudgen.stack.readme import File
from cloudgen.stack.summary import SummaryRow
from cloudgen.stack.thresholds import FILE_OPERATIONS

PARITY: Table = {}
FILE = File("file_system.tf", "storage.file_systems", "EFS file systems, which hold the folders that are kept")
SHARED: tuple[Address, ...] = ()

PORT = 2049
"""NFS. https://docs.aws.amazon.com/efs/latest/ug/network-access.html"""
ROOT = "/files"
"""What is mounted: the root itself belongs to root, and an access point can make a folder only."""
CLIENT = ("elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite")
"""What a container does with its files. Root's rights (`ClientRootAccess`) are for nobody.

https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
"""
LONGEST = 255
"""Characters of an alarm's name, and of a security group's name and description."""
LONGEST_GROUP = 200
"""Characters, so that what the provider adds to the name of a security group fits."""


@dataclass(frozen=True)
class FileSystem:
    """A file system, rendered by file_system.tf."""

    kept: KeptFolder
    title: str
    """What it is called in the console."""
    protected: bool
    security_groups: tuple[SecurityGroup, ...]
    alarm: Alarm
    subnets: Address = ISOLATED
    """Where its mount targets are, one in each."""
    user: int = IMAGE_USER
    """Whom everything in it belongs to, whoever the container runs as."""
    root: str = ROOT
    roles: tuple[Role, ...] = ()
    size: None = None
    waiting: None = None

    @property
    def name(self) -> str:
        """What other parts call it."""
        return self.kept.name

    @property
    def stated(self) -> Stated:
        """The folder of the container."""
        return self.kept.stated

    @property
    def label(self) -> str:
        """The Terraform label."""
        return label(self.name)

    @property
    def volume(self) -> str:
        """What the task definition calls it."""
        return self.kept.folder.volume

    @property
    def address(self) -> Address:
        """The file system's address."""
        return Address("aws_efs_file_system", self.label)

    @property
    def access_point(self) -> Address:
        """Where the container comes in."""
        return Address("aws_efs_access_point", self.label)

    @property
    def mount_targets(self) -> Address:
        """Its addresses in the network, one in each zone."""
        return Address("aws_efs_mount_target", self.label)

    @property
    def document(self) -> Address:
        """Its policy document; roles have documents, too, so this one says what it is about."""
        return Address("data.aws_iam_policy_document", f"{self.label}_file_system")

    @property
    def policy(self) -> Address:
        """Its policy."""
        return Address("aws_efs_file_system_policy", self.label)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of _file_system.tf.j2."""
        groups = (address for group in self.security_groups for address in group.addresses)
        backups = Address("aws_efs_backup_policy", self.label)
        return (*groups, self.address, backups, self.mount_targets, self.access_point, self.document, self.policy)

    @property
    def security_group_ids(self) -> tuple[object, ...]:
        """The security groups of its mount targets."""
        return tuple(group.address.id for group in self.security_groups)

    @property
    def client_actions(self) -> tuple[str, ...]:
        """What clients may do at all."""
        return (*CLIENT, "elasticfilesystem:ClientRootAccess")

    @property
    def keeps(self) -> str:
        """All files. The backups lie in a vault of EFS's own, and stay."""
        return "its files; its backups stay for 35 days"

    def facts(self, encryption: str) -> tuple[Fact, ...]:
        """The key is chosen with the file system; where none is stated, the provider takes the one that it has."""
        why = "EFS cannot encrypt a file system with another key, so a new one takes its place, empty"
        return (encrypted_with(encryption, why, both_ways=False),)

    @property
    def picture(self) -> str:
        """Service and folder."""
        return f"EFS, {self.kept.folder.path}"

    @property
    def row(self) -> SummaryRow:
        """Where it is mounted, and what becomes of older versions."""
        values = {"mounted by": "NFS, with TLS", "older versions": "a backup a day, for 35 d"}
        return SummaryRow("kept folder", self.kept.title, self.address.type, values)

    @property
    def environment(self) -> tuple[Variable, ...]:
        """None: the container knows its folder."""
        return ()

    @property
    def secrets(self) -> tuple[SecretVariable, ...]:
        """None: the task role is all that EFS asks for."""
        return ()

    @property
    def parts(self) -> Mapping[str, str | Ref | Template]:
        """None."""
        return {}

    @property
    def secret_grants(self) -> tuple[Grant, ...]:
        """None, as there are no secrets."""
        return ()

    def grants(self, verb: str | None) -> tuple[Grant, ...]:  # noqa: ARG002
        """Reading and writing, by the access point only."""
        by = Condition("StringEquals", "elasticfilesystem:AccessPointArn", (self.access_point.arn,))
        return (Grant("UseKeptFolders", CLIENT, (self.address.arn,), (by,)),)

    @property
    def endpoint(self) -> Endpoint:
        """Where its mount targets accept connections."""
        return Endpoint(self.security_groups[0].address, PORT, self.kept.folder.path)

    @property
    def vpc_endpoints(self) -> tuple[str, ...]:
        """None: its mount targets are in the network."""
        return ()

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """How near it is to the operations that it can do."""
        return (self.alarm,)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """None."""
        return ()

    @property
    def before(self) -> tuple[Address, ...]:
        """A task that starts before its mount targets are there, or before the policy, ends at once."""
        return (self.mount_targets, self.policy)


def decide(foundation: Foundation) -> tuple[FileSystem, ...]:
    """Decide a file system for each kept folder, in the order of the spec."""
    return tuple(_file_system(foundation, kept) for kept in kept_folders(foundation.deployment))


def _file_system(foundation: Foundation, kept: KeptFolder) -> FileSystem:
    full = f"{foundation.prefix}-{kept.cloud_name}"
    path = kept.folder.path
    title = f"{kept.container} to {path}"
    group = SecurityGroup(
        label=label(f"{kept.name}-files"),
        name_prefix=f"{fit(full, LONGEST_GROUP)}-files-",
        description=f"Kept folder {path} of {kept.container}"[:LONGEST],
        ingress=admit(kept.name, path, consumers(foundation.deployment, kept.name), PORT),
    )
    return FileSystem(
        kept=kept,
        # https://docs.aws.amazon.com/efs/latest/ug/API_Tag.html: 256 characters.
        title=fit(full, 256),
        protected=foundation.deployment.security.deletion_protection,
        security_groups=(group,),
        alarm=_alarm(fit(f"{full}-files-operations", LONGEST), kept, title),
    )


def _alarm(name: str, kept: KeptFolder, title: str) -> Alarm:
    """How much is used of the operations that a file system can do at a time.

    https://docs.aws.amazon.com/efs/latest/ug/efs-metrics.html (PercentIOLimit)
    """
    address = Address("aws_efs_file_system", label(kept.name))
    return Alarm(
        label=f"{label(kept.name)}_files_operations",
        name=name,
        description=f"{title}: EFS has been near its limit of operations for 15 minutes, and slows down",
        comparison="GreaterThanThreshold",
        threshold=FILE_OPERATIONS,
        evaluation_periods=3,
        datapoints_to_alarm=3,
        metric=Metric("AWS/EFS", "PercentIOLimit", "Average", {"FileSystemId": address.id}, period=300),
    )
