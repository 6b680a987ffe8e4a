"""The audit trail of the module account/: what it records, where that is kept, and who is notified."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rig.facts.aws.tasks import policy_statements
from rig.facts.plan import Module, PlannedResource
from rig.facts.scene import Scene, Seen

DAY = 86400
WRITER = "cloudtrail.amazonaws.com"
SWITCHED_OFF = (
    "StopLogging",
    "DeleteTrail",
    "UpdateTrail",
    "PutEventSelectors",
    "StopConfigurationRecorder",
    "DeleteConfigurationRecorder",
    "DeleteDeliveryChannel",
)
"""The calls after which something is recorded no longer."""
TOLD = {
    "a key that is to be destroyed": "ScheduleKeyDeletion",
    "long-lived credentials": "CreateAccessKey",
    "the broadest rights": ":policy/AdministratorAccess",
    "the root user": '"Root"',
    "a sign-in without a second factor": "MFAUsed",
}
"""What else is told, by a word of the pattern that finds it."""


def changes_are_recorded(scene: Scene) -> Iterator[Seen]:
    """One trail of all regions that is on and leaves out nothing; one recorder of everything that is on."""
    if not scene.deployment.monitoring.audit:
        return
    account = scene.account
    trail, recorder = account.only("aws_cloudtrail"), account.only("aws_config_configuration_recorder")
    status = account.only("aws_config_configuration_recorder_status", name=recorder.values["name"])
    groups = recorder.blocks("recording_group")
    yield Seen.of(
        trail.address,
        {
            "records one region only": trail.at("is_multi_region_trail") is not True,
            "does not record global services": trail.at("include_global_service_events") is not True,
            "is off": trail.at("enable_logging") is False,
            "leaves events out": bool(trail.blocks("event_selector") or trail.blocks("advanced_event_selector")),
        },
    )
    yield Seen.of(
        recorder.address,
        {
            "does not note everything": [group.get("all_supported") for group in groups] != [True],
            "does not note IAM": [group.get("include_global_resource_types") for group in groups] != [True],
            "is off": status.at("is_enabled") is not True,
            "starts before it can deliver": not status.is_after("aws_config_delivery_channel.main"),
            "may read nothing": not any(
                item.at("policy_arn").endswith(":policy/service-role/AWS_ConfigRole")
                for item in account.of("aws_iam_role_policy_attachment")
            ),
        },
    )


def _bucket_of(module: Module, type_: str, bucket: PlannedResource) -> PlannedResource:
    return module.only(type_, bucket=bucket.values["id"])


def _ends(lifecycle: PlannedResource) -> list[int]:
    """Return after how many days the files of a bucket are deleted."""
    return [
        expiration["days"]
        for rule in lifecycle.blocks("rule")
        for expiration in rule.get("expiration") or []
        if rule["status"] == "Enabled"
    ]


def _written_by_trail(policy: PlannedResource, trail: PlannedResource) -> bool:
    """Whether CloudTrail may write for this trail, and for no other."""
    allowed = [
        statement
        for statement in policy_statements(policy.values["policy"])
        if statement["Effect"] == "Allow" and statement["Principal"] == {"Service": WRITER}
    ]
    named = [str(one.get("Condition", {}).get("StringEquals", {}).get("aws:SourceArn")) for one in allowed]
    return {one["Action"] for one in allowed} == {"s3:GetBucketAcl", "s3:PutObject"} and all(
        arn.endswith(f":trail/{trail.values['name']}") for arn in named
    )


def records_are_guarded(scene: Scene) -> Iterator[Seen]:
    """One bucket, for a year at least, which nobody empties by mistake; what `data` says of all buckets holds, too."""
    if not scene.deployment.monitoring.audit:
        return
    account, security = scene.account, scene.deployment.security
    days = max(scene.deployment.monitoring.logs.retention // DAY, 365)
    trail, channel = account.only("aws_cloudtrail"), account.only("aws_config_delivery_channel")
    bucket = account.only("aws_s3_bucket", bucket=trail.at("s3_bucket_name"))
    versioning = _bucket_of(account, "aws_s3_bucket_versioning", bucket)
    ends = _ends(_bucket_of(account, "aws_s3_bucket_lifecycle_configuration", bucket))
    policy = _bucket_of(account, "aws_s3_bucket_policy", bucket)
    yield Seen.of(
        bucket.address,
        {
            f"the record ends after {ends} days": len(ends) != 1 or not days <= ends[0] <= 2 * days,
            "what is deleted is gone": versioning.at("versioning_configuration", "status") != "Enabled",
            "is emptied by terraform destroy": security.deletion_protection and bucket.at("force_destroy") is not False,
            "CloudTrail cannot write, or does for others": not _written_by_trail(policy, trail),
            "AWS Config writes elsewhere": channel.at("s3_bucket_name") != bucket.values["bucket"],
        },
    )
    group = _log_group(account, trail)
    key = account.get("aws_kms_key", "main").values["arn"] if scene.own_key else None
    yield Seen.of(
        trail.address,
        {
            "files may be changed unseen": trail.at("enable_log_file_validation") is not True,
            "is encrypted with another key": key is not None and trail.at("kms_key_id") != key,
            "its log is encrypted with another key": key is not None and group.at("kms_key_id") != key,
            "AWS Config encrypts with another key": key is not None and channel.at("s3_kms_key_arn") != key,
            f"its log ends after {group.at('retention_in_days')} days": not days
            <= (group.at("retention_in_days") or 0)
            <= 2 * days,
        },
    )


def _log_group(account: Module, trail: PlannedResource) -> PlannedResource:
    """Return the log group that a trail writes to; it names the group with a star at the end."""
    arn = str(trail.at("cloud_watch_logs_group_arn"))
    return account.only("aws_cloudwatch_log_group", arn=arn.removesuffix(":*"))


def _watched(account: Module, group: PlannedResource) -> Iterator[tuple[PlannedResource, PlannedResource]]:
    """Yield the filters of a log group, each with the alarm on what it counts."""
    alarms = {
        (alarm.at("namespace"), alarm.at("metric_name")): alarm for alarm in account.of("aws_cloudwatch_metric_alarm")
    }
    for item in account.where("aws_cloudwatch_log_metric_filter", log_group_name=group.values["name"]):
        counted: Mapping[str, Any] = item.blocks("metric_transformation")[0]
        alarm = alarms.get((counted["namespace"], counted["name"]))
        if alarm is not None:
            yield item, alarm


def tampering_is_told(scene: Scene) -> Iterator[Seen]:
    """Each call that switches the record off sets an alarm off, and each alarm tells each address."""
    emails = scene.deployment.monitoring.alerts.email
    if not scene.deployment.monitoring.audit or not emails:
        return
    account = scene.account
    group = _log_group(account, account.only("aws_cloudtrail"))
    topic = account.only("aws_sns_topic").values["arn"]
    found = list(_watched(account, group))
    patterns = " ".join(str(item.at("pattern")) for item, _ in found)
    untold = [call for call in SWITCHED_OFF if not re.search(rf'\$\.eventName = "{call}"', patterns)]
    untold += [what for what, word in TOLD.items() if word not in patterns]
    silent = [alarm.address for _, alarm in found if alarm.at("alarm_actions") != [topic]]
    deaf = [alarm.address for _, alarm in found if (alarm.at("statistic"), alarm.at("threshold")) != ("Sum", 0)]
    for email in emails:
        subscribed = account.where("aws_sns_topic_subscription", topic_arn=topic, protocol="email", endpoint=email)
        yield Seen.of(
            email,
            {
                "is not subscribed": not subscribed,
                f"does not hear of {untold}": bool(untold),
                f"{silent} tell nobody": bool(silent),
                f"{deaf} do not go off at once": bool(deaf),
            },
        )
