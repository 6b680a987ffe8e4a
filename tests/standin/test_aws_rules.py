"""Every rule of Amazon's servers accepts what is right, and refuses what is wrong at the right place."""

from __future__ import annotations

from typing import Any

import pytest

from standin.aws_rules import AWS_ORDER_RULES, AWS_RULES, broken, out_of_order
from standin.cloud import Cloud
from standin.encoding import UNKNOWN
from standin.resource import Resource
from standin.rule import OrderRule, Rule
from standin.violation import Violation

FARGATE = {"requires_compatibilities": ["FARGATE"]}
GROUP = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/1"
BALANCER = {"access_logs": [{"bucket": "logs", "enabled": True}]}
SERVICE = {"load_balancer": [{"target_group_arn": GROUP}]}
POLICY = {"bucket": "logs", "policy": '{"Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}}'}
LISTENER = {"default_action": [{"target_group_arn": GROUP}]}
RULE = {"action": [{"target_group_arn": GROUP}]}


def said(found: list[Violation]) -> list[tuple[str, str]]:
    return [(one.summary.split("]")[0].lstrip("["), ".".join(map(str, one.path))) for one in found]


@pytest.mark.parametrize(
    ("type_", "values", "expected"),
    [
        ("aws_db_instance", {"instance_class": "db.t4g.small"}, []),
        ("aws_db_instance", {"instance_class": "db.m7g.2xlarge"}, []),
        ("aws_db_instance", {"instance_class": UNKNOWN}, []),
        ("aws_db_instance", {"instance_class": "t4g.small"}, [("db-class", "instance_class")]),
        ("aws_db_instance", {"instance_class": "db.t4g.tiny"}, [("db-class", "instance_class")]),
        ("aws_elasticache_replication_group", {"node_type": "cache.r7g.large"}, []),
        ("aws_elasticache_replication_group", {"node_type": "db.r7g.large"}, [("cache-node", "node_type")]),
        ("aws_ecs_task_definition", {**FARGATE, "cpu": "1024", "memory": "2048"}, []),
        ("aws_ecs_task_definition", {**FARGATE, "cpu": "1024", "memory": UNKNOWN}, []),
        ("aws_ecs_task_definition", {"cpu": "1024", "memory": "512"}, []),
        ("aws_ecs_task_definition", {**FARGATE, "cpu": "1024", "memory": "1024"}, [("fargate-size", "memory")]),
        ("aws_ecs_task_definition", {**FARGATE, "cpu": "1000", "memory": "2048"}, [("fargate-size", "memory")]),
    ],
)
def test_a_resource_by_itself(type_: str, values: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert said(broken(Resource(type_, values))) == expected


@pytest.mark.parametrize(
    ("type_", "values", "there", "expected"),
    [
        ("aws_lb", BALANCER, {"aws_s3_bucket_policy": POLICY}, []),
        ("aws_lb", {"access_logs": [{"bucket": "logs", "enabled": False}]}, {}, []),
        ("aws_lb", BALANCER, {}, [("lb-logs", "access_logs.0.bucket")]),
        (
            "aws_lb",
            BALANCER,
            {"aws_s3_bucket_policy": {**POLICY, "bucket": "x"}},
            [("lb-logs", "access_logs.0.bucket")],
        ),
        ("aws_ecs_service", SERVICE, {"aws_lb_listener": LISTENER}, []),
        ("aws_ecs_service", SERVICE, {"aws_lb_listener_rule": RULE}, []),
        ("aws_ecs_service", {}, {}, []),
        ("aws_ecs_service", SERVICE, {}, [("target-in-use", "load_balancer.0.target_group_arn")]),
    ],
)
def test_what_must_exist_first(
    type_: str, values: dict[str, Any], there: dict[str, dict[str, Any]], expected: list[tuple[str, str]]
) -> None:
    cloud = Cloud()
    for other, attributes in there.items():
        cloud.put(other, "1", attributes)
    assert said(out_of_order(Resource(type_, values), cloud)) == expected
    assert bool(cloud.relied) is (bool(there) and not expected), "what was found is relied on"


def test_rules_have_a_source() -> None:
    rules: list[Rule | OrderRule] = [*AWS_RULES, *AWS_ORDER_RULES]
    assert all(rule.source and rule.what for rule in rules)
