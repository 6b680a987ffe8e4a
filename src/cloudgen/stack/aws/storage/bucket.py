"""Buckets in S3."""

from __future__ import annotations

from collections.abc import Mapping

from cloudgen.dataclass import dataclass
from cloudgen.spec.units import DAY
from cloudgen.stack import contract
from cloudgen.stack.aws.alarms import Alarm, Notice
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Grant, Role
from cloudgen.stack.aws.kms import use_key
from cloudgen.stack.aws.network.security_groups import Endpoint, SecurityGroup
from cloudgen.stack.aws.storage.access_logs import log_prefix
from cloudgen.stack.aws.storage.private_bucket import StoredIn, bucket_name
from cloudgen.stack.base import Address, Ref, SecretVariable, Template, Variable, label
from cloudgen.stack.held import Fact
from cloudgen.stack.kinds import InStorage
from cloudgen.stack.parity import Table, exact
from cloudgen.stack.readme import File
from cloudgen.stack.summary import SummaryRow

PARITY: Table = {
    "storage.buckets.*.versioning": exact("versioning of the S3 bucket"),
    "storage.buckets.*.expire_noncurrent_after": exact("a lifecycle rule of the S3 bucket"),
}
FILE = File("bucket.tf", "access_logs", "S3 buckets, and where access to them and to the load balancer is logged")
SHARED: tuple[Address, ...] = ()


@dataclass(frozen=True)
class Bucket(StoredIn, InStorage, section="buckets"):
    """A private bucket, rendered by bucket.tf."""

    name: str
    bucket_name: Template
    force_destroy: bool
    """Whether `terraform destroy` removes the bucket with everything in it."""
    versioned: bool
    noncurrent_days: int
    log_prefix: str
    """Where in the bucket of access logs its own lie."""
    notifies: bool
    """Whether it tells a function of new objects."""
    read_key_grants: tuple[Grant, ...]
    write_key_grants: tuple[Grant, ...]
    roles: tuple[Role, ...] = ()
    security_groups: tuple[SecurityGroup, ...] = ()
    size: None = None
    waiting: None = None

    @property
    def versioning_status(self) -> str:
        """A bucket that ever had versions cannot go back to none: "Suspended" is right for it, and for a new one.

        https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
        """
        return "Enabled" if self.versioned else "Suspended"

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of _bucket.tf.j2."""
        return (*super().blocks, Address("aws_s3_bucket_logging", self.label))

    @property
    def keeps(self) -> str:
        """All objects."""
        return "its objects, old versions included"

    def facts(self, encryption: str) -> tuple[Fact, ...]:  # noqa: ARG002
        """None: whatever the spec says of a bucket changes in place."""
        return ()

    @property
    def picture(self) -> str:
        """What it is."""
        return "S3 bucket"

    @property
    def row(self) -> SummaryRow:
        """What becomes of old versions."""
        values = {"versioning": self.versioning_status, "old versions": f"{self.noncurrent_days} d"}
        return SummaryRow("bucket", self.name, self.address.type, values)

    @property
    def environment(self) -> tuple[Variable, ...]:
        """The bucket's name and URL."""
        return contract.bucket(self.name, self.address.bucket, "s3")

    @property
    def secrets(self) -> tuple[SecretVariable, ...]:
        """None: the task role is all that S3 asks for."""
        return ()

    @property
    def parts(self) -> Mapping[str, Ref]:
        """Its ARN, which some programs want instead of the name."""
        return {"arn": self.address.arn}

    @property
    def secret_grants(self) -> tuple[Grant, ...]:
        """None, as there are no secrets."""
        return ()

    def grants(self, verb: str | None) -> tuple[Grant, ...]:
        """What reading takes; writing, the default, includes it.

        https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
        """
        read = (
            # Without it a missing object is "access denied" rather than "not found".
            Grant("ListBuckets", ("s3:ListBucket",), (self.address.arn,)),
            Grant("ReadObjects", ("s3:GetObject",), (self.objects,)),
            *self.read_key_grants,
        )
        if verb == "read":
            return read
        write = ("s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload")
        return (*read, Grant("WriteObjects", write, (self.objects,)), *self.write_key_grants)

    @property
    def endpoint(self) -> Endpoint | None:
        """None: S3 has a public API."""
        return None

    @property
    def vpc_endpoints(self) -> tuple[str, ...]:
        """None: every network has the gateway endpoint of S3, which costs nothing."""
        return ()

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """None: S3 has no limit that a bucket could run into."""
        return ()

    @property
    def notices(self) -> tuple[Notice, ...]:
        """None."""
        return ()

    @property
    def before(self) -> tuple[Address, ...]:
        """The first object is encrypted with the right key, and its first version is kept."""
        return (self.encryption, self.versioning)


def decide(foundation: Foundation) -> tuple[Bucket, ...]:
    """Decide the buckets, in the order of the spec."""
    deployment = foundation.deployment
    return tuple(
        Bucket(
            label=label(name),
            name=name,
            bucket_name=bucket_name(foundation, name),
            force_destroy=not deployment.security.deletion_protection,
            versioned=spec.versioning,
            noncurrent_days=spec.expire_noncurrent_after // DAY,
            log_prefix=log_prefix(name),
            notifies=any(each.trigger and each.trigger.bucket == name for each in deployment.containers.values()),
            read_key_grants=use_key(foundation, "DecryptObjects", "s3", "Decrypt"),
            write_key_grants=use_key(foundation, "EncryptObjects", "s3", "GenerateDataKey"),
        )
        for name, spec in deployment.storage.buckets.items()
    )
