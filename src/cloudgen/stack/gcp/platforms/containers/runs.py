"""What services, worker pools and jobs of Cloud Run have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cloudgen.dataclass import dataclass
from cloudgen.spec.containers import Kind
from cloudgen.spec.units import GIB
from cloudgen.stack import contract
from cloudgen.stack.base import Address, Ref, SecretVariable, Variable, join, label
from cloudgen.stack.folders import check_folders, refuse_kept
from cloudgen.stack.gcp.addresses import BALANCER_ADDRESS, GRANTS_READY, HTTPS, NAT
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import ServiceAccount, service_account
from cloudgen.stack.gcp.network.firewall import FirewallRule, allow, allow_out, network_tag
from cloudgen.stack.gcp.platforms.containers.images import PLATFORM, image
from cloudgen.stack.gcp.platforms.workload import Around
from cloudgen.stack.gcp.sizes import cloud_run_size
from cloudgen.stack.gcp.storage.resource import Resource
from cloudgen.stack.naming import fit
from cloudgen.stack.summary import size_text
from cloudgen.stack.workload import Told, Wanted, told

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
class Run:
    """A container with what belongs to it alone: its service account, its network tag and its environment."""

    name: str
    label: str
    kind: Kind
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
        memory = f"{self.memory}Mi" if self.memory % GIB else f"{self.memory // GIB}Gi"
        return {"cpu": str(self.cpu), "memory": memory}

    @property
    def tags(self) -> tuple[str, ...]:
        """Its network tags."""
        return (self.tag,)

    @property
    def size(self) -> str:
        """What it gets, for the README."""
        return f"Cloud Run, vCPU {self.cpu}, memory {self.memory} MiB"

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands in the picture."""
        return (self.name, self.kind, f"{self.cpu} vCPU")

    @property
    def values(self) -> dict[str, str]:
        """What `explain` shows of it."""
        return {"size": size_text(self.cpu, self.memory), "runs on": "Cloud Run, amd64"}


@dataclass(frozen=True)
class OnCloudRun:
    """What every workload on Cloud Run offers in the same way."""

    run: Run

    @property
    def name(self) -> str:
        """The name in the spec."""
        return self.run.name

    @property
    def label(self) -> str:
        """The Terraform label."""
        return self.run.label

    @property
    def kind(self) -> Kind:
        """Why and how long it runs."""
        return self.run.kind

    @property
    def peer(self) -> str:
        """Its network tag."""
        return self.run.tag

    @property
    def rules(self) -> tuple[FirewallRule, ...]:
        """What it may reach in the network."""
        return self.run.rules

    @property
    def image_platform(self) -> str:
        """What its image is built for."""
        return PLATFORM

    @property
    def differences(self) -> tuple[str, ...]:
        """None that the parity table does not tell."""
        return ()


def run(foundation: Foundation, wanted: Wanted, around: Around) -> Run:
    """Decide what all kinds of containers have in common."""
    prefix, name = foundation.prefix, wanted.name
    used = [(around.resources[use.name], use.verb) for use in wanted.uses]
    connected = list({resource.name: resource for resource, _ in used}.values())
    own_secrets = [around.secrets[secret] for secret in wanted.secrets]
    grants = [grant for resource, verb in used for grant in resource.grants(verb)]
    account = service_account(
        prefix,
        name,
        f"Container {name}: what it may do",
        [*grants, *(grant for secret in own_secrets for grant in secret.grants)],
    )
    rules = (
        *(allow(prefix, name, one.name, one.endpoint) for one in connected if one.endpoint is not None),
        *(allow_out(prefix, name, way) for way in wanted.spec.egress),
    )
    cpu, memory = _size(foundation, wanted)
    names = (*RESERVED.get(wanted.kind, ()), *(RESERVED["job"] if wanted.spec.release else ()))
    reserved = dict.fromkeys(names, "Cloud Run")
    environment = told(
        wanted,
        _given(wanted, connected, used, account),
        around.secrets,
        foundation.problems,
        reserved=reserved,
        by="connects_to",
    )
    _explain(foundation, wanted)
    return Run(
        name=name,
        label=label(name),
        kind=wanted.kind,
        # Less than 50 characters is the limit of a name in Cloud Run.
        run_name=fit(f"{prefix}-{name}", 49),
        account=account,
        image=image(wanted, foundation.project, foundation.problems),
        arguments=wanted.spec.command,
        cpu=cpu,
        memory=memory,
        environment=environment.variables,
        secrets=environment.secrets,
        tag=network_tag(prefix, name),
        rules=rules,
        before=tuple(
            dict.fromkeys(
                [
                    *_way_out(foundation, rules),
                    *((GRANTS_READY,) if account.ready else ()),
                    *(address for secret in own_secrets for address in secret.before),
                    *(address for resource in connected for address in resource.before),
                ]
            )
        ),
    )


