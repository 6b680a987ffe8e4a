"""The bootstrap module: what must exist before the root module can be applied at all.

Its resources outlive the root module: the bucket that holds the state, and the registry that holds the images.
It keeps its own state in a local file, for there is no bucket yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cloudgen.dataclass import dataclass
from cloudgen.spec.containers import Container
from cloudgen.stack.base import Address, Ref, Template, join
from cloudgen.stack.build_options import build_options
from cloudgen.stack.gcp.addresses import APIS_READY, KEY, KEY_RING, REGISTRY, STATE_BUCKET
from cloudgen.stack.gcp.agents import LOOKED_UP_DATA, STORAGE, Lent, key_members, key_ready
from cloudgen.stack.gcp.apis import Apis, apis
from cloudgen.stack.gcp.foundation import PROJECT, Foundation
from cloudgen.stack.gcp.iam import Member
from cloudgen.stack.gcp.platforms.workload import Workload
from cloudgen.stack.naming import fit
from cloudgen.stack.sharing import images

REGISTRY_AGENT = "artifact-registry"


@dataclass(frozen=True)
class Backend:
    """Where another module keeps its state: a bucket of Cloud Storage, which locks by itself."""

    bucket: str
    prefix: str

    @property
    def object(self) -> str:
        """Where in the bucket the state lies.

        https://developer.hashicorp.com/terraform/language/backend/gcs
        """
        return f"{self.prefix}/default.tfstate"


@dataclass(frozen=True)
class StateBucket:
    """The bucket of the states of the other modules."""

    name: str
    force_destroy: bool
    """Whether `terraform destroy` removes the bucket with everything in it."""
    before_bucket: tuple[Address, ...]

    @property
    def address(self) -> Address:
        """The bucket's address, within the bootstrap module."""
        return STATE_BUCKET

    @property
    def protected(self) -> bool:
        """Whether Terraform refuses to destroy the bucket."""
        return not self.force_destroy


@dataclass(frozen=True)
class Registry:
    """The repository of Artifact Registry that takes the images of all containers."""

    repository_id: str
    host: str
    """The registry's host name: `europe-west1-docker.pkg.dev`."""
    path: str
    """What the names of its images begin with: host, project and repository."""
    protected: bool
    before_registry: tuple[Address, ...]


@dataclass(frozen=True)
class Repository:
    """The images of one container, which lie beside each other in the one registry."""

    container: str
    name: str
    """Where to push: host, project, repository, container."""
    url: Template
    """The same, as an output of Terraform."""
    platform: str
    """The platform to build for, in Docker's words."""
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
        return (self.container, self.name, self.platform, self.origin, self.dockerfile, self.context, *self.options)


@dataclass(frozen=True)
class BootstrapKey(Lent):
    """A key of the bootstrap module's own: the root module's key does not exist yet."""

    ring_name: str
    protected: bool
    """Whether Terraform refuses to destroy the key."""
    members: tuple[Member, ...]
    storage: bool
    """Whether the agent of Cloud Storage is looked up."""
    number: bool
    """Whether the project's number is looked up, of which the names of other agents are made."""

    @property
    def looked_up(self) -> tuple[Address, ...]:
        """What tells the agents' addresses."""
        storage = (LOOKED_UP_DATA[STORAGE],) if self.storage else ()
        return (*storage, PROJECT) if self.number else storage

    @property
    def address(self) -> Address:
        """The key's address, within the bootstrap module."""
        return KEY

    @property
    def ring(self) -> Address:
        """The address of the key ring."""
        return KEY_RING


@dataclass(frozen=True)
class Bootstrap:
    """The bootstrap module, rendered to the folder bootstrap/."""

    apis: Apis
    backend: Backend | None
    """Where its own state lies: in the bucket that it makes."""
    state: StateBucket | None
    registry: Registry | None
    repositories: tuple[Repository, ...]
    key: BootstrapKey | None

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of the module."""
        key = (self.key.ring, self.key.address, *self.key.looked_up, *self.key.lent) if self.key else ()
        return (
            *self.apis.blocks,
            *key,
            *((STATE_BUCKET,) if self.state else ()),
            *((REGISTRY,) if self.registry else ()),
        )

    @property
    def key_id(self) -> Ref | None:
        """The id of the key, or None where Google's own keys encrypt."""
        return self.key.address.id if self.key else None

    @property
    def repository_urls(self) -> Mapping[str, Template]:
        """Where to push the image of each container."""
        return {repository.container: repository.url for repository in self.repositories}


def state_bucket_name(foundation: Foundation) -> str:
    """The name of the state bucket, which the project's id makes unique in the world.

    At most 23 characters of prefix, 7 and 30: within the 63 of a bucket's name.
    """
    return fit(f"{foundation.prefix}-state-{foundation.project}", 63)


def backend(foundation: Foundation, prefix: str) -> Backend | None:
    """Decide where a module keeps its state; None where it is a file beside the module."""
    if foundation.deployment.state.backend == "local":
        return None
    return Backend(state_bucket_name(foundation), prefix)


def bootstrap(foundation: Foundation, workloads: Sequence[Workload]) -> Bootstrap | None:
    """Decide the bootstrap module; None when the state is local and every image exists already."""
    deployment = foundation.deployment
    made = set(images(deployment).values())
    built = [each for each in workloads if each.name in made]
    remote = deployment.state.backend == "remote"
    if not remote and not built:
        return None
    registry = _registry(foundation) if built else None
    return Bootstrap(
        apis=apis(_api_names(foundation, remote=remote, images=bool(built))),
        backend=backend(foundation, "bootstrap"),
        state=_state(foundation) if remote else None,
        registry=registry,
        repositories=tuple(_repository(registry, each, deployment.containers[each.name]) for each in built if registry),
        key=_key(foundation, remote=remote, images=bool(built)) if foundation.customer_key else None,
    )


def _api_names(foundation: Foundation, *, remote: bool, images: bool) -> Iterator[str]:
    if remote:
        yield "storage"
    if images:
        yield "artifactregistry"
    if foundation.customer_key:
        yield "cloudkms"


def _state(foundation: Foundation) -> StateBucket:
    return StateBucket(
        name=state_bucket_name(foundation),
        force_destroy=not foundation.protected,
        before_bucket=key_ready(foundation) or (APIS_READY,),
    )


def _registry(foundation: Foundation) -> Registry:
    host = f"{foundation.region}-docker.pkg.dev"
    return Registry(
        repository_id=foundation.prefix,
        host=host,
        path=f"{host}/{foundation.project}/{foundation.prefix}",
        protected=foundation.protected,
        before_registry=key_ready(foundation) or (APIS_READY,),
    )


def _repository(registry: Registry, workload: Workload, container: Container) -> Repository:
    name = workload.name
    build = container.build_or_default
    start = registry.path.removesuffix(registry.repository_id)
    return Repository(
        container=name,
        name=f"{registry.path}/{name}",
        url=join(start, REGISTRY.repository_id, f"/{name}"),
        platform=workload.image_platform,
        origin="generated" if container.built else "source",
        dockerfile=container.own_dockerfile or f"{name}.Dockerfile",
        context=build.context if build else ".",
        options=build_options(container),
    )


def _key(foundation: Foundation, *, remote: bool, images: bool) -> BootstrapKey:
    agents = [*([STORAGE] if remote else []), *([REGISTRY_AGENT] if images else [])]
    return BootstrapKey(
        ring_name=f"{foundation.prefix}-bootstrap",
        protected=foundation.protected,
        members=key_members(agents),
        storage=remote,
        number=images,
    )
