"""Kept folders: a bucket of Cloud Storage for each, which Cloud Run mounts into its container.

No section of the spec has them: `containers.*.writable` asks for them, with `:keep`. Filestore would be a file system
with locks, and has 1 TiB at the least, at the price of several databases.
https://cloud.google.com/run/docs/configuring/services/cloud-storage-volume-mounts
"""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.spec.storage import Bucket as BucketSpec
from cloudgen.spec.units import DAY
from cloudgen.stack.base import Address, Variable
from cloudgen.stack.contract import IMAGE_USER
from cloudgen.stack.folders import KeptFolder, kept_folders
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import Grant, on_bucket
from cloudgen.stack.gcp.storage.private_bucket import PrivateBucket, before_bucket, bucket_name
from cloudgen.stack.kinds import Stated
from cloudgen.stack.naming import fit
from cloudgen.stack.parity import Table
from cloudgen.stack.readme import File
from cloudgen.stack.summary import SummaryRow

PARITY: Table = {}
FILE = File("file_system.tf", "storage.file_systems", "buckets of the folders that are kept")
SHARED: tuple[Address, ...] = ()

VERSIONS = BucketSpec()
"""How long older files can be had back: as long as in a bucket of the spec that does not say it."""
OPEN = ("dir-mode=777", "file-mode=666")
"""Everybody in the container may write: for images whose user is not known.

https://cloud.google.com/storage/docs/cloud-storage-fuse/cli-options
"""
LONGEST_VOLUME = 63
"""Characters of a volume's name, a label of DNS."""


@dataclass(frozen=True)
class FileSystem(PrivateBucket):
    """A bucket that is mounted, rendered by file_system.tf."""

    kept: KeptFolder
    options: tuple[str, ...]
    """Options of Cloud Storage FUSE, which gives everything to root else."""

    @property
    def stated(self) -> Stated:
        """The folder of the container."""
        return self.kept.stated

    @property
    def volume(self) -> str:
        """What Cloud Run calls it."""
        return fit(self.kept.folder.volume.lower().replace("_", "-"), LONGEST_VOLUME)

    @property
    def path(self) -> str:
        """Where it is mounted."""
        return self.kept.folder.path

    @property
    def environment(self) -> tuple[Variable, ...]:
        """None: the container knows its folder."""
        return ()

    def grants(self, verb: str | None) -> tuple[Grant, ...]:  # noqa: ARG002
        """Reading and writing. https://cloud.google.com/storage/docs/access-control/iam-roles."""
        return (Grant("roles/storage.objectUser", on_bucket(self.address)),)

    @property
    def keeps(self) -> str:
        """All files."""
        return "its files, old versions included"

    @property
    def picture(self) -> str:
        """Service and folder."""
        return f"Cloud Storage, {self.path}"

    @property
    def row(self) -> SummaryRow:
        """How it is mounted, and what becomes of older versions."""
        values = {"mounted by": "Cloud Storage FUSE", "older versions": f"of each file, for {self.noncurrent_days} d"}
        return SummaryRow("kept folder", self.kept.title, self.address.type, values)


def decide(foundation: Foundation) -> tuple[FileSystem, ...]:
    """Decide a bucket for each kept folder, in the order of the spec."""
    return tuple(_file_system(foundation, kept) for kept in kept_folders(foundation.deployment))


def _file_system(foundation: Foundation, kept: KeptFolder) -> FileSystem:
    container = foundation.deployment.containers[kept.container]
    user = container.user or IMAGE_USER
    # Cloud Run runs an image as the user that it names, whatever the spec says.
    known = container.built
    return FileSystem(
        name=kept.name,
        bucket_name=bucket_name(foundation, kept.cloud_name, kept.stated.path),
        force_destroy=not foundation.protected,
        versioning=VERSIONS.versioning,
        noncurrent_days=VERSIONS.expire_noncurrent_after // DAY,
        before_bucket=before_bucket(foundation),
        kept=kept,
        options=(f"uid={user}", f"gid={user}", *(() if known else OPEN)),
    )
