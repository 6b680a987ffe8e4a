"""What AWS refuses while something is changed: an order that the first apply never meets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rig.standin.cloud import Cloud
from rig.standin.configuration import Configuration
from rig.standin.violation import Violation


def images_in_use(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """No task and no function runs an image of a repository that goes, by force or not: it could not start again."""
    if resource.type != "aws_ecr_repository":
        return
    url = str(resource.values.get("repository_url"))
    for task in cloud.all("aws_ecs_task_definition"):
        text = str(task.get("container_definitions"))
        if f'"{url}@' in text or f'"{url}:' in text:
            yield Violation((), f"{task.id} runs an image of it", "[image-outlives] an image outlives its last user")
    for function in cloud.all("aws_lambda_function"):
        if str(function.get("image_uri")).startswith((f"{url}@", f"{url}:")):
            yield Violation(
                (), f"{function.id} runs an image of it", "[image-outlives] an image outlives its last user"
            )


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
