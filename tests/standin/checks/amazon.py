"""What Amazon's servers refuse, and hashicorp/aws lets pass."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from standin.checks.shapes import pattern
from standin.cloud import Cloud
from standin.resource import Resource
from standin.violation import Violation

SIZES = r"(nano|micro|small|medium|large|\d*xlarge)"
GIB = 1024
FARGATE: dict[int, Sequence[int]] = {
    256: (512, GIB, 2 * GIB),
    512: range(GIB, 4 * GIB + 1, GIB),
    1024: range(2 * GIB, 8 * GIB + 1, GIB),
    2048: range(4 * GIB, 16 * GIB + 1, GIB),
    4096: range(8 * GIB, 30 * GIB + 1, GIB),
    8192: range(16 * GIB, 60 * GIB + 1, 4 * GIB),
    16384: range(32 * GIB, 120 * GIB + 1, 8 * GIB),
}
"""CPU units -> MiB of memory, as the documentation's table has them; written down here once more, on purpose."""

database_class = pattern("instance_class", rf"db\.[a-z]\w*\.{SIZES}", "a class such as db.t4g.small")
cache_node = pattern("node_type", rf"cache\.[a-z]\w*\.{SIZES}", "a type such as cache.t4g.small")


def fargate_size(resource: Resource) -> Iterator[Violation]:
    """CPU and memory of a task are one of Fargate's pairs."""
    if "FARGATE" not in resource.get("requires_compatibilities", []) or resource.has_unknown("memory"):
        return
    cpu, memory = int(resource.get("cpu", 0)), int(resource.get("memory", 0))
    if memory not in FARGATE.get(cpu, ()):
        yield Violation(resource.at("memory"), f"there is no Fargate task with {cpu} CPU units and {memory} MiB")


def logs_accepted(resource: Resource, cloud: Cloud) -> Iterator[Violation]:
    """A load balancer that is to log writes a first object at once: the bucket's policy must let it."""
    for logs in resource.blocks("access_logs"):
        if logs.get("enabled") is not True:
            continue
        policies = [
            policy
            for policy in cloud.all("aws_s3_bucket_policy")
            if policy.get("bucket") == logs.get("bucket") and "elasticloadbalancing" in str(policy.get("policy"))
        ]
        if policies:
            cloud.rely(*policies)
        else:
            yield Violation(logs.at("bucket"), "Access Denied for bucket: no policy lets load balancers write here")


def target_in_use(resource: Resource, cloud: Cloud) -> Iterator[Violation]:
    """A service registers at target groups that a listener uses."""
    for path, group in resource.find("load_balancer.target_group_arn"):
        users = [
            thing
            for thing in cloud.all("aws_lb_listener", "aws_lb_listener_rule")
            if group in json.dumps([thing.get("default_action"), thing.get("action")], default=str)
        ]
        if users:
            cloud.rely(*users)
        else:
            yield Violation(path, "the target group does not have an associated load balancer")
