"""What AWS accepts although it will not work: messages that nobody may encrypt, logs that nobody may write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rig.standin.aws.checks.data import services, statements
from rig.standin.cloud import Cloud, Thing
from rig.standin.configuration import Configuration
from rig.standin.violation import Violation


def _policy(thing: Thing | None) -> Any:
    try:
        return json.loads(thing.get("policy") or "null") if thing else None
    except ValueError:
        return None


def _lets(thing: Thing | None, service: str, conditions: bool = True) -> bool:
    """Whether the policy of a key, topic or bucket lets a service of AWS in; `conditions` may be attached or not."""
    return any(
        statement.get("Effect") == "Allow"
        and service in services(statement)
        and (conditions or not statement.get("Condition"))
        for statement in statements(_policy(thing))
    )


def _key_of(cloud: Cloud, reference: object) -> Thing | None:
    names = ("arn", "key_id", "id")
    return next(
        (key for key in cloud.all("aws_kms_key") if reference in {key.get(name) for name in names}),
        None,
    )


def _topic(cloud: Cloud, arn: object) -> Thing | None:
    return next((topic for topic in cloud.all("aws_sns_topic") if topic.get("arn") == arn), None)


def log_key(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """CloudWatch Logs must be let in by the key that a log group is encrypted with."""
    for path, arn in resource.find("kms_key_id"):
        key = _key_of(cloud, arn)
        if key and not any(_lets(key, f"logs.{part}amazonaws.com") for part in (f"{_region(arn)}.", "")):
            yield Violation(path, "the key does not exist, or is not allowed to be used with this log group")


def _region(arn: object) -> str:
    parts = str(arn).split(":")
    return parts[3] if len(parts) > 3 else ""


def _reaches(cloud: Cloud, arn: object, service: str, *, conditions: bool) -> str | None:
    """Return why a service cannot publish to a topic, None if it can or the topic is not ours."""
    topic = _topic(cloud, arn)
    if topic is None:
        return None
    policies = [policy for policy in cloud.all("aws_sns_topic_policy") if policy.get("arn") == arn]
    if not any(_lets(policy, service) for policy in policies):
        return f"the policy of the topic does not let {service} publish"
    key = topic.get("kms_master_key_id")
    if key and not str(key).startswith("alias/aws/") and not _lets(_key_of(cloud, key), service, conditions):
        return f"the key of the topic does not let {service} use it"
    return None


def alarms_arrive(cloud: Cloud) -> Iterator[str]:
    """Yield a sentence for each alarm whose topic refuses it."""
    for alarm in cloud.all("aws_cloudwatch_metric_alarm"):
        for name in ("alarm_actions", "ok_actions"):
            for arn in alarm.get(name) or []:
                if why := _reaches(cloud, arn, "cloudwatch.amazonaws.com", conditions=True):
                    yield f"the alarm {alarm.get('alarm_name')} would tell nobody: {why}"


def events_arrive(cloud: Cloud) -> Iterator[str]:
    """Yield a sentence for each event whose topic refuses it: EventBridge says nothing that a condition could ask."""
    for target in cloud.all("aws_cloudwatch_event_target"):
        if why := _reaches(cloud, target.get("arn"), "events.amazonaws.com", conditions=False):
            yield f"events of the rule {target.get('rule')} would be dropped: {why}"


def access_is_logged(cloud: Cloud) -> Iterator[str]:
    """Yield a sentence for each bucket whose log of access cannot be written."""
    for logging in cloud.all("aws_s3_bucket_logging"):
        where = logging.get("target_bucket")
        ours = any(bucket.get("bucket") == where for bucket in cloud.all("aws_s3_bucket"))
        policies = [one for one in cloud.all("aws_s3_bucket_policy") if one.get("bucket") == where]
        if ours and not any(_lets(policy, "logging.s3.amazonaws.com") for policy in policies):
            yield f"access to {logging.get('bucket')} would not be logged: the policy of {where} does not let S3 write"
        for settings in cloud.all("aws_s3_bucket_server_side_encryption_configuration"):
            if settings.get("bucket") == where and "aws:kms" in json.dumps(settings.get("rule"), default=str):
                yield f"access to {logging.get('bucket')} would not be logged: {where} is encrypted with a key of KMS"


def roles_are_taken(cloud: Cloud) -> Iterator[str]:
    """Yield a sentence for each role that whoever has it may not take."""
    for kind, name, service in (
        ("aws_ecs_task_definition", "task_role_arn", "ecs-tasks.amazonaws.com"),
        ("aws_ecs_task_definition", "execution_role_arn", "ecs-tasks.amazonaws.com"),
        ("aws_flow_log", "iam_role_arn", "vpc-flow-logs.amazonaws.com"),
        ("aws_db_instance", "monitoring_role_arn", "monitoring.rds.amazonaws.com"),
        ("aws_config_configuration_recorder", "role_arn", "config.amazonaws.com"),
        ("aws_lambda_function", "role", "lambda.amazonaws.com"),
    ):
        for user in cloud.all(kind):
            role = next((one for one in cloud.all("aws_iam_role") if user.get(name) == one.get("arn")), None)
            if role and service not in str(role.get("assume_role_policy")):
                who = user.get("family") or user.get("function_name") or user.id
                yield f"{who} cannot take its {name}: it does not trust {service}"
