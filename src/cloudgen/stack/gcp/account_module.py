"""The audit trail: who did what in the project, kept for a year at least, and told to somebody where it matters.

It is a module of its own, rendered to the folder account/: it belongs to the project, not to one application in it,
and goes on while applications come and go.
https://cloud.google.com/logging/docs/audit
"""

from __future__ import annotations

from collections.abc import Iterator

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address, Ref, Template, join
from cloudgen.stack.gcp.addresses import APIS_READY, AUDIT_CONFIG, KEY, KEY_RING, LOG_BUCKET, LOG_EXCLUSION, LOG_SINK
from cloudgen.stack.gcp.agents import LOGS, LOOKED_UP_DATA, Lent, key_members, key_ready
from cloudgen.stack.gcp.alarms import Channel, channels
from cloudgen.stack.gcp.apis import Apis, apis
from cloudgen.stack.gcp.bootstrap import Backend, backend
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import Member
from cloudgen.stack.naming import fit
from cloudgen.stack.outputs import Output
from cloudgen.stack.thresholds import YEAR

LOG = "cloudaudit.googleapis.com"
ACTIVITY, DATA_ACCESS, SYSTEM_EVENT, POLICY = "activity", "data_access", "system_event", "policy"
RECORDED = (ACTIVITY, DATA_ACCESS, SYSTEM_EVENT, POLICY)
"""What changed, who read configuration or touched data, what Google did by itself, and what a policy denied."""
DEFAULTS = (DATA_ACCESS, POLICY)
"""Those of them that the project's default bucket would keep once more; the others are in `_Required` in any case.

https://cloud.google.com/logging/docs/routing/overview#default-bucket
"""

BROADEST = ("roles/owner", "roles/editor", "roles/admin", "roles/writer")
"""Roles that reach nearly everything in a project: the legacy basic ones, and those that follow them.

https://cloud.google.com/iam/docs/roles-overview#basic
"""
GOOGLE = "service-agent-manager@system.gserviceaccount.com"
"""Who grants Google's own agents their roles, for example when an API is switched on.

https://cloud.google.com/iam/docs/service-account-types#role-manager
"""
CREDENTIALS = (
    "google.iam.admin.v1.CreateServiceAccountKey",
    "google.iam.admin.v1.UploadServiceAccountKey",
    "google.api.apikeys.v2.ApiKeys.CreateKey",
)
"""The methods that make what lets somebody in until it is deleted."""


@dataclass(frozen=True)
class AuditKey(Lent):
    """A key of the account module's own: the record outlives the application and its key."""

    ring_name: str
    protected: bool
    """Whether Terraform refuses to destroy the key."""
    members: tuple[Member, ...]

    @property
    def address(self) -> Address:
        """The key's address, within the account module."""
        return KEY

    @property
    def ring(self) -> Address:
        """The address of the key ring."""
        return KEY_RING


@dataclass(frozen=True)
class LogAlarm:
    """An alert policy on single log entries.

    One without `notification_rate_limit` is refused. Five minutes between two mails are the least, 20 mails a day the
    most: https://cloud.google.com/monitoring/quotas#alerting
    """

    label: str
    name: str
    """What is in the subject of the mail."""
    title: str
    """What has happened, in one sentence without a full stop."""
    advice: str
    filter: str
    """Which entries: in the query language of Cloud Logging. Only logs that some sink keeps are looked at."""
    severity: str = "ERROR"

    @property
    def description(self) -> str:
        """The text of the mail; Cloud Monitoring puts in what the policy extracts from the entry."""
        who, what, where = (f"${{log.extracted_label.{name}}}" for name in ("who", "what", "where"))
        return f"{self.title}. {who} called {what} on {where}. {self.advice}"


@dataclass(frozen=True)
class Audit:
    """The account module, rendered to the folder account/."""

    apis: Apis
    backend: Backend | None
    key: AuditKey | None
    name: str
    """Of the log bucket, and of what leads audit logs there."""
    retention: int
    """Days."""
    protected: bool
    """Whether Terraform refuses to destroy the record."""
    recorded: str
    """Which logs go into the bucket: in the query language of Cloud Logging."""
    defaults: str
    """Which of them the project's default bucket then need not keep."""
    before_bucket: tuple[Address, ...]
    channels: tuple[Channel, ...]
    alarms: tuple[LogAlarm, ...]
    outputs: tuple[Output, ...]

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of the module."""
        key = (self.key.ring, self.key.address, LOOKED_UP_DATA[LOGS], *self.key.lent) if self.key else ()
        alarms = (Address("google_monitoring_alert_policy", alarm.label) for alarm in self.alarms)
        record = (AUDIT_CONFIG, LOG_BUCKET, LOG_SINK, LOG_EXCLUSION)
        return (*self.apis.blocks, *key, *record, *(channel.address for channel in self.channels), *alarms)

    @property
    def key_id(self) -> Ref | None:
        """The id of the key, or None where Google's own keys encrypt."""
        return self.key.address.id if self.key else None

    @property
    def before_recording(self) -> tuple[Address, ...]:
        """Nothing is recorded before it has its place."""
        return (*self.apis.ready, LOG_SINK)

    @property
    def before_exclusion(self) -> tuple[Address, ...]:
        """What keeps the logs that the default bucket then leaves out."""
        return (LOG_SINK,)

    @property
    def before_alarm(self) -> tuple[Address, ...]:
        """The record, so that making it for the first time is no change of it."""
        return (AUDIT_CONFIG,)

    @property
    def destination(self) -> Template:
        """The bucket, as a sink names it."""
        return join("logging.googleapis.com/", LOG_BUCKET.id)

    @property
    def channel_names(self) -> tuple[Ref, ...]:
        """What alert policies name the channels by."""
        return tuple(channel.address.name for channel in self.channels)


