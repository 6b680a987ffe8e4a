"""ECS task definitions: what services, workers and jobs have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from cloudgen.dataclass import dataclass
from cloudgen.spec.containers import Container
from cloudgen.stack import contract
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Grant, Role, role
from cloudgen.stack.aws.network import Network
from cloudgen.stack.aws.resource import Resource
from cloudgen.stack.aws.secrets import Secret
from cloudgen.stack.aws.security_groups import Rule, SecurityGroup, group_address
from cloudgen.stack.aws.sizes import fargate_size
from cloudgen.stack.base import Address, Ref, SecretVariable, Template, Variable, join, label

DOCKERFILE_USER = 10001
"""The user id in the Dockerfiles that cloudgen writes."""

ECR_IMAGE = re.compile(
    r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/([a-z0-9._/-]+?)(?::[\w.-]+)?(?:@.+)?"
)


@dataclass(frozen=True)
class Task:
    """A task definition with what belongs to it alone: its log group, its security group and its two roles."""

    name: str
    label: str
    kind: str
    family: str
    cpu: int
    """CPU units; 1024 are a vCPU."""
    memory: int
    """MiB."""
    architecture: str
    capacity_provider: str
    log_group: str
    log_retention: int
    security_groups: tuple[SecurityGroup, ...]
    execution_role: Role
    """Used by ECS to start the task: pulls the image, writes logs, reads the secrets that the spec names."""
    task_role: Role
    """Used by the application: what `connects_to` grants, nothing else."""
    scratch: bool
    """Whether /tmp is a volume, because the root file system is read-only."""
    container_definitions: Sequence[Mapping[str, Any]]
    before: tuple[Address, ...]
    """What has to exist before the task can start."""

    @property
    def address(self) -> Address:
        """The task definition's address."""
        return Address("aws_ecs_task_definition", self.label)

    @property
    def log_group_address(self) -> Address:
        """The log group's address."""
        return Address("aws_cloudwatch_log_group", self.label)

    @property
    def group(self) -> Address:
        """The security group's address."""
        return group_address(self.name)


