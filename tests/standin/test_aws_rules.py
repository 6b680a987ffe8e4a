"""Every rule of Amazon's servers accepts what is right, and refuses what is wrong at the right place."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from typing import Any

import pytest

from rig.figures import Figures
from rig.standin.aws.rules import AWS_AFTERMATH, AWS_ORDER_RULES, AWS_RULES, broken, out_of_order, silent_failures
from rig.standin.cloud import Cloud
from rig.standin.configuration import Configuration
from rig.standin.encoding import UNKNOWN
from rig.standin.rule import AfterRule, OrderRule, Rule, about
from rig.standin.rule_cases import Case, cloud_of, read_cases, resource, schema_of
from rig.standin.schema import walk
from rig.standin.trees import golden_trees
from rig.standin.violation import Violation

CASES = read_cases("aws", "names", "services", "machines", "capacity", "functions", "file_systems")
ORDER_CASES = read_cases("aws", "order", "function_order", "file_system_order")


def said(found: Sequence[Violation]) -> list[tuple[str, str]]:
    """Return (rule, path) of everything that was found."""
    return [(one.summary.split("]")[0].lstrip("["), ".".join(map(str, one.path))) for one in found]


def test_every_rule_has_a_case(figures: Figures) -> None:
    assert [rule.name for rule in AWS_RULES] == list(CASES)
    assert [rule.name for rule in AWS_ORDER_RULES] == list(ORDER_CASES)
    rules = len(AWS_RULES) + len(AWS_ORDER_RULES) + len(AWS_AFTERMATH)
    figures.tell("Rules of the stand-ins", f"aws: {rules}, each with good and bad examples")


def test_rules_have_names_of_their_own_and_a_source() -> None:
    everything: list[Rule | OrderRule | AfterRule] = [*AWS_RULES, *AWS_ORDER_RULES, *AWS_AFTERMATH]
    assert len({rule.name for rule in everything}) == len(everything) >= 80
    assert all(rule.source and rule.what for rule in everything)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_resource_by_itself(case: Case) -> None:
    assert about(next(rule for rule in AWS_RULES if rule.name == case.rule), case.type)
    assert case.rule not in dict(said(broken(resource(case.type, case.good))))
    assert case.bad
    for bad in case.bad:
        found = said(broken(resource(case.type, bad.config)))
        assert (case.rule, bad.at) in found, f"{bad.config} gives {found}"


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_unknown_until_apply_is_not_refused(case: Case) -> None:
    """A plan may not know a value yet; a rule that then says no would refuse good configurations."""
    values = walk(
        schema_of(case.type).block("resource_schemas", case.type),
        resource(case.type, case.good).values,
        lambda _path, _attribute, value: UNKNOWN if value is not None else None,
    )
    assert case.rule not in dict(said(broken(Configuration(case.type, values))))


@pytest.mark.parametrize("case", ORDER_CASES.values(), ids=ORDER_CASES)
def test_what_must_exist_first(case: Case) -> None:
    assert about(next(rule for rule in AWS_ORDER_RULES if rule.name == case.rule), case.type)
    assert case.rule not in dict(said(out_of_order(resource(case.type, case.good), cloud_of(case.cloud))))
    assert case.bad
    for bad in case.bad:
        there = tuple(thing for thing in case.cloud if not set(thing) & set(bad.without))
        found = said(out_of_order(resource(case.type, bad.config), cloud_of(there)))
        assert (case.rule, bad.at) in found, f"{bad.config} without {bad.without} gives {found}"


NEEDS_OTHERS = (
    *("lb-logs", "task-logs", "certificate-issued", "domain-proven", "policy-order", "nat-way-out", "lb-way-out"),
    *("trail-bucket", "trail-role", "channel-delivers", "recorder-starts", "capacity-there"),
    *("function-role", "image-pulled", "function-log-first", "target-invoked", "bucket-invokes", "mapping-takes"),
    "group-answers",
)


@pytest.mark.parametrize("name", NEEDS_OTHERS)
def test_what_was_found_is_relied_on(name: str) -> None:
    """So that a dependency is looked for: what was there by luck may be late the next time."""
    case = ORDER_CASES[name]
    cloud = cloud_of(case.cloud)
    out_of_order(resource(case.type, case.good), cloud)
    assert cloud.relied


WITHOUT_A_RULE = {
    # Arguments that have no bounds of their own, or joins of two ids.
    "aws_appautoscaling_policy",
    "aws_cloudwatch_event_target",
    "aws_db_parameter_group",
    "aws_default_security_group",
    "aws_eip",
    "aws_efs_backup_policy",
    "aws_iam_instance_profile",
    "aws_iam_role_policy_attachment",
    "aws_internet_gateway",
    "aws_route",
    "aws_route53_record",
    "aws_route53_zone",
    "aws_route_table",
    "aws_route_table_association",
    "aws_s3_bucket_logging",
    "aws_s3_bucket_ownership_controls",
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_versioning",
    "aws_secretsmanager_secret_rotation",
    "aws_secretsmanager_secret_version",
    "aws_sns_topic_subscription",
    "aws_sqs_queue_redrive_allow_policy",
    "aws_wafv2_web_acl_association",
}
"""Types that only the rule about tags, one of order, or what is looked at after an apply has to do with."""


def test_every_emitted_type_has_a_rule_of_its_own() -> None:
    trees = golden_trees("aws").values()
    text = "".join(file.read_text(encoding="utf-8") for tree in trees for file in tree.rglob("*.tf"))
    emitted = set(re.findall(r'^resource "(aws_\w+)"', text, re.M))
    everything: list[Rule | OrderRule] = [*AWS_RULES, *AWS_ORDER_RULES]
    rules = [rule for rule in everything if rule.types != "aws_*"]
    assert {kind for kind in emitted if not any(about(rule, kind) for rule in rules)} == WITHOUT_A_RULE


# ---- what is looked at after an apply

TOPIC, KEY = "arn:aws:sns:eu-west-1:111122223333:alerts", "arn:aws:kms:eu-west-1:111122223333:key/1"
ROLE = "arn:aws:iam::111122223333:role/web"


def letting(service: str, **condition: Any) -> str:
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": {"Service": service}}
    return json.dumps({"Statement": [{**statement, **({"Condition": condition} if condition else {})}]})


def topic(publisher: str, user: str, **condition: Any) -> tuple[dict[str, Any], ...]:
    return (
        {"aws_kms_key": {"arn": KEY, "policy": letting(user, **condition)}},
        {"aws_sns_topic": {"arn": TOPIC, "kms_master_key_id": KEY}},
        {"aws_sns_topic_policy": {"arn": TOPIC, "policy": letting(publisher)}},
    )


CLOUDWATCH, EVENTS = "cloudwatch.amazonaws.com", "events.amazonaws.com"
ALARM = {"aws_cloudwatch_metric_alarm": {"alarm_name": "web", "alarm_actions": [TOPIC]}}
EVENT = {"aws_cloudwatch_event_target": {"rule": "failed-jobs", "arn": TOPIC}}
LOGGING = {"aws_s3_bucket_logging": {"bucket": "assets", "target_bucket": "logs"}}
LOGS = {"aws_s3_bucket": {"bucket": "logs"}}
COUNTED = {"aws_cloudwatch_metric_alarm": {"alarm_name": "a", "namespace": "shop/audit", "metric_name": "root-used"}}
FILTER = {
    "aws_cloudwatch_log_metric_filter": {"metric_transformation": [{"namespace": "shop/audit", "name": "root-used"}]}
}
TASK = {"aws_ecs_task_definition": {"family": "web", "task_role_arn": ROLE}}


def logs(algorithm: str = "AES256", writer: str = "logging.s3.amazonaws.com") -> tuple[dict[str, Any], ...]:
    settings = [{"apply_server_side_encryption_by_default": [{"sse_algorithm": algorithm}]}]
    return (
        {"aws_s3_bucket_policy": {"bucket": "logs", "policy": letting(writer)}},
        {"aws_s3_bucket_server_side_encryption_configuration": {"bucket": "logs", "rule": settings}},
    )


DISK = {"aws_launch_template": {"name": "web", "block_device_mappings": [{"ebs": [{"kms_key_id": KEY}]}]}}
PROVIDER = {"aws_ecs_capacity_provider": {"auto_scaling_group_provider": [{"auto_scaling_group_arn": "arn:group"}]}}
JOINS = {"aws_launch_template": {"user_data": base64.b64encode(b"#!/bin/bash\nECS_CLUSTER=shop-prod\n").decode()}}


def disk_key(name: str) -> dict[str, Any]:
    condition = {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::111122223333:role/aws-service-role/{name}"}}
    used: dict[str, Any] = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Condition": condition}
    actions = ["kms:Decrypt", "kms:CreateGrant"]
    return {"aws_kms_key": {"arn": KEY, "policy": json.dumps({"Statement": [{**used, "Action": actions}]})}}


LAMBDA = "arn:aws:lambda:eu-west-1:111122223333:function:shop:live"
FUNCTION = {"aws_lambda_function": {"function_name": "shop", "role": ROLE, "dead_letter_config": [{"target_arn": "q"}]}}
CARELESS = {"aws_lambda_function": {"function_name": "shop", "role": ROLE}}
CLOCK = {"aws_scheduler_schedule": {"name": "nightly", "target": [{"arn": LAMBDA, "role_arn": ROLE}]}}
TELLS = {"aws_s3_bucket_notification": {"bucket": "assets", "lambda_function": [{"lambda_function_arn": LAMBDA}]}}


def invoking(resource: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": resource}
    return {"aws_iam_role_policy": {"role": "clock", "policy": json.dumps({"Statement": [statement]})}}


SCHEDULER = {"aws_iam_role": {"id": "clock", "arn": ROLE, "assume_role_policy": letting("lambda.amazonaws.com")}}


def role(service: str) -> dict[str, Any]:
    return {"aws_iam_role": {"arn": ROLE, "assume_role_policy": letting(service)}}


@pytest.mark.parametrize(
    ("things", "rule"),
    [
        ((*topic(CLOUDWATCH, CLOUDWATCH), ALARM), None),
        ((*topic(CLOUDWATCH, CLOUDWATCH, StringEquals={"aws:SourceAccount": "1"}), ALARM), None),
        ((*topic(EVENTS, CLOUDWATCH), ALARM), "alarms-arrive"),
        ((*topic(CLOUDWATCH, EVENTS), ALARM), "alarms-arrive"),
        ((ALARM,), None),
        ((*topic(EVENTS, EVENTS), EVENT), None),
        ((*topic(EVENTS, EVENTS, StringEquals={"aws:SourceAccount": "1"}), EVENT), "events-arrive"),
        ((*topic(CLOUDWATCH, EVENTS), EVENT), "events-arrive"),
        ((LOGS, *logs(), LOGGING), None),
        ((LOGS, *logs(writer="ec2.amazonaws.com"), LOGGING), "access-logged"),
        ((LOGS, *logs("aws:kms"), LOGGING), "access-logged"),
        ((role("ecs-tasks.amazonaws.com"), TASK), None),
        ((role("ec2.amazonaws.com"), TASK), "roles-taken"),
        ((disk_key("AWSServiceRoleForAutoScaling"), DISK), None),
        ((disk_key("AWSServiceRoleForSupport"), DISK), "machines-start"),
        (({"aws_autoscaling_group": {"name": "web", "health_check_type": "ELB"}},), "health-told"),
        ((PROVIDER, {"aws_autoscaling_group": {"arn": "arn:group", "tag": [{"key": "AmazonECSManaged"}]}}), None),
        ((PROVIDER, {"aws_autoscaling_group": {"arn": "arn:group", "tag": [{"key": "team"}]}}), "managed-tag"),
        ((JOINS, {"aws_ecs_cluster": {"name": "shop-prod"}}), None),
        ((JOINS, {"aws_ecs_cluster": {"name": "shop"}}), "cluster-joined"),
        ((SCHEDULER, invoking(LAMBDA), FUNCTION, CLOCK, TELLS), None),
        ((SCHEDULER, invoking(f"{LAMBDA}s"), FUNCTION, CLOCK), "schedule-starts"),
        ((CARELESS, TELLS), "events-kept"),
        ((SCHEDULER, invoking(LAMBDA), CARELESS, CLOCK), "events-kept"),
        ((role("ecs-tasks.amazonaws.com"), FUNCTION), "roles-taken"),
        ((COUNTED, FILTER), None),
        ((COUNTED,), "metrics-made"),
        (({"aws_cloudwatch_metric_alarm": {"namespace": "AWS/ECS", "metric_name": "CPUUtilization"}},), None),
    ],
)
def test_what_would_be_lost_in_silence(things: tuple[dict[str, Any], ...], rule: str | None) -> None:
    found = silent_failures(cloud_of(things))
    assert [text.split("]")[0].lstrip("[") for text in found] == ([rule] if rule else [])


def test_every_look_after_an_apply_finds_something() -> None:
    tested = {
        "alarms-arrive", "events-arrive", "access-logged", "metrics-made", "roles-taken", "machines-start",
        "health-told", "managed-tag", "cluster-joined", "schedule-starts", "events-kept",
    }  # fmt: skip
    assert {rule.name for rule in AWS_AFTERMATH} == tested


def test_an_empty_cloud_has_nothing_to_say() -> None:
    assert silent_failures(Cloud()) == []