def audit(foundation: Foundation) -> Audit | None:
    """Decide the account module; None where the project has no audit trail of ours."""
    if not foundation.deployment.monitoring.audit:
        return None
    # https://cloud.google.com/logging/quotas: 100 characters of a bucket's, a sink's and an exclusion's name.
    name = fit(f"{foundation.prefix}-audit", 100)
    told = channels(foundation)
    return Audit(
        apis=apis(_api_names(foundation, told=bool(told))),
        backend=backend(foundation, "account"),
        key=_key(foundation) if foundation.customer_key else None,
        name=name,
        retention=max(foundation.log_retention, YEAR),
        protected=foundation.protected,
        recorded=_logs(RECORDED),
        defaults=_logs(DEFAULTS),
        before_bucket=key_ready(foundation) or (APIS_READY,),
        channels=told,
        alarms=tuple(_alarms(foundation, name)) if told else (),
        outputs=(Output("audit_log_bucket", "Log bucket that keeps the audit logs of the project", LOG_BUCKET.id),),
    )


def _api_names(foundation: Foundation, *, told: bool) -> Iterator[str]:
    """What is audited is a part of the project's IAM policy, which Resource Manager keeps."""
    yield from ("cloudresourcemanager", "logging")
    if told:
        yield "monitoring"
    if foundation.customer_key:
        yield "cloudkms"


def _key(foundation: Foundation) -> AuditKey:
    return AuditKey(f"{foundation.prefix}-account", foundation.protected, key_members([LOGS]))


def _logs(names: tuple[str, ...]) -> str:
    """https://cloud.google.com/logging/docs/view/logging-query-language#logid-function."""
    return " OR ".join(f'log_id("{LOG}/{name}")' for name in names)


def _alarms(foundation: Foundation, name: str) -> Iterator[LogAlarm]:
    """What cloudgen's own deployments never do; all of it is in the log of activity, which nobody can switch off.

    What was refused is told as well: somebody tried.
    """
    prefix = foundation.prefix
    activity = _logs((ACTIVITY,))
    yield LogAlarm(
        label="record_changed",
        name=f"{prefix}: audit record changed",
        title="The audit record was switched off or changed: what is recorded, where it goes, or how long it is kept",
        advice="If nobody should have, apply account/ again, and take away the credentials that were used.",
        # A project may be named by its id or by its number: only the end of a name is compared.
        filter=f"{activity} AND (protoPayload.serviceData.policyDelta.auditConfigDeltas:* OR "
        '(protoPayload.methodName =~ "^google.logging.v2.ConfigServiceV2.(Update|Delete)" AND '
        f'protoPayload.resourceName =~ "/(buckets|exclusions|sinks)/{name}$"))',
        severity="CRITICAL",
    )
    yield LogAlarm(
        label="key_disabled",
        name=f"{prefix}: key disabled",
        title="A version of a key was disabled, or is to be destroyed: what it encrypts becomes unreadable",
        advice="If nobody should have, run gcloud kms keys versions restore and gcloud kms keys versions enable. "
        "(Whoever enables a version causes this mail, too.)",
        filter=f'{activity} AND protoPayload.serviceName = "cloudkms.googleapis.com" AND '
        'protoPayload.methodName =~ "(Destroy|Update)CryptoKeyVersion$"',
        severity="CRITICAL",
    )
    yield LogAlarm(
        label="credentials_created",
        name=f"{prefix}: credentials created",
        title="Long-lived credentials were made: a key of a service account, or an API key",
        advice="Whoever holds them gets in, from anywhere. If nobody should have made them, delete them.",
        filter=f"{activity} AND protoPayload.methodName = ({_any_of(CREDENTIALS)})",
    )
    yield LogAlarm(
        label="broad_rights_given",
        name=f"{prefix}: broad rights given",
        title=f"The broadest rights were given: {', '.join(BROADEST[:-1])} or {BROADEST[-1]}",
        advice="If nobody should have, take the role away, and look for what was done with it.",
        filter=f'{activity} AND protoPayload.serviceName = "cloudresourcemanager.googleapis.com" AND '
        '(protoPayload.methodName:"ProjectOwnership" OR '
        '(protoPayload.serviceData.policyDelta.bindingDeltas.action = "ADD" AND '
        f"protoPayload.serviceData.policyDelta.bindingDeltas.role = ({_any_of(BROADEST)}))) AND "
        f'NOT protoPayload.authenticationInfo.principalEmail = "{GOOGLE}"',
    )


def _any_of(values: tuple[str, ...]) -> str:
    return " OR ".join(f'"{value}"' for value in values)