def task(
    foundation: Foundation,
    name: str,
    container: Container,
    network: Network,
    resources: Mapping[str, Resource],
    secrets: Mapping[str, Secret],
    entrance: Address | None = None,
) -> Task:
    """Decide the task definition of a container. `entrance` is the security group that may reach its port."""
    used = [(resources[connection.name], connection.verb) for connection in container.connects_to]
    own_secrets = [secrets[secret] for secret in dict.fromkeys(container.secrets.values())]
    log_group = Address("aws_cloudwatch_log_group", label(name))
    execution = role(
        foundation.account,
        foundation.prefix,
        f"{name}-execution",
        f"Starts {name}: pulls its image, writes its logs, reads its secrets",
        "ecs-tasks.amazonaws.com",
        [
            *_pull(foundation, name, container),
            Grant("WriteLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], [join(log_group.arn, ":*")]),
            *_merged([grant for secret in own_secrets for grant in secret.secret_grants]),
            *_merged([grant for resource in _distinct(used) for grant in resource.secret_grants]),
        ],
        source_arn=foundation.account.arn("ecs", "*"),
    )
    application = role(
        foundation.account,
        foundation.prefix,
        f"{name}-task",
        f"What {name} itself may do",
        "ecs-tasks.amazonaws.com",
        _merged([grant for resource, verb in used for grant in resource.grants(verb)]),
        source_arn=foundation.account.arn("ecs", "*"),
    )
    cpu, memory = _size(foundation, name, container)
    group = _security_group(foundation, name, container, network, used, entrance)
    return Task(
        name=name,
        label=label(name),
        kind=container.kind,
        family=f"{foundation.prefix}-{name}",
        cpu=cpu,
        memory=memory,
        architecture={"amd64": "X86_64", "arm64": "ARM64"}[foundation.deployment.architecture(container)],
        capacity_provider="FARGATE_SPOT" if foundation.deployment.capacity(container) == "spot" else "FARGATE",
        log_group=f"/{foundation.prefix}/{name}",
        log_retention=foundation.log_retention,
        security_groups=(group,),
        execution_role=execution,
        task_role=application,
        scratch=container.read_only,
        container_definitions=[_definition(foundation, name, container, used, secrets)],
        before=tuple(
            dict.fromkeys(
                [*network.way_out(name), *group.egress_addresses, execution.policy]
                + ([application.policy] if application.grants else [])
                + [address for secret in own_secrets for address in secret.before]
                + [address for resource, _ in used for address in resource.before]
            )
        ),
    )


def _distinct(used: Sequence[tuple[Resource, str | None]]) -> list[Resource]:
    """The resources of a container's connections, each once."""
    return list({resource.name: resource for resource, _ in used}.values())


def _merged(grants: Sequence[Grant]) -> list[Grant]:
    """One statement for grants that differ only in their resources, and no statement twice."""
    merged: dict[tuple[str, tuple[str, ...]], Grant] = {}
    for grant in grants:
        key = (grant.sid, tuple(grant.actions))
        known = merged.get(key)
        resources = list(dict.fromkeys([*(known.resources if known else ()), *grant.resources]))
        merged[key] = Grant(grant.sid, grant.actions, resources, grant.conditions)
    return list(merged.values())


def _pull(foundation: Foundation, name: str, container: Container) -> list[Grant]:
    """What pulling the image takes: nothing for a public one, read access to one repository of ECR otherwise."""
    account = foundation.account
    if container.image is None:
        repository: str | Template = account.arn("ecr", f"repository/{foundation.prefix}/{name}")
    else:
        match = ECR_IMAGE.fullmatch(container.image)
        if match is None:
            return []
        repository = f"arn:{account.partition}:ecr:{match[2]}:{match[1]}:repository/{match[3]}"
    return [
        Grant("AuthorizeAtRegistry", ["ecr:GetAuthorizationToken"], ["*"]),
        Grant(
            "PullImage",
            ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
            [repository],
        ),
    ]


def _size(foundation: Foundation, name: str, container: Container) -> tuple[int, int]:
    vcpu, memory = foundation.deployment.vcpu_and_memory(container)
    own = container.size is not None or container.cpu is not None
    path = ("containers", name) if own else ("compute",)
    step = (*path, "size" if (container if own else foundation.deployment.compute).size is not None else "cpu")
    size = fargate_size(vcpu, memory)
    if size is None:
        foundation.problems.error(
            "no-such-size",
            f"Fargate has no size with {vcpu:g} vCPU and {memory} MiB",
            step,
            "the largest has 16 vCPU and 120Gi; memory goes with CPU: at most 8Gi for 1 vCPU, 16Gi for 2, 30Gi for 4",
        )
        return 256, 512
    units, offered = size
    if (units, offered) != (int(vcpu * 1024), memory):
        foundation.problems.warning(
            "rounded-size",
            f"Fargate has no size with {vcpu:g} vCPU and {memory} MiB: "
            f"container `{name}` gets {units / 1024:g} vCPU and {offered} MiB",
            step,
        )
    return units, offered


def _security_group(
    foundation: Foundation,
    name: str,
    container: Container,
    network: Network,
    used: Sequence[tuple[Resource, str | None]],
    entrance: Address | None,
) -> SecurityGroup:
    ingress = []
    if entrance is not None and container.port is not None:
        description = f"load balancer to {name}"
        ingress.append(Rule(f"{label(name)}_from_load_balancer", description, container.port, peer=entrance))
    egress = list(network.egress(name))
    for resource in _distinct(used):
        if resource.endpoint is not None:
            rule = f"{label(name)}_to_{label(resource.name)}"
            title = f"{name} to {resource.endpoint.title}"
            egress.append(Rule(rule, title, resource.endpoint.port, peer=resource.endpoint.group))
    return SecurityGroup(
        label(name),
        f"{foundation.prefix}-{name}-",
        f"Tasks of {name}",
        tuple(ingress),
        tuple(egress),
        scheduled=container.kind == "job",
    )


def _definition(
    foundation: Foundation,
    name: str,
    container: Container,
    used: Sequence[tuple[Resource, str | None]],
    secrets: Mapping[str, Secret],
) -> Mapping[str, Any]:
    """The container definition, in the words of the ECS API.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
    """
    variables, secret_variables = _environment(foundation, name, container, used, secrets)
    user = container.user or (DOCKERFILE_USER if container.built else None)
    definition: dict[str, Any] = {
        "name": name,
        "image": container.image or Ref(f"var.images.{name}"),
        "essential": True,
    }
    if container.command is not None:
        definition["command"] = container.command
    if user is not None:
        definition["user"] = f"{user}:{user}"
    definition["readonlyRootFilesystem"] = container.read_only
    definition["linuxParameters"] = {"initProcessEnabled": True}
    if container.read_only:
        definition["mountPoints"] = [{"sourceVolume": "tmp", "containerPath": "/tmp", "readOnly": False}]  # noqa: S108
    if container.port is not None:
        definition["portMappings"] = [{"containerPort": container.port, "protocol": "tcp"}]
    if variables:
        definition["environment"] = [{"name": variable.name, "value": variable.value} for variable in variables]
    if secret_variables:
        definition["secrets"] = [{"name": secret.name, "valueFrom": secret.source} for secret in secret_variables]
    definition["logConfiguration"] = {
        "logDriver": "awslogs",
        "options": {
            "awslogs-group": Address("aws_cloudwatch_log_group", label(name)).name,
            "awslogs-region": foundation.account.region,
            "awslogs-stream-prefix": name,
            # A full log buffer drops lines rather than stopping the application.
            "mode": "non-blocking",
            "max-buffer-size": "4m",
        },
    }
    return definition


def _environment(
    foundation: Foundation,
    name: str,
    container: Container,
    used: Sequence[tuple[Resource, str | None]],
    secrets: Mapping[str, Secret],
) -> tuple[list[Variable], list[SecretVariable]]:
    variables: list[Variable] = []
    if container.port is not None:
        variables.append(contract.port(container.port))
    secret_variables: list[SecretVariable] = []
    for resource in _distinct(used):
        variables += resource.environment
        secret_variables += resource.secrets
    injected = {variable.name for variable in variables} | {secret.name for secret in secret_variables}
    for key in ("environment", "secrets"):
        for variable in getattr(container, key):
            if variable in injected:
                foundation.problems.error(
                    "conflict",
                    f"{variable} is set by port or connects_to already",
                    ("containers", name, key, variable),
                    "remove it, or choose another name",
                )
    variables += [Variable(key, value) for key, value in container.environment.items()]
    secret_variables += [SecretVariable(key, secrets[secret].source) for key, secret in container.secrets.items()]
    return variables, secret_variables
