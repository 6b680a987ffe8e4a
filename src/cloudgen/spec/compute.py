"""Section `compute`: where containers run unless they say otherwise."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from cloudgen.spec.types import Mebibytes, Size, StrictModel, Vcpu, invalid

Platform = Literal["virtual_machines", "containers", "kubernetes", "functions"]
Capacity = Literal["serverless", "instances", "spot", "spot_instances"]
Architecture = Literal["amd64", "arm64"]

SIZES: dict[str, tuple[float, int]] = {
    "xsmall": (0.25, 512),
    "small": (0.5, 1024),
    "medium": (1, 2048),
    "large": (2, 4096),
    "xlarge": (4, 8192),
    "2xlarge": (8, 16384),
}
"""vCPU and MiB of memory that each size of a container asks for, on every cloud."""


class Kubernetes(StrictModel):
    """The cluster, for containers on platform `kubernetes`."""

    mode: Literal["managed", "nodes"] = Field(
        "managed",
        description="managed: the cloud runs the nodes (EKS Auto Mode, GKE Autopilot); nodes: a group of your own.",
    )
    version: str = Field("1.33", description="Kubernetes minor version.", pattern=r"^1\.\d{2}$")


class Sizing(StrictModel):
    """What `compute` and each container can say about the machine below a container."""

    platform: Platform | None = Field(None, description="What runs the container.")
    capacity: Capacity | None = Field(
        None,
        description="For platform containers: serverless (Fargate, Cloud Run), instances (ECS on EC2), "
        "spot (serverless and interruptible) or spot_instances (interruptible ECS on EC2). "
        "Virtual machines are instances, or spot.",
    )
    size: Size | None = Field(
        None,
        description="xsmall 0.25 vCPU/512Mi, small 0.5/1Gi, medium 1/2Gi, large 2/4Gi, xlarge 4/8Gi, 2xlarge 8/16Gi.",
    )
    cpu: Vcpu | None = Field(None, description="vCPU, instead of a size; needs memory beside it.")
    memory: Mebibytes | None = Field(None, description="Memory, instead of a size; needs cpu beside it.")
    architecture: Architecture | None = Field(None, description="Processor architecture of the image.")

    @model_validator(mode="after")
    def _size_or_numbers(self) -> Sizing:
        if (self.cpu is None) != (self.memory is None):
            raise invalid("missing-key", "cpu and memory go together", "give both, or a size instead")
        if self.cpu is not None and self.size is not None:
            raise invalid("conflict", "size and cpu/memory exclude each other", "keep one of the two")
        return self


class Compute(Sizing):
    """Where containers run unless they say otherwise."""

    kubernetes: Kubernetes = Field(Kubernetes(), description="The cluster, for platform kubernetes.")
