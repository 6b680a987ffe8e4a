"""What AWS does not delete, because something uses it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rig.standin.cloud import Cloud, Thing
from rig.standin.configuration import Configuration
from rig.standin.violation import Violation

USERS: dict[str, tuple[str, str, dict[str, tuple[str, ...]]]] = {
    "aws_acm_certificate": (
        "arn", "ResourceInUseException: the certificate is in use",
        {"aws_lb_listener": ("certificate_arn",)},
    ),
    "aws_db_parameter_group": (
        "name", "InvalidDBParameterGroupState: one or more database instances are still members",
        {"aws_db_instance": ("parameter_group_name",)},
    ),
    "aws_db_subnet_group": (
        "name", "InvalidDBSubnetGroupStateFault: it has a database",
        {"aws_db_instance": ("db_subnet_group_name",)},
    ),
    "aws_ecs_cluster": (
        "arn", "ClusterContainsServicesException",
        {"aws_ecs_service": ("cluster",)},
    ),
    "aws_elasticache_parameter_group": (
        "name", "InvalidCacheParameterGroupState: a cache uses it",
        {"aws_elasticache_replication_group": ("parameter_group_name",)},
    ),
    "aws_elasticache_subnet_group": (
        "name", "CacheSubnetGroupInUse",
        {"aws_elasticache_replication_group": ("subnet_group_name",)},
    ),
    "aws_lb_target_group": (
        "arn", "ResourceInUse: the target group is in use by a listener or a rule",
        {
            "aws_lb_listener": ("default_action.target_group_arn",),
            "aws_lb_listener_rule": ("action.target_group_arn",),
        },
    ),
    "aws_route53_zone": (
        "zone_id", "HostedZoneNotEmpty",
        {"aws_route53_record": ("zone_id",)},
    ),
    "aws_security_group": (
        "id", "DependencyViolation: something has this security group",
        {
            "aws_db_instance": ("vpc_security_group_ids",),
            "aws_ecs_service": ("network_configuration.security_groups",),
            "aws_elasticache_replication_group": ("security_group_ids",),
            "aws_lb": ("security_groups",),
            "aws_vpc_endpoint": ("security_group_ids",),
            "aws_vpc_security_group_egress_rule": ("referenced_security_group_id",),
            "aws_vpc_security_group_ingress_rule": ("referenced_security_group_id",),
        },
    ),
    "aws_subnet": (
        "id", "DependencyViolation: something is in this subnet",
        {
            "aws_db_subnet_group": ("subnet_ids",),
            "aws_ecs_service": ("network_configuration.subnets",),
            "aws_elasticache_subnet_group": ("subnet_ids",),
            "aws_lb": ("subnets",),
            "aws_nat_gateway": ("subnet_id",),
            "aws_vpc_endpoint": ("subnet_ids",),
        },
    ),
    "aws_wafv2_web_acl": (
        "arn", "WAFAssociatedItemException: a load balancer is behind it",
        {"aws_wafv2_web_acl_association": ("web_acl_arn",)},
    ),
}  # fmt: skip
"""By type: the attribute by which others name it, what the API answers, and the attributes that name it."""

IN_USE = "[in-use] what others refer to stays"


def deletion_refused(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """Yield why a resource cannot go."""
    if resource.type in USERS:
        key, answer, users = USERS[resource.type]
        for thing in cloud.all(*users):
            if _names(thing, users[thing.type], resource.values.get(key)):
                yield Violation((), f"{answer} ({thing.type} {thing.id})", IN_USE)
    if resource.type == "aws_ecr_repository":
        yield from _holds_images(resource, cloud)


def _names(thing: Thing, attributes: tuple[str, ...], name: object) -> bool:
    found = (value for path in attributes for _, value in Configuration(thing.type, thing.values).find(path))
    return any(name in value if isinstance(value, list) else name == value for value in found)


def _holds_images(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A repository holds images: it is deleted by force only, and what runs cannot start without them."""
    if resource.values.get("force_delete") is not True:
        yield Violation((), "RepositoryNotEmptyException: it holds images", IN_USE)
    url = str(resource.values.get("repository_url"))
    for task in cloud.all("aws_ecs_task_definition"):
        text = str(task.get("container_definitions"))
        if f'"{url}@' in text or f'"{url}:' in text:
            yield Violation((), f"{task.id} runs an image of it", "[image-outlives] an image outlives its last user")


def priority_taken(
    resource: Configuration, cloud: Cloud, identity: str, released: Iterable[Mapping[str, Any]] = ()
) -> Iterator[Violation]:
    """No other rule of the listener has the priority, nor had it when this run of Terraform began.

    ELB API, CreateRule and SetRulePriorities. What Terraform changes at the same time comes in any order.
    """
    if resource.type != "aws_lb_listener_rule":
        return
    others = [rule.values for rule in cloud.all(resource.type) if rule.id != identity]
    for rule in (*others, *(rule for rule in released if rule.get("id") != identity)):
        if all(rule.get(name) == resource.values.get(name) for name in ("listener_arn", "priority")):
            text = f"PriorityInUse: priority {resource.values.get('priority')} is that of {rule.get('id')}"
            yield Violation(("priority",), text, "[priority] rules of a listener have priorities of their own")
            return


def redirects_nowhere(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A listener that serves begins to redirect when the other one is there, or visitors meet a closed port."""
    if resource.type != "aws_lb_listener":
        return
    for redirect in resource.blocks("default_action.redirect"):
        port = float(redirect.get("port") or 443)
        others = cloud.all("aws_lb_listener")
        balancer = resource.values.get("load_balancer_arn")
        if not any(one.get("load_balancer_arn") == balancer and float(one.get("port") or 0) == port for one in others):
            text = f"nothing listens on port {port:g} yet"
            yield Violation(redirect.path, text, "[redirect-target] a redirect comes after what it leads to")
