"""The audit trail. No plan shows that Terraform refuses to destroy it; rules in `rig/scanners` read that in the HCL."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rig.facts.plan import PlannedResource
from rig.facts.scene import Scene, Seen

DAY, YEAR = 86400, 365
SWITCHED = {"ADMIN_READ", "DATA_READ", "DATA_WRITE"}
"""What is recorded only where somebody says so; changes are recorded in any case."""
LOGS = {f"cloudaudit.googleapis.com/{name}" for name in ("activity", "data_access", "system_event", "policy")}
LOG_ID = re.compile(r'log_id\("(?P<name>[^"]+)"\)')
ALARMING = (
    "cloudaudit.googleapis.com/activity",
    "auditConfigDeltas",
    "google.logging.v2.ConfigServiceV2.(Update|Delete)",
)
"""What the alarm on the record has to look for, beside the names of what makes it."""


def _logs(text: object) -> set[str]:
    return {found["name"] for found in LOG_ID.finditer(str(text))}


def changes_are_recorded(scene: Scene) -> Iterator[Seen]:
    """All services record reads and writes, by everybody; a sink takes all audit logs to the bucket of the record."""
    if not scene.deployment.monitoring.audit:
        return
    config = scene.account.only("google_project_iam_audit_config", service="allServices")
    sink = scene.account.only("google_logging_project_sink")
    bucket = scene.account.only("google_logging_project_bucket_config")
    dropped = {log for one in scene.account.of("google_logging_project_exclusion") for log in _logs(one.at("filter"))}
    blocks = config.blocks("audit_log_config")
    project = getattr(scene.deployment.targets.get("gcp"), "project", None)
    yield Seen.of(
        config.address,
        {
            "does not record all that it could": {block["log_type"] for block in blocks} != SWITCHED,
            "leaves somebody out": any(block.get("exempted_members") for block in blocks),
            "is of another project": config.at("project") != project,
            "what is recorded goes elsewhere": not str(sink.at("destination")).endswith(bucket.values["id"]),
            "not all of it goes there": not _logs(sink.at("filter")) >= LOGS
            or sink.at("disabled") is True
            or bool(sink.at("exclusions")),
            "what the default bucket leaves out is kept nowhere": not dropped <= _logs(sink.at("filter")),
            "something is recorded before it has its place": not config.is_after(sink.address, bucket.address),
        },
    )


def records_are_guarded(scene: Scene) -> Iterator[Seen]:
    """The bucket keeps the record as long as it must, encrypted with its own key; nobody else is let in."""
    if not scene.deployment.monitoring.audit:
        return
    bucket = scene.account.only("google_logging_project_bucket_config")
    keys = [key.values["id"] for key in scene.account.of("google_kms_crypto_key")]
    let_in = {str(one.at("member")) for one in scene.account if one.type.endswith(("_iam_member", "_iam_binding"))}
    least = max(YEAR, scene.deployment.monitoring.logs.retention // DAY)
    yield Seen.of(
        bucket.address,
        {
            f"is kept {bucket.at('retention_days')} days": not least <= (bucket.at("retention_days") or 0) <= 3650,
            "is encrypted with another key": scene.own_key and bucket.at("cmek_settings", "kms_key_name") not in keys,
            "can never be deleted": bucket.at("locked") is True,
            "lets somebody in": any("@gcp-sa-logging." not in member for member in let_in),
        },
    )


def tampering_is_told(scene: Scene) -> Iterator[Seen]:
    """An alert policy on the log of activity looks for all that changes the record, and tells every address."""
    emails = scene.deployment.monitoring.alerts.email
    if not scene.deployment.monitoring.audit or not emails:
        return
    names = {
        scene.account.only("google_logging_project_bucket_config").values["bucket_id"],
        scene.account.only("google_logging_project_sink").values["name"],
        scene.account.only("google_logging_project_exclusion").values["name"],
    }
    channels = {
        channel.at("labels", "email_address"): channel.values["id"]
        for channel in scene.account.where("google_monitoring_notification_channel", type="email")
    }
    policies = scene.account.of("google_monitoring_alert_policy")
    for email in emails:
        told = [one for one in policies if channels.get(email) in (one.at("notification_channels") or [])]
        yield Seen.of(
            email,
            {
                "does not hear of a change of the record": not any(_watches(one, names) for one in told),
                "does not hear of everything that is told": len(told) < len(policies),
                "gets mail after mail": not all(
                    one.at("alert_strategy", "notification_rate_limit", "period") for one in told
                ),
            },
        )


def _watches(policy: PlannedResource, names: set[str]) -> bool:
    """Whether an alert policy looks for all that changes the record, whose parts have these names."""
    text = str(policy.at("conditions", "condition_matched_log", "filter"))
    wanted = (*ALARMING, *(f"{name}$" for name in names))
    return policy.at("enabled") is not False and all(part in text for part in wanted)
