"""A container on ECS: a task definition, and what starts its tasks, a service or a schedule; and what policies say."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cloudgen.spec.containers import Container
from rig.facts.aws.capacity import Runs, faults
from rig.facts.plan import MissingResourceError, PlannedResource
from rig.facts.scene import Scene, label

UNUSED_PORT = 80
"""Of a target group whose targets register by address, each with its own port."""


@dataclass(frozen=True)
class Task:
    """A container of the spec, as ECS runs it."""

    definition: PlannedResource
    container: Mapping[str, Any]
    runner: PlannedResource
    """The aws_ecs_service, or the aws_scheduler_schedule of a job."""
    network: Mapping[str, Any]
    """The runner's network configuration."""
    invoked = False

    def told_of_start(self, container: Container) -> dict[str, str]:  # noqa: ARG002
        """Nothing: it serves from the start, or runs a command."""
        return {}

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables, without the secret ones."""
        return {item["name"]: item["value"] for item in self.container.get("environment", [])}

    @property
    def secrets(self) -> dict[str, str]:
        """The secret environment variables: where each comes from."""
        return {item["name"]: item["valueFrom"] for item in self.container.get("secrets", [])}

    @property
    def groups(self) -> list[str]:
        """The ids of its security groups."""
        return list(self.network.get("security_groups") or [])

    @property
    def subnets(self) -> list[str]:
        """The ids of its subnets."""
        return list(self.network.get("subnets") or [])

    @property
    def strategy(self) -> list[Mapping[str, Any]]:
        """The capacity that its runner asks for."""
        return self._asked("capacity_provider_strategy")

    @property
    def placement(self) -> list[tuple[str, str]]:
        """Where its runner places it among machines, as type and field."""
        found = self._asked("ordered_placement_strategy") or self._asked("placement_strategy")
        return [(each["type"], each["field"]) for each in found]

    def _asked(self, name: str) -> list[Mapping[str, Any]]:
        parameters = self.runner.at("target", "ecs_parameters") or [self.runner.values]
        return list(parameters[0].get(name) or [])

    @property
    def hidden(self) -> bool:
        """Whether it has no public address."""
        return self.network.get("assign_public_ip") is False

    @property
    def log_group(self) -> str | None:
        """The name of the group that it writes its log to."""
        group: str | None = self.container.get("logConfiguration", {}).get("options", {}).get("awslogs-group")
        return group

    @property
    def roles(self) -> tuple[str, str]:
        """The labels of the role of the application, and of what starts it."""
        name = label(str(self.container["name"]))
        return f"{name}_task", f"{name}_execution"

    @property
    def principal(self) -> str:
        """Who assumes them."""
        return "ecs-tasks.amazonaws.com"

    @property
    def starts_itself(self) -> Mapping[str, str]:
        """What its starter may do beside pulling the image, writing the log and reading secrets: nothing."""
        return {}

    @property
    def target_group(self) -> str | None:
        """The ARN of the target group that it registers with."""
        found: str | None = self.runner.at("load_balancer", "target_group_arn")
        return found

    @property
    def dimension(self) -> tuple[str, str]:
        """What metrics know it by."""
        return "ServiceName", str(self.container["name"])

    @property
    def needs(self) -> dict[str, str]:
        """What else has to be there before it runs, with what is wrong without."""
        return {
            "aws_ecs_cluster_capacity_providers.main": "its cluster may lack the capacity that it asks for",
        }

    def port_faults(self, container: Container, group: PlannedResource | None) -> dict[str, bool]:
        """What is wrong with the way of a request to it; `group` is its target group, where a route leads to it."""
        ports = [mapping.get("containerPort") for mapping in self.container.get("portMappings", [])]
        faults = {"the task opens other ports": ports != [container.port]}
        if group is None:
            return faults
        return faults | {
            "the target group is replaced when the port changes": group.at("port") != UNUSED_PORT,
            "the load balancer talks to another port": self.runner.at("load_balancer", "container_port")
            != container.port,
            "the service registers another container": self.runner.at("load_balancer", "container_name")
            != self.container["name"],
            "a new task has another time to start": self.runner.at("health_check_grace_period_seconds")
            != container.health_check.grace_period,
        }

    def identities(self) -> set[str]:
        """The ARNs of its roles; a task has two."""
        return {str(self.definition.at("task_role_arn")), str(self.definition.at("execution_role_arn"))}

    def privileges(self, container: Container) -> dict[str, bool]:
        """What it may do beyond its work."""
        user = str(self.container.get("user", "")).partition(":")[0]
        ours = container.built or container.user is not None
        return {
            "one role is both": len(self.identities()) != 2,
            "runs as root": user in {"0", "root"} or (ours and not user),
            "is privileged": bool(self.container.get("privileged")),
            "has additional capabilities": bool(
                self.container.get("linuxParameters", {}).get("capabilities", {}).get("add")
            ),
            "its root file system is not as the spec says": bool(self.container.get("readonlyRootFilesystem"))
            != container.is_read_only,
            "does not have a network interface of its own": self.definition.at("network_mode") != "awsvpc",
            "people get a shell in it": bool(self.runner.at("enable_execute_command")),
        }

    def capacity_faults(self, scene: Scene) -> dict[str, bool]:
        """What is wrong with what its tasks run on."""
        policies = scene.root.of("aws_iam_role_policy")
        granted: dict[str, set[tuple[str, str]]] = {}
        for policy in policies:
            granted.setdefault(policy.values["role"], set()).update(grants(policy_statements(policy.values["policy"])))
        return faults(Runs(self.container, self.definition, self.strategy, self.placement), scene, granted)

    def limits(self, scene: Scene) -> list[tuple[int, int]]:
        """The limits between which it scales; none where its number is fixed."""
        targets = scene.root.of("aws_appautoscaling_target")
        own = [target for target in targets if target.at("resource_id").endswith(f"/{self.container['name']}")]
        return [(target.at("min_capacity"), target.at("max_capacity")) for target in own]

    def policies(self, scene: Scene) -> list[PlannedResource]:
        """What moves it between them."""
        policies = scene.root.of("aws_appautoscaling_policy")
        return [policy for policy in policies if policy.at("resource_id").endswith(f"/{self.container['name']}")]

    def scaling_faults(self, scene: Scene, least: int, most: int, *, fixed: bool) -> dict[str, bool]:
        """What is wrong with how many run."""
        found = self.limits(scene)
        return {
            f"scales between {found}": found != [(least, most)] and not (fixed and not found),
            "begins with another number": self.runner.at("desired_count") != least,
            "what is broken is not rolled back": self.runner.at("deployment_circuit_breaker", "rollback") is not True,
        }


def task(scene: Scene, name: str) -> Task:
    """Return what runs a container. Raises MissingResourceError."""
    definition = scene.root.get("aws_ecs_task_definition", label(name))
    containers = json.loads(definition.values["container_definitions"])
    if [container["name"] for container in containers] != [name]:
        raise MissingResourceError(f"{definition.address} has {len(containers)} containers, or one of another name")
    if scene.deployment.containers[name].kind == "job":
        runner = scene.root.get("aws_scheduler_schedule", label(name))
        parameters = runner.at("target", "ecs_parameters") or [{}]
        network = PlannedResource("", "", "", parameters[0], frozenset()).at("network_configuration") or [{}]
        return Task(definition, containers[0], runner, network[0])
    runner = scene.root.get("aws_ecs_service", label(name))
    return Task(definition, containers[0], runner, (runner.blocks("network_configuration") or [{}])[0])


def statements(scene: Scene, role: str) -> list[Mapping[str, Any]]:
    """Return the statements of all policies of a role, by the role's label."""
    wanted = scene.root.get("aws_iam_role", role).values["name"]
    policies = scene.root.where("aws_iam_role_policy", role=wanted)
    return [statement for policy in policies for statement in policy_statements(policy.values["policy"])]


def policy_statements(policy: str) -> list[Mapping[str, Any]]:
    """Return the statements of a policy document."""
    found = json.loads(policy)["Statement"]
    return found if isinstance(found, list) else [found]


def many(value: str | list[str] | None) -> list[str]:
    """Return a list, where IAM lets one item stand for a list of one."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


def grants(found: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """Return the pairs of action and resource that statements allow."""
    return {
        (action, resource)
        for statement in found
        if statement["Effect"] == "Allow"
        for action in many(statement.get("Action"))
        for resource in many(statement.get("Resource"))
    }
