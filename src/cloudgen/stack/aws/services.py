"""ECS services: containers that run always, with or without a port."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.errors import SpecPath
from cloudgen.spec.containers import Container
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.load_balancer import LoadBalancer, TargetGroup
from cloudgen.stack.aws.scaling import Autoscaling, autoscaling, limits
from cloudgen.stack.aws.tasks import Task
from cloudgen.stack.base import Address, Template, join

CAPACITY_PROVIDERS = Address("aws_ecs_cluster_capacity_providers", "main")
"""A service may only use capacity providers that its cluster has already."""


@dataclass(frozen=True)
class Service:
    """A service or worker, rendered by services.tf."""

    task: Task
    desired_count: int
    target: TargetGroup | None
    grace_period: int | None
    """Seconds during which a new task's failing health checks do not count; only with a target group."""
    scaling: Autoscaling | None
    before: tuple[Address, ...]

    @property
    def name(self) -> str:
        """The name in the spec."""
        return self.task.name

    @property
    def label(self) -> str:
        """The Terraform label."""
        return self.task.label

    @property
    def resource_id(self) -> Template:
        """How Application Auto Scaling calls the service."""
        return join("service/", Address("aws_ecs_cluster", "main").name, "/", self.address.name)

    @property
    def address(self) -> Address:
        """The service's address."""
        return Address("aws_ecs_service", self.label)


def service(foundation: Foundation, container: Container, task: Task, balancer: LoadBalancer | None) -> Service:
    """Decide the service that runs a task definition."""
    target = balancer.target_of(task.name) if balancer else None
    scaling = limits(foundation, task.name, container)
    own = bool({"schedules", "requests_per_instance"} & container.scaling.model_fields_set)
    if target is None and "health_check" in container.model_fields_set:
        foundation.problems.warning(
            "ignored",
            f"container `{task.name}`: no route of the load balancer leads to it, so nothing asks its health check",
            ("containers", task.name, "health_check"),
        )
    path: SpecPath = ("containers", task.name, "scaling") if own else ("scaling",)
    return Service(
        task=task,
        desired_count=scaling.min,
        target=target,
        grace_period=container.health_check.grace_period if target else None,
        scaling=autoscaling(foundation, task.label, scaling, target, path),
        before=(*(balancer.before(task.name) if balancer else ()), CAPACITY_PROVIDERS, *task.before),
    )
