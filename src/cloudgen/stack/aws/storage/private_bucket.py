"""What all buckets have in common: those of the spec, that of the access logs, and those of other modules."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.base import Address, Ref, Template, join
from cloudgen.stack.naming import fit

LONGEST_NAME = 63
ACCOUNT_ID = 12
"""Characters of an account's id, which may be known to terraform only."""


@dataclass(frozen=True)
class StoredIn:
    """What the companions of a bucket (policy, versioning, encryption) need to know of it."""

    label: str

    @property
    def address(self) -> Address:
        """The bucket's address."""
        return Address("aws_s3_bucket", self.label)

    @property
    def objects(self) -> Template:
        """The ARN that stands for every object."""
        return join(self.address.arn, "/*")

    @property
    def everything(self) -> tuple[Ref | Template, ...]:
        """The bucket and its objects, as a policy names them."""
        return (self.address.arn, self.objects)

    @property
    def document_label(self) -> str:
        """The label of its policy document; roles have documents, too, so this one says what it is about."""
        return f"{self.label}_bucket"

    @property
    def document(self) -> Address:
        """Its policy document."""
        return Address("data.aws_iam_policy_document", self.document_label)

    @property
    def policy(self) -> Address:
        """Its policy."""
        return Address("aws_s3_bucket_policy", self.label)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The bucket and its companions."""
        return (
            self.address,
            self.public_access_block,
            Address("aws_s3_bucket_ownership_controls", self.label),
            self.versioning,
            self.encryption,
            Address("aws_s3_bucket_lifecycle_configuration", self.label),
            self.document,
            self.policy,
        )

    @property
    def encryption(self) -> Address:
        """How its objects are encrypted."""
        return Address("aws_s3_bucket_server_side_encryption_configuration", self.label)

    @property
    def public_access_block(self) -> Address:
        """What keeps it private. S3 refuses to change it and the policy at the same time."""
        return Address("aws_s3_bucket_public_access_block", self.label)

    @property
    def versioning(self) -> Address:
        """Whether it keeps old versions. A lifecycle rule about them needs to come later."""
        return Address("aws_s3_bucket_versioning", self.label)


def bucket_name(foundation: Foundation, name: str) -> Template:
    """The bucket's name, which account and region make unique in the world.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    """
    region = foundation.account.region
    own = fit(f"{foundation.prefix}-{name}", LONGEST_NAME - ACCOUNT_ID - len(region) - 2)
    return join(f"{own}-", foundation.account.id, f"-{region}")
