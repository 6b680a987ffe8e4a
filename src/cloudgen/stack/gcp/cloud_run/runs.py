"""What services, worker pools and jobs of Cloud Run have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cloudgen.dataclass import dataclass
from cloudgen.spec.containers import Kind
from cloudgen.spec.units import GIB
from cloudgen.stack.base import Address, Ref, SecretVariable, Variable, label
from cloudgen.stack.folders import check_folders
from cloudgen.stack.gcp.cloud_run.images import PLATFORM, image
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import ServiceAccount
from cloudgen.stack.gcp.network.firewall import FirewallRule
from cloudgen.stack.gcp.platforms.connections import connect
from cloudgen.stack.gcp.platforms.workload import Around
from cloudgen.stack.gcp.sizes import cloud_run_size
from cloudgen.stack.gcp.storage.file_system import FileSystem
from cloudgen.stack.naming import fit
from cloudgen.stack.summary import size_text
from cloudgen.stack.text import Markdown
from cloudgen.stack.workload import Wanted

RESERVED = {
    "service": ("PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION"),
    "worker": ("CLOUD_RUN_WORKER_POOL", "CLOUD_RUN_WORKER_POOL_REVISION"),
    "job": ("CLOUD_RUN_JOB", "CLOUD_RUN_EXECUTION", "CLOUD_RUN_TASK_INDEX", "CLOUD_RUN_TASK_ATTEMPT",
            "CLOUD_RUN_TASK_COUNT"),
}  # fmt: skip
"""What Cloud Run itself tells a container; it refuses to be told otherwise.

https://cloud.google.com/run/docs/container-contract#env-vars
"""


KEEPS_ADDRESSES = Markdown("Cloud Run gives its addresses back one or two hours after the last container is gone.")
"""Direct VPC egress gives addresses back late.

https://cloud.google.com/run/docs/configuring/vpc-direct-vpc#direct-vpc-ip-allocation
"""


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
    kept: tuple[FileSystem, ...]
    """The folders whose files stay; each is a volume."""

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


def run(
    foundation: Foundation,
    wanted: Wanted,
    around: Around,
    *,
    runs_as: str | None = None,
    commands: bool = True,
    variables: Sequence[Variable] = (),
    arguments: Sequence[str] | None = None,
) -> Run:
    """Decide what all kinds of containers have in common.

    `runs_as` is what it is in Cloud Run, where the kind does not say; `commands` whether a job beside it gets the same
    variables. `variables` is what the platform tells it, and `arguments` what it runs instead of its own command.
    """
    name, runs_as = wanted.name, runs_as or wanted.kind
    names = (*RESERVED[runs_as], *(RESERVED["job"] if commands else ()))
    reserved = dict.fromkeys(names, "Cloud Run")
    connected = connect(foundation, wanted, around, variables=variables, reserved=reserved)
    cpu, memory = _size(foundation, wanted, "server" if runs_as == "service" else runs_as)
    stored = (around.resources[name] for name in wanted.kept)
    kept = tuple(each for each in stored if isinstance(each, FileSystem))
    _explain(foundation, wanted)
    _tell_kept(foundation, wanted, kept)
    return Run(
        name=name,
        label=label(name),
        kind=wanted.kind,
        # Less than 50 characters is the limit of a name in Cloud Run.
        run_name=fit(f"{foundation.prefix}-{name}", 49),
        account=connected.account,
        image=image(wanted, foundation.project, foundation.problems),
        arguments=arguments or wanted.spec.command,
        cpu=cpu,
        memory=memory,
        environment=connected.told.variables,
        secrets=connected.told.secrets,
        tag=connected.tag,
        rules=connected.rules,
        before=connected.before,
        kept=kept,
    )


def _size(foundation: Foundation, wanted: Wanted, what: str) -> tuple[int, int]:
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
        foundation.problems.warning(
            "rounded-size",
            f"Cloud Run has no size with {vcpu:g} vCPU and {memory} MiB for a {what}: "
            f"container `{wanted.name}` gets {offered} vCPU and {fitting} MiB",
            step,
        )
    return offered, fitting


def _tell_kept(foundation: Foundation, wanted: Wanted, kept: Sequence[FileSystem]) -> None:
    """Tell in what a bucket that is mounted differs from a folder of the image.

    https://cloud.google.com/storage/docs/cloud-storage-fuse/overview#differences-and-limitations
    """
    for each in kept:
        foundation.problems.warning(
            "approximated",
            f"`{each.path}` of `{wanted.name}` is a bucket of Cloud Storage: it begins empty, whatever the image has "
            "there, all instances share it, and it has no locks: of two who write a file the last one wins",
            wanted.at("writable"),
            "keep whole files there, such as uploads; a database such as SQLite belongs into storage.databases",
        )


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
