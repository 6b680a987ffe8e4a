"""The bootstrap module: what must exist before the root module can be applied at all.

Its resources outlive the root module: the bucket that holds the state, and the registry that holds the images.
deploy.sh keeps its state in a file at first, for there is no bucket yet, and then moves it into the bucket.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from cloudgen.dataclass import dataclass
from cloudgen.spec.containers import Container
from cloudgen.stack import sharing
from cloudgen.stack.aws.addresses import KEY
from cloudgen.stack.aws.arns import Account
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.storage.private_bucket import StoredIn
from cloudgen.stack.base import Address, Ref, Template, join
from cloudgen.stack.build_options import build_options

STATE = "state"
"""The label of the bucket of the state."""
UNTAGGED_DAYS = 14
KEPT_IMAGES = 200
"""Of all containers together; each deployment adds one for each container."""
REPOSITORY = Address("aws_ecr_repository", "images")


@dataclass(frozen=True)
class Backend:
    """Where a module that comes after this one keeps its state: a bucket of S3, with a lock file beside the state."""

    bucket: str | None
    """None when the account id, which is a part of the name, is known to terraform only."""
    key: str

    @property
    def partial(self) -> bool:
        """Whether `terraform init` has to be told the bucket."""
        return self.bucket is None


@dataclass(frozen=True)
class StateBucket(StoredIn):
    """The bucket of the state of the other modules."""

    name: str | Template
    force_destroy: bool
    """Whether `terraform destroy` removes the bucket with everything in it."""

    @property
    def document_label(self) -> str:
        """The label of its policy document: no role of bootstrap/ has one."""
        return self.label

    @property
    def protected(self) -> bool:
        """Whether Terraform refuses to destroy the bucket."""
        return not self.force_destroy


@dataclass(frozen=True)
class Repository:
    """The one repository of all images: an image outlives the container that ran it."""

    name: str
    force_delete: bool
    address: Address = REPOSITORY

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The repository, and the policy that deletes old images."""
        return (self.address, Address("aws_ecr_lifecycle_policy", self.address.label))


@dataclass(frozen=True)
class Image:
    """How deploy.sh builds an image; it has the name of the first of the containers that run it."""

    container: str
    platform: str
    """The platform to build for, in Docker's words: `linux/amd64`."""
    origin: str
    """Whose Dockerfile it is: `generated` by cloudgen, or the `source`'s own."""
    dockerfile: str
    """The Dockerfile, relative to the generated ones or to the source."""
    context: str
    """The build context, relative to the source."""
    options: tuple[str, ...]
    """What `docker build` is told beside these."""

    @property
    def words(self) -> tuple[str, ...]:
        """The arguments of `publish` in deploy.sh."""
        return (self.container, self.platform, self.origin, self.dockerfile, self.context, *self.options)


@dataclass(frozen=True)
class BootstrapKey:
    """A key of the bootstrap module's own: the root module's key does not exist yet."""

    alias: str
    description: str
    root: Template
    """The principal that stands for the whole account, so that IAM policies decide."""

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The key and its name."""
        return (KEY, Address("aws_kms_alias", "main"))


@dataclass(frozen=True)
class Bootstrap:
    """The bootstrap module, rendered to the folder bootstrap/."""

    backend: Backend | None
    """Where its own state lies once there is a bucket."""
    state: StateBucket | None
    repository: Repository
    """Is there with a remote state even if no image is built: then no change of containers changes this module."""
    images: tuple[Image, ...]
    key: BootstrapKey | None
    lifecycle_policy: Mapping[str, Any]
    account: Account

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of the module."""
        parts = (self.account, self.state, self.repository, self.key)
        return tuple(chain.from_iterable(part.blocks for part in parts if part is not None))

    @property
    def key_arn(self) -> Ref | None:
        """The ARN of the key, or None where AWS's own keys encrypt."""
        return KEY.arn if self.key else None


def state_bucket_name(foundation: Foundation) -> str | Template:
    """The name of the state bucket, which account and region make unique in the world; text where the id is stated.

    At most 23 characters of prefix, 7, 12 and 15: within the 63 of a bucket's name.
    """
    identifier, region = foundation.account.id, foundation.account.region
    if isinstance(identifier, str):
        return f"{foundation.prefix}-state-{identifier}-{region}"
    return join(f"{foundation.prefix}-state-", identifier, f"-{region}")


def backend(foundation: Foundation, *folders: str) -> Backend | None:
    """Decide where the module in a folder keeps its state, the root module if none is named; None for a local file."""
    if foundation.deployment.state.backend == "local":
        return None
    name = state_bucket_name(foundation)
    key = "/".join((foundation.prefix, *folders, "terraform.tfstate"))
    return Backend(name if isinstance(name, str) else None, key)


def bootstrap(foundation: Foundation) -> Bootstrap | None:
    """Decide the bootstrap module; None when the state is local and every image exists already."""
    deployment = foundation.deployment
    unprotected = not deployment.security.deletion_protection
    state = None
    if deployment.state.backend == "remote":
        state = StateBucket(label=STATE, name=state_bucket_name(foundation), force_destroy=unprotected)
    made = dict.fromkeys(sharing.images(deployment).values())
    images = tuple(_image(foundation, name, deployment.containers[name]) for name in made)
    if state is None and not images:
        return None
    return Bootstrap(
        backend=backend(foundation, "bootstrap"),
        state=state,
        repository=Repository(foundation.prefix, unprotected),
        images=images,
        key=_key(foundation) if foundation.customer_key else None,
        lifecycle_policy=LIFECYCLE_POLICY,
        account=foundation.account,
    )


def _image(foundation: Foundation, name: str, container: Container) -> Image:
    build = container.build_or_default
    return Image(
        container=name,
        platform=f"linux/{foundation.deployment.architecture(container)}",
        origin="generated" if container.built else "source",
        dockerfile=container.own_dockerfile or f"{name}.Dockerfile",
        context=build.context if build else ".",
        options=build_options(container),
    )


def _key(foundation: Foundation) -> BootstrapKey:
    return BootstrapKey(
        alias=f"alias/{foundation.prefix}-bootstrap",
        description=f"Terraform state and images of {foundation.prefix}",
        root=foundation.account.arn("iam", "root", regional=False),
    )


LIFECYCLE_POLICY: Mapping[str, Any] = {
    "rules": [
        {
            "rulePriority": 1,
            "description": f"Images without a tag go after {UNTAGGED_DAYS} days",
            "selection": {
                "tagStatus": "untagged",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": UNTAGGED_DAYS,
            },
            "action": {"type": "expire"},
        },
        {
            "rulePriority": 2,
            "description": f"The newest {KEPT_IMAGES} images stay",
            "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": KEPT_IMAGES},
            "action": {"type": "expire"},
        },
    ]
}
"""https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html"""
