"""The account module: the record of who changed what, and what resources looked like, rendered to account/.

It belongs to the account, not to a deployment: AWS Config has one recorder in a region, and a second trail costs what
the first one does. So one environment of an account has it, applied between bootstrap/ and the root module.
"""

from __future__ import annotations

from itertools import chain

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws.account_alarms import AuditAlarms, audit_alarms
from cloudgen.stack.aws.addresses import KEY
from cloudgen.stack.aws.arns import Account
from cloudgen.stack.aws.bootstrap import Backend, backend
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import role_name
from cloudgen.stack.aws.storage.access_logs import AUDIT
from cloudgen.stack.aws.storage.private_bucket import StoredIn, bucket_name
from cloudgen.stack.base import Address, Ref, Template, join
from cloudgen.stack.outputs import Output
from cloudgen.stack.thresholds import YEAR

NONCURRENT_DAYS = 90
"""Days in which a file of the record that was deleted or overwritten can be brought back."""


@dataclass(frozen=True)
class RecordBucket(StoredIn):
    """The bucket that CloudTrail and AWS Config write to."""

    bucket_name: Template
    force_destroy: bool
    """Whether `terraform destroy` removes the bucket with everything in it."""
    retention_days: int
    noncurrent_days: int
    trail_objects: Template
    """Where CloudTrail writes; it says itself that the bucket's owner owns the files."""

    @property
    def document_label(self) -> str:
        """The label of its policy document: roles of account/ have documents of other names."""
        return self.label

    @property
    def protected(self) -> bool:
        """Whether Terraform refuses to destroy the bucket."""
        return not self.force_destroy


@dataclass(frozen=True)
class AuditKey:
    """A key of the account module's own: the record is readable to nobody by way of another key's policy."""

    alias: str
    description: str
    deletion_window: int
    """Days between asking for deletion and deletion."""
    account_root: Template
    """The principal that stands for the whole account, so that IAM policies decide."""
    trails: Template
    """What CloudTrail may encrypt, by the name that it gives to KMS."""
    logs_principal: str
    account: str | Ref

    @property
    def arn(self) -> Ref:
        """What other resources name the key by."""
        return KEY.arn

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The key and its name."""
        return (KEY, Address("aws_kms_alias", "main"))


@dataclass(frozen=True)
class Trail:
    """CloudTrail: every change to the account, by people and by programs."""

    name: str
    arn: Template
    """Made of its parts: the policies that name the trail have to be there before it."""
    log_group: str
    log_group_arn: Template
    """As the trail wants it, with a star at its end; the key's policy has to name the group before it is there."""
    log_group_name_arn: Template
    retention_days: int
    role_name: str
    streams: Template
    """The log streams that CloudTrail makes: of this account and region, and numbered."""

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of account/audit.tf."""
        return (_TRAIL, _LOG_GROUP, *_written_by("cloudtrail"))


@dataclass(frozen=True)
class Recorder:
    """AWS Config: what each resource of the region looked like, at any time."""

    name: str
    role_name: str
    policy_arn: str
    """What AWS lets a recorder read: the settings of every resource, and no data."""
    account: str | Ref
    objects: Template
    """Where it writes."""

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of account/config.tf."""
        return (
            Address("aws_config_configuration_recorder", "main"),
            Address("aws_config_delivery_channel", "main"),
            Address("aws_config_configuration_recorder_status", "main"),
            *_written_by("config"),
            Address("aws_iam_role_policy_attachment", "config"),
        )


