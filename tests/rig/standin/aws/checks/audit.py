"""The audit trail: CloudTrail, AWS Config, and filters that count what is in a log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rig.standin.aws.checks.data import services, statements
from rig.standin.cloud import Cloud, Thing
from rig.standin.configuration import Configuration
from rig.standin.shapes import one_of
from rig.standin.violation import Violation

TRAIL = "cloudtrail.amazonaws.com"
LONGEST_PATTERN = 1024
CLOSED_BY = {"(": ")", "{": "}", "[": "]"}
OF_AWS = ("AWS/", "ECS/ContainerInsights")
"""How the names of metrics begin that AWS makes by itself."""


frequency = one_of(
    "snapshot_delivery_properties.delivery_frequency",
    *("One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours"),
)


def trail_log(resource: Configuration) -> Iterator[Violation]:
    """A trail names its log group with a star, and the role to write there."""
    for path, arn in resource.find("cloud_watch_logs_group_arn"):
        if not str(arn).endswith(":*"):
            yield Violation(path, f"InvalidCloudWatchLogsLogGroupArnException: {arn} does not end with :*")
        if not resource.is_set("cloud_watch_logs_role_arn"):
            told = "InvalidCloudWatchLogsRoleArnException: you must specify a role ARN as well as a log group"
            yield Violation(("cloud_watch_logs_role_arn",), told)


def global_events(resource: Configuration) -> Iterator[Violation]:
    """A trail of all regions has the events of global services."""
    if resource.get("is_multi_region_trail") is True and resource.get("include_global_service_events") is False:
        told = "InvalidParameterCombinationException: a trail of all regions must include global service events"
        yield Violation(("include_global_service_events",), told)


def recording(resource: Configuration) -> Iterator[Violation]:
    """A recorder notes everything, or what is listed; IAM only with everything."""
    for group in resource.blocks("recording_group"):
        everything = group.get("all_supported", default=True) is True
        if everything and group.is_set("resource_types"):
            yield Violation(group.at("resource_types"), "InvalidRecordingGroupException: everything is noted already")
        if not everything and group.is_set("include_global_resource_types"):
            at = group.at("include_global_resource_types")
            yield Violation(at, "InvalidRecordingGroupException: global types come with all_supported only")


def filter_pattern(resource: Configuration) -> Iterator[Violation]:
    """A pattern is short, and every bracket outside of quotes has its other half."""
    for path, text in resource.find("pattern"):
        if len(text) > LONGEST_PATTERN:
            yield Violation(path, f"{len(text)} characters are more than {LONGEST_PATTERN}")
        waiting: list[str] = []
        for sign in "".join(text.split('"')[::2]):
            if sign in CLOSED_BY:
                waiting.append(CLOSED_BY[sign])
            elif sign in CLOSED_BY.values() and (not waiting or waiting.pop() != sign):
                waiting = [sign]
                break
        if waiting or text.count('"') % 2:
            yield Violation(path, "InvalidParameterException: Invalid metric filter pattern")


def _read(thing: Thing | None, name: str = "policy") -> Any:
    try:
        return json.loads(thing.get(name) or "null") if thing else None
    except ValueError:
        return None


def _actions(statement: dict[str, Any]) -> list[str]:
    found = statement.get("Action") or []
    return [found] if isinstance(found, str) else found


def _lets(policy: Any, service: str, action: str) -> bool:
    """Whether a policy lets a service of AWS do something; an action may end with a star."""
    return any(
        statement.get("Effect") == "Allow"
        and service in services(statement)
        and any(action == one or (one.endswith("*") and action.startswith(one[:-1])) for one in _actions(statement))
        for statement in statements(policy)
    )


def bucket_takes_it(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """The bucket's policy lets CloudTrail look whose it is, and write."""
    for path, name in resource.find("s3_bucket_name"):
        policies = [one for one in cloud.all("aws_s3_bucket_policy") if one.get("bucket") == name]
        if all(any(_lets(_read(one), TRAIL, what) for one in policies) for what in ("s3:GetBucketAcl", "s3:PutObject")):
            cloud.rely(*policies)
        else:
            yield Violation(path, "InsufficientS3BucketPolicyException: incorrect S3 bucket policy is detected")


