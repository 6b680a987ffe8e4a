"""Which events of the audit trail are told at once: what no deployment of this stack does, and an attacker would."""

from __future__ import annotations

from collections.abc import Iterator

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws.addresses import TOPIC
from cloudgen.stack.aws.alarms import Alarm, Metric
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.monitoring import Subscription, subscriptions
from cloudgen.stack.base import Address, Ref, Template, join, label

BROADEST = ("AdministratorAccess", "IAMFullAccess", "PowerUserAccess")
"""Policies of AWS by which one can do everything, or give oneself the right to."""
ASK = "Find out who it was: README.md has the command."


@dataclass(frozen=True)
class TrailEvent:
    """A kind of event: the pattern that finds it in the trail's log, and the alarm on how often it was found."""

    label: str
    pattern: Template
    metric: Metric
    alarm: Alarm
    title: str
    """What has happened, in one sentence without a full stop."""

    @property
    def address(self) -> Address:
        """The address of the filter."""
        return Address("aws_cloudwatch_log_metric_filter", self.label)


@dataclass(frozen=True)
class AuditAlarms:
    """The alarms of the account module and who is told, rendered by account/alarms.tf."""

    topic_name: str
    alarm_arns: Template
    """The alarms that may publish to the topic, as a pattern."""
    subscriptions: tuple[Subscription, ...]
    events: tuple[TrailEvent, ...]

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of account/alarms.tf."""
        return (
            TOPIC,
            Address("data.aws_iam_policy_document", "alerts"),
            Address("aws_sns_topic_policy", "alerts"),
            *(each.address for each in self.subscriptions),
            *(address for event in self.events for address in (event.address, event.alarm.address)),
        )


def audit_alarms(foundation: Foundation, bucket: Template, log_group: str) -> AuditAlarms | None:
    """Decide what is told of the trail; None where there is nobody to tell."""
    told = subscriptions(foundation)
    if not told:
        return None
    return AuditAlarms(
        topic_name=f"{foundation.prefix}-audit-alerts",
        alarm_arns=foundation.account.arn("cloudwatch", f"alarm:{foundation.prefix}-audit-*"),
        subscriptions=told,
        events=tuple(_events(foundation, bucket, log_group)),
    )


def _events(foundation: Foundation, bucket: Template, log_group: str) -> Iterator[TrailEvent]:
    """Yield the kinds of events, the record itself first.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html has the syntax. What is refused
    is told as well: somebody tried.
    """
    yield _event(
        foundation,
        "record-changed",
        "The audit record was switched off or changed: CloudTrail or AWS Config",
        "If nobody should have, apply account/ again, and take away the credentials that were used.",
        _any("eventName", *TRAIL_CHANGES, *RECORDER_CHANGES),
    )
    yield _event(
        foundation,
        "record-store-changed",
        "The bucket or the log group of the audit record was changed or deleted",
        "If nobody should have, apply account/ again, and take away the credentials that were used.",
        *_changes("bucketName", bucket, *BUCKET_CHANGES),
        " || ",
        *_changes("logGroupName", join(log_group), *LOG_GROUP_CHANGES),
    )
    yield _event(
        foundation,
        "key-disabled",
        "A key was disabled, or is to be destroyed: what it encrypts becomes unreadable",
        "If nobody should have, run aws kms cancel-key-deletion and aws kms enable-key.",
        f"{_one('eventSource', 'kms.amazonaws.com')} && ({_any('eventName', *KEY_ENDS)})",
    )
    yield _event(
        foundation,
        "credentials-created",
        "Long-lived credentials were made: a user, an access key, or a password for the console",
        "Roles need none. If nobody should have made them, delete them.",
        f"{_one('eventSource', 'iam.amazonaws.com')} && ({_any('eventName', *CREDENTIALS)})",
    )
    yield _event(
        foundation,
        "identity-provider-changed",
        "Who is let in from outside was changed: an identity provider was made or changed",
        "Whoever controls it can take the roles that trust it. If nobody should have, delete it.",
        f"{_one('eventSource', 'iam.amazonaws.com')} && ({_any('eventName', *IDENTITY_PROVIDERS)})",
    )
    yield _event(
        foundation,
        "second-factor-removed",
        "A device for multi-factor authentication was taken away from a user",
        "If nobody should have, lock the user out, and give the device back.",
        f"{_one('eventSource', 'iam.amazonaws.com')} && {_one('eventName', 'DeactivateMFADevice')}",
    )
    policies = (foundation.account.managed_policy(name) for name in BROADEST)
    yield _event(
        foundation,
        "broad-rights-given",
        f"The broadest rights were given: {', '.join(BROADEST[:-1])} or {BROADEST[-1]}",
        "If nobody should have, detach the policy, and look for what was done with it.",
        f"({_any('eventName', *ATTACHING)}) && ({_any('requestParameters.policyArn', *policies)})",
    )
    yield _event(
        foundation,
        "root-used",
        "Somebody has worked as the root user of the account, who may do everything",
        "If it was none of you, change its password, delete its access keys, and call AWS Support.",
        f"{_one('userIdentity.type', 'Root')} && ($.userIdentity.invokedBy NOT EXISTS) && "
        '($.eventType != "AwsServiceEvent")',
    )
    yield _event(
        foundation,
        "console-without-mfa",
        "A user has signed in to the console with a password alone, without a second factor",
        "Give the user a device for multi-factor authentication, or take the password away.",
        f"{_one('eventName', 'ConsoleLogin')} && {_one('responseElements.ConsoleLogin', 'Success')} && "
        f"{_one('userIdentity.type', 'IAMUser')} && " + '($.additionalEventData.MFAUsed != "Yes")',
    )


TRAIL_CHANGES = ("StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors")
RECORDER_CHANGES = (
    "StopConfigurationRecorder",
    "DeleteConfigurationRecorder",
    "PutConfigurationRecorder",
    "DeleteDeliveryChannel",
    "PutDeliveryChannel",
)
BUCKET_CHANGES = (
    "Delete*",
    "PutBucketPolicy",
    "PutBucketLifecycle",
    "PutBucketVersioning",
    "PutBucketEncryption",
    "PutBucketPublicAccessBlock",
)
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html; not that access is logged."""
LOG_GROUP_CHANGES = ("Delete*", "PutRetentionPolicy", "PutMetricFilter")
KEY_ENDS = ("DisableKey", "ScheduleKeyDeletion")
CREDENTIALS = ("CreateUser", "CreateAccessKey", "CreateLoginProfile")
IDENTITY_PROVIDERS = (
    "CreateSAMLProvider",
    "UpdateSAMLProvider",
    "CreateOpenIDConnectProvider",
    "AddClientIDToOpenIDConnectProvider",
)
ATTACHING = ("AttachRolePolicy", "AttachUserPolicy", "AttachGroupPolicy")


def _event(foundation: Foundation, name: str, title: str, advice: str, *pattern: str | Ref) -> TrailEvent:
    """Make an alarm that goes off when an event was found once in five minutes."""
    metric = Metric(f"{foundation.prefix}/audit", name, "Sum", {}, period=300)
    return TrailEvent(
        label=label(name),
        pattern=join("{ ", *pattern, " }"),
        metric=metric,
        title=title,
        alarm=Alarm(
            label=label(name),
            name=f"{foundation.prefix}-audit-{name}",
            description=f"{title}. {ASK} {advice}",
            metric=metric,
            comparison="GreaterThanThreshold",
            threshold=0,
            evaluation_periods=1,
            datapoints_to_alarm=1,
        ),
    )


def _one(field: str, value: str) -> str:
    return f'($.{field} = "{value}")'


def _any(field: str, *values: str) -> str:
    return " || ".join(_one(field, value) for value in values)


def _changes(field: str, name: Template, *events: str) -> tuple[str | Ref, ...]:
    """Find these events of a thing of this name."""
    return (f'(($.requestParameters.{field} = "', *name.parts, f'") && ({_any("eventName", *events)}))')