def _given(wanted: Wanted, connected: Sequence[Resource], used: Used, account: ServiceAccount) -> Told:
    """What load balancer and connections tell the container."""
    uses = tuple({(resource.name, verb): (resource, verb) for resource, verb in used}.values())
    return Told(
        (
            *_trusted(wanted),
            *(variable for resource in connected for variable in resource.environment),
            *(variable for resource, verb in uses for variable in resource.connected(verb, account)),
        ),
        tuple(variable for resource in connected for variable in resource.secrets),
        {f"{each.name}.{part}": value for each, verb in uses for part, value in each.parts(verb).items()},
    )


def _trusted(wanted: Wanted) -> tuple[Variable, ...]:
    """Let the server believe the load balancer, too, which puts its own address last into X-Forwarded-For.

    Without it, every request would come from there.
    https://cloud.google.com/load-balancing/docs/https#x-forwarded-for_header
    """
    container = wanted.spec
    build = container.build_or_default if container.built and container.command is None else None
    if not wanted.routed or build is None or build.interface != "asgi" or contract.FORWARDED in container.environment:
        return ()
    known = ",".join(contract.PROXIES)
    return (Variable(contract.FORWARDED, join(f"{known},", BALANCER_ADDRESS.address)),)


def _way_out(foundation: Foundation, rules: Sequence[FirewallRule]) -> tuple[Address, ...]:
    """What a container needs to reach anything: made before it, and destroyed after it."""
    nat = foundation.deployment.networking.nat != "none"
    return (HTTPS, *((NAT,) if nat else ()), *(rule.address for rule in rules))


def _size(foundation: Foundation, wanted: Wanted) -> tuple[int, int]:
    vcpu, memory, step = wanted.vcpu, wanted.memory, wanted.size_at
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
        what = "server" if wanted.kind == "service" else wanted.kind
        foundation.problems.warning(
            "rounded-size",
            f"Cloud Run has no size with {vcpu:g} vCPU and {memory} MiB for a {what}: "
            f"container `{wanted.name}` gets {offered} vCPU and {fitting} MiB",
            step,
        )
    return offered, fitting


def _explain(foundation: Foundation, wanted: Wanted) -> None:
    """Tell what the spec asks for and Cloud Run does another way."""
    problems, name, container = foundation.problems, wanted.name, wanted.spec
    if container.user is not None and not container.built:
        problems.warning(
            "ignored",
            f"container `{name}`: Cloud Run runs an image as the user that the image names",
            wanted.at("user"),
            "name the user in the Dockerfile",
        )
    if wanted.says("read_only") and container.is_read_only:
        problems.warning(
            "ignored",
            f"container `{name}`: on Cloud Run the root file system can be written; "
            "what is written takes memory and goes with the instance",
            wanted.at("read_only"),
        )
    check_folders(wanted, problems)
    refuse_kept(wanted, "files that stay would take a volume of Cloud Storage, which is not rendered yet", problems)
    if wanted.architecture == "arm64":
        if container.image is not None:
            problems.error(
                "unsupported",
                f"container `{name}`: Cloud Run runs images for amd64 only",
                wanted.at("architecture"),
                "use an image for amd64 and leave architecture out",
            )
        else:
            problems.warning(
                "approximated",
                f"container `{name}`: Cloud Run runs images for amd64 only, so its image is built for amd64",
                wanted.at("architecture"),
            )
    if wanted.capacity == "spot":
        problems.warning(
            "ignored",
            f"container `{name}`: Cloud Run has no spot capacity, so it runs uninterrupted at the usual price",
            wanted.at("capacity"),
        )
