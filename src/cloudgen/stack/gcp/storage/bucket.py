"""Buckets in Cloud Storage."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.spec.units import DAY
from cloudgen.stack import contract
from cloudgen.stack.base import Address, Variable
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import Grant, on_bucket
from cloudgen.stack.gcp.storage.private_bucket import PrivateBucket, before_bucket, bucket_name
from cloudgen.stack.kinds import InStorage
from cloudgen.stack.parity import Table, exact
from cloudgen.stack.readme import File
from cloudgen.stack.summary import SummaryRow

PARITY: Table = {
    "storage.buckets.*.versioning": exact("versioning of the bucket in Cloud Storage"),
    "storage.buckets.*.expire_noncurrent_after": exact("a lifecycle rule of the bucket"),
}
FILE = File("bucket.tf", "storage.buckets", "Cloud Storage buckets")
SHARED: tuple[Address, ...] = ()


@dataclass(frozen=True)
class Bucket(PrivateBucket, InStorage, section="buckets"):
    """A bucket of the spec, rendered by bucket.tf."""

    @property
    def environment(self) -> tuple[Variable, ...]:
        """The bucket's name and URL."""
        return contract.bucket(self.name, self.address.name, "gs")

    def grants(self, verb: str | None) -> tuple[Grant, ...]:
        """What reading takes; writing, the default, includes it.

        https://cloud.google.com/storage/docs/access-control/iam-roles
        """
        role = "objectViewer" if verb == "read" else "objectUser"
        return (Grant(f"roles/storage.{role}", on_bucket(self.address)),)

    @property
    def keeps(self) -> str:
        """All objects."""
        return "its objects, old versions included"

    @property
    def picture(self) -> str:
        """What stands in the picture."""
        return "Cloud Storage bucket"

    @property
    def row(self) -> SummaryRow:
        """What `explain` shows of it."""
        versioning = "Enabled" if self.versioning else "Suspended"
        values = {"versioning": versioning, "old versions": f"{self.noncurrent_days} d"}
        return SummaryRow("bucket", self.name, self.address.type, values)


def decide(foundation: Foundation) -> tuple[Bucket, ...]:
    """Decide the buckets, in the order of the spec."""
    return tuple(
        Bucket(
            name=name,
            bucket_name=bucket_name(foundation, name, ("storage", "buckets", name)),
            force_destroy=not foundation.protected,
            versioning=spec.versioning,
            noncurrent_days=spec.expire_noncurrent_after // DAY,
            before_bucket=before_bucket(foundation),
        )
        for name, spec in foundation.deployment.storage.buckets.items()
    )