def key_takes_it(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """The key's policy lets CloudTrail encrypt with it, and describe it."""
    for path, arn in resource.find("kms_key_id"):
        key = next((one for one in cloud.all("aws_kms_key") if one.get("arn") == arn), None)
        if key and not all(_lets(_read(key), TRAIL, what) for what in ("kms:GenerateDataKey", "kms:DescribeKey")):
            yield Violation(path, "InsufficientEncryptionPolicyException: insufficient permissions to access the key")


def _role(cloud: Cloud, arn: object) -> tuple[Thing | None, list[Thing]]:
    """Return a role, and its inline policies."""
    role = next((one for one in cloud.all("aws_iam_role") if one.get("arn") == arn), None)
    names = {role.get("id"), role.get("name")} if role else set()
    return role, [one for one in cloud.all("aws_iam_role_policy") if one.get("role") in names]


def _may(policies: list[Thing], *actions: str) -> bool:
    granted = {action for one in policies for part in statements(_read(one)) for action in _actions(part)}
    return set(actions) <= granted


def log_takes_it(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """CloudTrail may take the role, for which it supports no condition, and write with it."""
    for path, arn in resource.find("cloud_watch_logs_role_arn"):
        role, inline = _role(cloud, arn)
        if role is None:
            continue
        trust = [part for part in statements(_read(role, "assume_role_policy")) if TRAIL in services(part)]
        if not any(part.get("Effect") == "Allow" and not part.get("Condition") for part in trust):
            told = "InvalidCloudWatchLogsRoleArnException: Access denied. Check the trust relationships for your role"
            yield Violation(path, told)
        elif not _may(inline, "logs:CreateLogStream", "logs:PutLogEvents"):
            told = "InvalidCloudWatchLogsLogGroupArnException: Access denied. Check the permissions for your role"
            yield Violation(path, told)
        else:
            cloud.rely(*inline)


def only_recorder(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """An account has one recorder in a region."""
    others = [one for one in cloud.all(resource.type) if one.get("name") != resource.get("name")]
    if others:
        yield Violation(("name",), f"MaxNumberOfConfigurationRecordersExceededException: {others[0].id} is there")


def channel_delivers(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A channel comes after its recorder, whose role may write to the bucket."""
    recorders = cloud.all("aws_config_configuration_recorder")
    if not recorders:
        yield Violation(("name",), "NoAvailableConfigurationRecorderException: there is no configuration recorder")
        return
    cloud.rely(*recorders)
    role, inline = _role(cloud, recorders[0].get("role_arn"))
    if role and not _may(inline, "s3:PutObject", "s3:GetBucketAcl"):
        told = "InsufficientDeliveryPolicyException: insufficient delivery policy to the bucket"
        yield Violation(resource.at("s3_bucket_name"), told)
    elif role and resource.is_set("s3_kms_key_arn") and not _may(inline, "kms:GenerateDataKey"):
        told = "InsufficientDeliveryPolicyException: the role may not encrypt with the key"
        yield Violation(resource.at("s3_kms_key_arn"), told)
    elif role:
        cloud.rely(*inline)


def recorder_starts(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A recorder starts when there is a channel."""
    channels = cloud.all("aws_config_delivery_channel")
    if channels:
        cloud.rely(*channels)
    elif resource.get("is_enabled") is True:
        yield Violation(("is_enabled",), "NoAvailableDeliveryChannelException: there is no delivery channel")


def metrics_are_made(cloud: Cloud) -> Iterator[str]:
    """Yield a sentence for each alarm on a metric that neither AWS nor a filter makes."""
    made = {
        (counted.get("namespace"), counted.get("name"))
        for item in cloud.all("aws_cloudwatch_log_metric_filter")
        for counted in item.get("metric_transformation") or []
    }
    for alarm in cloud.all("aws_cloudwatch_metric_alarm"):
        namespace, name = str(alarm.get("namespace") or ""), alarm.get("metric_name")
        if name and not namespace.startswith(OF_AWS) and (namespace, name) not in made:
            yield f"the alarm {alarm.get('alarm_name')} would never go off: nothing makes {namespace} {name}"