@dataclass(frozen=True)
class Audit:
    """The account module, rendered to the folder account/."""

    backend: Backend | None
    bucket: RecordBucket
    key: AuditKey | None
    trail: Trail
    recorder: Recorder
    alarms: AuditAlarms | None
    """None where there is nobody to tell."""
    outputs: tuple[Output, ...]
    account: Account

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of the module."""
        parts = (self.account, self.bucket, self.key, self.trail, self.recorder, self.alarms)
        return tuple(chain.from_iterable(part.blocks for part in parts if part is not None))

    @property
    def before_trail(self) -> tuple[Address, ...]:
        """What the trail cannot start without, and what it would else tell of at once: how all this was set up."""
        return (
            Address("aws_s3_bucket_policy", AUDIT),
            Address("aws_iam_role_policy", "cloudtrail"),
            Address("aws_config_configuration_recorder_status", "main"),
            *(event.address for event in (self.alarms.events if self.alarms else ())),
        )


def audit(foundation: Foundation) -> Audit | None:
    """Decide the account module; None unless the spec asks for the audit trail."""
    if not foundation.deployment.monitoring.audit:
        return None
    # CloudWatch offers both, so the larger one is on offer, too.
    days = max(foundation.log_retention, YEAR)
    trail = _trail(foundation, days)
    return Audit(
        backend=backend(foundation, "account"),
        bucket=_bucket(foundation, days),
        key=_key(foundation) if foundation.customer_key else None,
        trail=trail,
        recorder=_recorder(foundation),
        alarms=audit_alarms(foundation, bucket_name(foundation, AUDIT), trail.log_group),
        outputs=(
            Output("audit_bucket", "Bucket that holds the record", Address("aws_s3_bucket", AUDIT).id),
            Output("audit_log_group", "Log group to search the record in", _LOG_GROUP.name),
            Output("audit_trail", "ARN of the trail, by which the AWS CLI proves the record", _TRAIL.arn),
        ),
        account=foundation.account,
    )


_LOG_GROUP = Address("aws_cloudwatch_log_group", AUDIT)
_TRAIL = Address("aws_cloudtrail", "main")


def _written_by(service: str) -> tuple[Address, ...]:
    """The role by which a service writes the record: who takes it on, and what it may do."""
    return (
        Address("data.aws_iam_policy_document", f"{service}_trust"),
        Address("aws_iam_role", service),
        Address("data.aws_iam_policy_document", service),
        Address("aws_iam_role_policy", service),
    )


def _bucket(foundation: Foundation, days: int) -> RecordBucket:
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html."""
    return RecordBucket(
        label=AUDIT,
        bucket_name=bucket_name(foundation, AUDIT),
        force_destroy=not foundation.deployment.security.deletion_protection,
        retention_days=days,
        noncurrent_days=NONCURRENT_DAYS,
        trail_objects=join(Address("aws_s3_bucket", AUDIT).arn, "/AWSLogs/", foundation.account.id, "/*"),
    )


def _key(foundation: Foundation) -> AuditKey:
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html."""
    account = foundation.account
    return AuditKey(
        alias=f"alias/{foundation.prefix}-account",
        description=f"Audit trail of the account, made for {foundation.prefix}",
        # 7 to 30 days. https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
        deletion_window=30 if foundation.deployment.security.deletion_protection else 7,
        account_root=account.arn("iam", "root", regional=False),
        trails=join(f"arn:{account.partition}:cloudtrail:*:", account.id, ":trail/*"),
        logs_principal=f"logs.{account.region}.{account.dns_suffix}",
        account=account.id,
    )


def _trail(foundation: Foundation, days: int) -> Trail:
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html.

    At most 23 characters of prefix: within the 128 of a trail's name, and the 64 of a role's.
    """
    account, name = foundation.account, foundation.prefix
    group = f"/aws/cloudtrail/{name}"
    return Trail(
        name=name,
        arn=account.arn("cloudtrail", f"trail/{name}"),
        log_group=group,
        log_group_arn=join(_LOG_GROUP.arn, ":*"),
        log_group_name_arn=account.arn("logs", f"log-group:{group}"),
        retention_days=days,
        role_name=role_name(account, f"{name}-cloudtrail"),
        streams=join(_LOG_GROUP.arn, ":log-stream:", account.id, f"_CloudTrail_{account.region}*"),
    )


def _recorder(foundation: Foundation) -> Recorder:
    """https://docs.aws.amazon.com/config/latest/developerguide/iamrole-permissions.html."""
    account = foundation.account
    return Recorder(
        name=foundation.prefix,
        role_name=role_name(account, f"{foundation.prefix}-config"),
        policy_arn=account.managed_policy("service-role/AWS_ConfigRole"),
        account=account.id,
        objects=join(Address("aws_s3_bucket", AUDIT).arn, "/AWSLogs/", account.id, "/Config/*"),
    )
