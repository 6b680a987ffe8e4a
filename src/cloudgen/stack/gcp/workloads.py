"""Containers on Cloud Run: what services, worker pools and jobs have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cloudgen.dataclass import dataclass
from cloudgen.errors import SpecPath
from cloudgen.spec.containers import Container
from cloudgen.stack.base import Address, Ref, Variable, label
from cloudgen.stack.gcp.addresses import NAT
from cloudgen.stack.gcp.firewall import HTTPS, FirewallRule, allow, network_tag
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import ServiceAccount, service_account
from cloudgen.stack.gcp.images import image
from cloudgen.stack.gcp.resource import Resource, SecretVariable
from cloudgen.stack.gcp.sizes import cloud_run_size
from cloudgen.stack.naming import fit

if TYPE_CHECKING:
    from cloudgen.stack.gcp.secrets import Secret

RESERVED = {
    "service": ("PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION"),
    "worker": ("CLOUD_RUN_WORKER_POOL", "CLOUD_RUN_WORKER_POOL_REVISION"),
    "job": ("CLOUD_RUN_JOB", "CLOUD_RUN_EXECUTION", "CLOUD_RUN_TASK_INDEX", "CLOUD_RUN_TASK_ATTEMPT",
            "CLOUD_RUN_TASK_COUNT"),
}  # fmt: skip
"""What Cloud Run itself tells a container; it refuses to be told otherwise.

