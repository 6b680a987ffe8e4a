"""Buckets in Cloud Storage."""

from __future__ import annotations

from collections.abc import Mapping

from cloudgen.dataclass import dataclass
from cloudgen.spec.units import DAY
from cloudgen.stack import contract
from cloudgen.stack.base import Address, SecretVariable, Variable, label
from cloudgen.stack.gcp.addresses import APIS_READY
from cloudgen.stack.gcp.agents import STORAGE, key_ready
from cloudgen.stack.gcp.alarms import Alarm
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import Grant, ServiceAccount, on_bucket
from cloudgen.stack.gcp.logs import Origin
from cloudgen.stack.gcp.storage.resource import Endpoint, Place
from cloudgen.stack.held import Fact
from cloudgen.stack.naming import fit
from cloudgen.stack.parity import Table, exact
from cloudgen.stack.readme import File, Size
from cloudgen.stack.summary import SummaryRow

PARITY: Table = {
    "storage.buckets.*.versioning": exact("versioning of the bucket in Cloud Storage"),
    "storage.buckets.*.expire_noncurrent_after": exact("a lifecycle rule of the bucket"),
}
FILE = File("bucket.tf", "storage.buckets", "Cloud Storage buckets")
SHARED: tuple[Address, ...] = ()
NAME_LIMIT = 63


@dataclass(frozen=True)
class Bucket:
    """A private bucket, rendered by bucket.tf."""

    name: str
    bucket_name: str
    force_destroy: bool
    """Whether `terraform destroy` removes the bucket with everything in it."""
    versioning: bool
    noncurrent_days: int
    before_bucket: tuple[Address, ...]
    agents: tuple[str, ...] = (STORAGE,)

    @property
    def label(self) -> str:
        """The Terraform label."""
        return label(self.name)

    @property
    def address(self) -> Address:
        """The bucket's address."""
        return Address("google_storage_bucket", self.label)

    @property
    def environment(self) -> tuple[Variable, ...]:
        """The bucket's name and URL."""
        return contract.bucket(self.name, self.address.name, "gs")

    def connected(self, verb: str | None, account: ServiceAccount) -> tuple[Variable, ...]:  # noqa: ARG002
        """Nothing: a bucket has one name for all."""
        return ()

    def parts(self, verb: str | None) -> Mapping[str, str]:  # noqa: ARG002
        """None beside what it is told by the names of the contract."""
        return {}

    @property
    def secrets(self) -> tuple[SecretVariable, ...]:
        """None: the service account is all that Cloud Storage asks for."""
        return ()

    def grants(self, verb: str | None) -> tuple[Grant, ...]:
        """What reading takes; writing, the default, includes it.

        https://cloud.google.com/storage/docs/access-control/iam-roles
        """
        role = "objectViewer" if verb == "read" else "objectUser"
        return (Grant(f"roles/storage.{role}", on_bucket(self.address)),)

    @property
    def endpoint(self) -> Endpoint | None:
        """None: Cloud Storage has a public API."""
        return None

    @property
    def apis(self) -> tuple[str, ...]:
        """The API of Cloud Storage."""
        return ("storage",)

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """None: Cloud Storage has no limit that a bucket could run into."""
        return ()

    @property
    def logs(self) -> tuple[Origin, ...]:
        """None: only audit logs, which account/ keeps."""
        return ()

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The bucket."""
        return (self.address,)

    @property
    def granted_agents(self) -> tuple[str, ...]:
        """None."""
        return ()

    @property
    def left_behind(self) -> tuple[str, ...]:
        """Nothing."""
        return ()

    @property
    def place(self) -> Place:
        """Behind a public API."""
        return "regional"

    @property
    def keeps(self) -> str:
        """All objects."""
        return "its objects, old versions included"

    def facts(self, encryption: str) -> tuple[Fact, ...]:  # noqa: ARG002
        """None: whatever the spec says of a bucket changes in place."""
        return ()

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

    @property
    def size(self) -> Size | None:
        """None: a bucket has no size."""
        return None

    @property
    def before(self) -> tuple[Address, ...]:
        """The bucket."""
        return (self.address,)


def decide(foundation: Foundation) -> tuple[Bucket, ...]:
    """Decide the buckets, in the order of the spec."""
    return tuple(
        Bucket(
            name=name,
            bucket_name=_bucket_name(foundation, name),
            force_destroy=not foundation.protected,
            versioning=spec.versioning,
            noncurrent_days=spec.expire_noncurrent_after // DAY,
            before_bucket=key_ready(foundation) or (APIS_READY,),
        )
        for name, spec in foundation.deployment.storage.buckets.items()
    )


def _bucket_name(foundation: Foundation, name: str) -> str:
    """The bucket's name, which the project's id makes unique in the world.

    https://cloud.google.com/storage/docs/buckets#naming
    """
    full = f"{foundation.prefix}-{name}-{foundation.project}"
    if "google" in full or full.startswith("goog"):
        foundation.problems.error(
            "reserved-name",
            "Cloud Storage takes no bucket whose name has `google` in it or begins with `goog`; "
            f"this one would be called {full}",
            ("storage", "buckets", name),
            "the name is made of the application, the environment, the bucket and the project: change one of them",
        )
    return fit(full, NAME_LIMIT)
