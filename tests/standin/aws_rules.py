"""The rules of Amazon's servers that hashicorp/aws does not check, as `rules` has those of Google's.

Few, for most of what AWS refuses is refused by the real provider, with which `terraform validate` is run as well.
"""

from __future__ import annotations

from standin.checks import amazon
from standin.cloud import Cloud
from standin.resource import Resource
from standin.rule import OrderRule, Rule, about, named
from standin.violation import Violation

# fmt: off
AWS_RULES: tuple[Rule, ...] = (
    Rule("db-class", "aws_db_instance", amazon.database_class,
         "a database has a class that RDS knows", "RDS API error 'Invalid DB Instance class'"),
    Rule("cache-node", "aws_elasticache_replication_group", amazon.cache_node,
         "a cache has a type of node that ElastiCache knows", "ElastiCache, Supported node types"),
    Rule("fargate-size", "aws_ecs_task_definition", amazon.fargate_size,
         "CPU and memory fit each other", "ECS API error 'No Fargate configuration exists for given values'"),
)

AWS_ORDER_RULES: tuple[OrderRule, ...] = (
    OrderRule("lb-logs", "aws_lb", amazon.logs_accepted,
              "the bucket of access logs takes them", "ELB API error 'Access Denied for bucket'"),
    OrderRule("target-in-use", "aws_ecs_service", amazon.target_in_use,
              "a listener comes before the service", "ECS API error 'does not have an associated load balancer'"),
)
# fmt: on


def broken(resource: Resource) -> list[Violation]:
    """Return every rule that a resource breaks by itself."""
    rules = [rule for rule in AWS_RULES if about(rule, resource.type)]
    return [violation for rule in rules for violation in named(rule, rule.check(resource))]


def out_of_order(resource: Resource, cloud: Cloud) -> list[Violation]:
    """Return every rule that a resource breaks given what exists."""
    rules = [rule for rule in AWS_ORDER_RULES if about(rule, resource.type)]
    return [violation for rule in rules for violation in named(rule, rule.check(resource, cloud))]