https://cloud.google.com/run/docs/container-contract#env-vars
"""

Used = Sequence[tuple[Resource, str | None]]
"""What a container connects to, each with the verb of the connection."""


@dataclass(frozen=True)
class Workload:
    """A container with what belongs to it alone: its service account, its network tag and its environment."""

    name: str
    label: str
    kind: str
    run_name: str
    """Its name in Cloud Run."""
    account: ServiceAccount
    image: str | Ref
    arguments: Sequence[str] | None
    """What the image's entrypoint gets instead of the image's own command."""
    cpu: int
    memory: int
    """MiB."""
    environment: tuple[Variable, ...]
    secrets: tuple[SecretVariable, ...]
    tag: str
    rules: tuple[FirewallRule, ...]
    """What it may reach in the network."""
    before: tuple[Address, ...]
    """What has to exist before it can start."""

    @property
    def limits(self) -> Mapping[str, str]:
        """CPU and memory as Cloud Run writes them."""
        memory = f"{self.memory}Mi" if self.memory % 1024 else f"{self.memory // 1024}Gi"
        return {"cpu": str(self.cpu), "memory": memory}

    @property
    def tags(self) -> tuple[str, ...]:
        """Its network tags."""
        return (self.tag,)


def workload(
    foundation: Foundation,
    name: str,
    container: Container,
    resources: Mapping[str, Resource],
    secrets: Mapping[str, Secret],
) -> Workload:
    """Decide what all kinds of containers have in common."""
    prefix = foundation.prefix
    used = [(resources[connection.name], connection.verb) for connection in container.connects_to]
    connected = list({resource.name: resource for resource, _ in used}.values())
    own_secrets = [secrets[secret] for secret in dict.fromkeys(container.secrets.values())]
    grants = [grant for resource, verb in used for grant in resource.grants(verb)]
    account = service_account(
        prefix,
        name,
        f"Container {name}: what it may do",
        [*grants, *(grant for secret in own_secrets for grant in secret.grants)],
    )
    rules = tuple(
        allow(prefix, name, resource.name, resource.endpoint) for resource in connected if resource.endpoint is not None
    )
    cpu, memory = _size(foundation, name, container)
    variables, secret_variables = _environment(foundation, name, container, used, secrets, account)
    _explain(foundation, name, container)
    return Workload(
        name=name,
        label=label(name),
        kind=container.kind,
        # Less than 50 characters is the limit of a name in Cloud Run.
        run_name=fit(f"{prefix}-{name}", 49),
        account=account,
        image=image(foundation, name, container),
        arguments=container.command,
        cpu=cpu,
        memory=memory,
        environment=tuple(variables),
        secrets=tuple(secret_variables),
        tag=network_tag(prefix, name),
        rules=rules,
        before=tuple(
            dict.fromkeys(
                [
                    *_way_out(foundation, rules),
                    *account.ready,
                    *(address for secret in own_secrets for address in secret.before),
                    *(address for resource in connected for address in resource.before),
                ]
            )
        ),
    )


def _way_out(foundation: Foundation, rules: Sequence[FirewallRule]) -> tuple[Address, ...]:
    """What has to stand before the container can reach anything. It also is what may go only after the container."""
    nat = foundation.deployment.networking.nat != "none"
    return (HTTPS, *((NAT,) if nat else ()), *(rule.address for rule in rules))


def _size(foundation: Foundation, name: str, container: Container) -> tuple[int, int]:
    deployment = foundation.deployment
    vcpu, memory = deployment.vcpu_and_memory(container)
    own = container.size is not None or container.cpu is not None
    path: SpecPath = ("containers", name) if own else ("compute",)
    step = (*path, "size" if (container if own else deployment.compute).size is not None else "cpu")
    size = cloud_run_size(vcpu, memory)
    if size is None:
        foundation.problems.error(
            "no-such-size",
            f"Cloud Run has no size with {vcpu:g} vCPU and {memory} MiB",
            step,
            "the largest has 8 vCPU and 32Gi; memory goes with CPU: at most 4Gi for 1 vCPU, 8Gi for 2, 16Gi for 4",
        )
        return 1, 512
    offered, fitting = size
    if (offered, fitting) != (vcpu, memory):
        what = "server" if container.kind == "service" else container.kind
        foundation.problems.warning(
            "rounded-size",
            f"Cloud Run has no size with {vcpu:g} vCPU and {memory} MiB for a {what}: "
            f"container `{name}` gets {offered} vCPU and {fitting} MiB",
            step,
        )
    return offered, fitting


def _explain(foundation: Foundation, name: str, container: Container) -> None:
    """Tell what the spec asks for and Cloud Run does another way."""
    deployment, problems = foundation.deployment, foundation.problems
    own = ("containers", name)
    if container.user is not None and not container.built:
        problems.warning(
            "ignored",
            f"container `{name}`: Cloud Run runs an image as the user that the image names",
            (*own, "user"),
            "name the user in the Dockerfile",
        )
    if "read_only" in container.model_fields_set and container.read_only:
        problems.warning(
            "ignored",
            f"container `{name}`: on Cloud Run the root file system can be written; "
            "what is written takes memory and goes with the instance",
            (*own, "read_only"),
        )
    if deployment.architecture(container) == "arm64":
        path = (*own, "architecture") if container.architecture else ("compute", "architecture")
        if container.image is not None:
            problems.error(
                "unsupported",
                f"container `{name}`: Cloud Run runs images for amd64 only",
                path,
                "use an image for amd64 and leave architecture out",
            )
        else:
            problems.warning(
                "approximated",
                f"container `{name}`: Cloud Run runs images for amd64 only, so its image is built for amd64",
                path,
            )
    if deployment.capacity(container) == "spot":
        problems.warning(
            "ignored",
            f"container `{name}`: Cloud Run has no spot capacity, so it runs uninterrupted at the usual price",
            (*own, "capacity") if container.capacity else ("compute", "capacity"),
        )


def _environment(
    foundation: Foundation,
    name: str,
    container: Container,
    used: Used,
    secrets: Mapping[str, Secret],
    account: ServiceAccount,
) -> tuple[list[Variable], list[SecretVariable]]:
    variables: list[Variable] = []
    secret_variables: list[SecretVariable] = []
    for resource in {resource.name: resource for resource, _ in used}.values():
        variables += resource.environment
        secret_variables += resource.secrets
    for resource, verb in {(resource.name, verb): (resource, verb) for resource, verb in used}.values():
        variables += resource.connected(verb, account)
    injected = {*(variable.name for variable in variables), *(variable.name for variable in secret_variables)}
    reserved = RESERVED.get(container.kind, ())
    for key in ("environment", "secrets"):
        for variable in getattr(container, key):
            if variable in injected or variable in reserved:
                by = "connects_to" if variable in injected else "Cloud Run"
                foundation.problems.error(
                    "conflict",
                    f"{variable} is set by {by} already",
                    ("containers", name, key, variable),
                    "remove it, or choose another name",
                )
    variables += [Variable(key, value) for key, value in container.environment.items()]
    secret_variables += [secrets[secret].variable(key) for key, secret in container.secrets.items()]
    return variables, secret_variables
