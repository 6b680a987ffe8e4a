"""Buckets in S3, and the one that takes the access logs of the load balancer and of the other buckets."""

from __future__ import annotations

from collections.abc import Mapping

from cloudgen.dataclass import dataclass
from cloudgen.stack import contract
from cloudgen.stack.aws.alarms import Alarm
from cloudgen.stack.aws.bootstrap import state_bucket_name
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Grant
from cloudgen.stack.aws.kms import use_key
from cloudgen.stack.aws.security_groups import Endpoint
from cloudgen.stack.base import Address, Ref, SecretVariable, Template, Variable, join, label

ACCESS_LOGS = "access-logs"
AUDIT = "audit"
STATE = "state"
RESERVED: Mapping[str, str] = {ACCESS_LOGS: "the bucket of access logs", STATE: "the bucket of Terraform's state"}
RESERVED_BY_AUDIT: Mapping[str, str] = {AUDIT: "the bucket of the audit trail"}
DAY = 86400


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
    def public_access_block(self) -> Address:
        """What keeps it private. S3 refuses to change it and the policy at the same time."""
        return Address("aws_s3_bucket_public_access_block", self.label)

    @property
    def versioning(self) -> Address:
        """Whether it keeps old versions. A lifecycle rule about them needs to come later."""
        return Address("aws_s3_bucket_versioning", self.label)


@dataclass(frozen=True)
class Bucket(StoredIn):
    """A private bucket, rendered by bucket.tf."""

    name: str
    bucket_name: Template
    force_destroy: bool
    """Whether `terraform destroy` removes the bucket with everything in it."""
    versioned: bool
    noncurrent_days: int
    log_prefix: str
    """Where in the bucket of access logs its own lie."""
    read_key_grants: tuple[Grant, ...]
    write_key_grants: tuple[Grant, ...]

    @property
    def versioning_status(self) -> str:
        """A bucket that ever had versions cannot go back to none: "Suspended" is right for it, and for a new one.

        https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
        """
        return "Enabled" if self.versioned else "Suspended"

    @property
    def environment(self) -> tuple[Variable, ...]:
        """The bucket's name and URL."""
        return contract.bucket(self.name, self.address.bucket, "s3")

    @property
    def secrets(self) -> tuple[SecretVariable, ...]:
        """None: the task role is all that S3 asks for."""
        return ()

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
    def before(self) -> tuple[Address, ...]:
        """The first object is encrypted with the right key, and its first version is kept."""
        return (Address("aws_s3_bucket_server_side_encryption_configuration", self.label), self.versioning)


@dataclass(frozen=True)
class LogSource:
    """A bucket whose access logs are written, as the policy names it."""

    objects: Template
    """Where its logs lie."""
    buckets: tuple[Ref | Template, ...]
    accounts: tuple[str | Ref, ...]


@dataclass(frozen=True)
class LoggedElsewhere:
    """A bucket of another module, which is made before there is a place for its logs."""

    bucket: str | Template
    prefix: str


@dataclass(frozen=True)
class AccessLogs(StoredIn):
    """The bucket of access logs. Load balancers write to buckets with S3's own encryption only."""

    bucket_name: Template
    force_destroy: bool
    retention_days: int
    load_balancer: bool
    """Whether the load balancer writes here, too."""
    load_balancer_objects: Template
    load_balancer_arns: tuple[Template, ...]
    sources: tuple[LogSource, ...]
    state: LoggedElsewhere | None
    """The bucket of the state, made by bootstrap/."""
    audit: LoggedElsewhere | None
    """The bucket of the audit trail, made by account/."""


def buckets(foundation: Foundation) -> tuple[Bucket, ...]:
    """Decide the buckets, in the order of the spec."""
    deployment = foundation.deployment
    reserved = {**RESERVED, **(RESERVED_BY_AUDIT if deployment.monitoring.audit else {})}
    for name, whose in reserved.items():
        if name in deployment.storage.buckets:
            foundation.problems.error(
                "reserved-name",
                f"`{name}` is how cloudgen names {whose}",
                ("storage", "buckets", name),
                "choose another name",
            )
    return tuple(
        Bucket(
            label=label(name),
            name=name,
            bucket_name=bucket_name(foundation, name),
            force_destroy=not deployment.security.deletion_protection,
            versioned=spec.versioning,
            noncurrent_days=spec.expire_noncurrent_after // DAY,
            log_prefix=_log_prefix(name),
            read_key_grants=use_key(foundation, "DecryptObjects", "s3", "Decrypt"),
            write_key_grants=use_key(foundation, "EncryptObjects", "s3", "GenerateDataKey"),
        )
        for name, spec in deployment.storage.buckets.items()
    )


def access_logs(foundation: Foundation) -> AccessLogs | None:
    """Decide the bucket of access logs; None where nothing writes any."""
    deployment, account = foundation.deployment, foundation.account
    load_balancer = deployment.load_balancer is not None and bool(deployment.routes)
    if not load_balancer and not deployment.storage.buckets:
        return None
    logs = Address("aws_s3_bucket", label(ACCESS_LOGS))
    logged: dict[str, Ref | Template] = {
        name: Address("aws_s3_bucket", label(name)).arn for name in deployment.storage.buckets
    }
    elsewhere = _elsewhere(foundation)
    for name, other in elsewhere.items():
        parts = other.bucket.parts if isinstance(other.bucket, Template) else (other.bucket,)
        logged[name] = join(f"arn:{account.partition}:s3:::", *parts)
    return AccessLogs(
        label=label(ACCESS_LOGS),
        bucket_name=bucket_name(foundation, ACCESS_LOGS),
        force_destroy=not deployment.security.deletion_protection,
        retention_days=foundation.log_retention,
        load_balancer=load_balancer,
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
        load_balancer_objects=join(logs.arn, "/load-balancer/AWSLogs/", account.id, "/*"),
        load_balancer_arns=(account.arn("elasticloadbalancing", "loadbalancer/*"),),
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
        sources=tuple(
            LogSource(join(logs.arn, f"/{_log_prefix(name)}*"), (bucket,), (account.id,))
            for name, bucket in logged.items()
        ),
        state=elsewhere.get(STATE),
        audit=elsewhere.get(AUDIT),
    )


def _elsewhere(foundation: Foundation) -> dict[str, LoggedElsewhere]:
    """Return the buckets of other modules, by name."""
    deployment, found = foundation.deployment, {}
    if deployment.state.backend == "remote":
        found[STATE] = LoggedElsewhere(state_bucket_name(foundation), _log_prefix(STATE))
    if deployment.monitoring.audit:
        found[AUDIT] = LoggedElsewhere(bucket_name(foundation, AUDIT), _log_prefix(AUDIT))
    return found


def bucket_name(foundation: Foundation, name: str) -> Template:
    """The bucket's name, which the account id makes unique in the world.

    At most 23 characters of prefix, 24 of name and 12 of account: within the 63 of a bucket's name.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    """
    return join(f"{foundation.prefix}-{name}-", foundation.account.id)


def _log_prefix(name: str) -> str:
    """Where the access logs of a bucket lie."""
    return f"s3/{name}/"
