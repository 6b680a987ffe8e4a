"""Everything that is decided for a deployment on AWS. README, picture and summary read it, and add no decision."""

from __future__ import annotations

from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from cloudgen.dataclass import dataclass, replace
from cloudgen.stack.aws import held
from cloudgen.stack.aws.storage import module
from cloudgen.stack.naming import labels

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Self

    from cloudgen.errors import Problem
    from cloudgen.spec.deployment import Deployment
    from cloudgen.stack.aws.account_module import Audit
    from cloudgen.stack.aws.alarms import Alarm
    from cloudgen.stack.aws.arns import Account
    from cloudgen.stack.aws.bootstrap import Backend, Bootstrap, Image
    from cloudgen.stack.aws.entrance.dns import Dns
    from cloudgen.stack.aws.entrance.load_balancer import LoadBalancer
    from cloudgen.stack.aws.iam import Role, Trust
    from cloudgen.stack.aws.kms import Key
    from cloudgen.stack.aws.monitoring import Monitoring
    from cloudgen.stack.aws.network.network import Network
    from cloudgen.stack.aws.platforms.workload import Ground, Workload
    from cloudgen.stack.aws.scheduler import Scheduler
    from cloudgen.stack.aws.secrets import Secret
    from cloudgen.stack.aws.storage.access_logs import AccessLogs
    from cloudgen.stack.aws.storage.resource import Resource
    from cloudgen.stack.base import Address
    from cloudgen.stack.clashes import Owned
    from cloudgen.stack.held import Held, Mark, Removed
    from cloudgen.stack.kinds import ByKind, OnePerKind
    from cloudgen.stack.outputs import Output
    from cloudgen.stack.variables import TerraformVariable


@dataclass(frozen=True)
class AwsParts:
    """The parts of a stack."""

    deployment: Deployment
    account: Account
    backend: Backend | None
    key: Key | None
    network: Network
    load_balancer: LoadBalancer | None
    dns: Dns | None
    workloads: tuple[Workload, ...]
    """What runs always first, then what is started; each in the order of the spec."""
    platforms: OnePerKind[Ground]
    """The ground of each platform that is in use."""
    scheduler: Scheduler | None
    storage: ByKind[Resource]
    access_logs: AccessLogs | None
    secrets: tuple[Secret, ...]
    roles: tuple[Role, ...]
    monitoring: Monitoring
    bootstrap: Bootstrap | None
    audit: Audit | None
    variables: tuple[TerraformVariable, ...]
    outputs: tuple[Output, ...]
    short_logs: bool
    """Whether logs are kept for less than a year."""
    warnings: tuple[Problem, ...]
    removed: tuple[Removed, ...] = ()
    """What each module lets go without destroying it: parts that are in the spec no more."""

    @property
    def target(self) -> str:
        """The target's name in the registry."""
        return "aws"

    @property
    def identity(self) -> tuple[Mark, ...]:
        """What tells this deployment from others."""
        return held.identity(self)

    @cached_property
    def held(self) -> tuple[Held, ...]:
        """Everything that holds data."""
        return tuple(held.held(self))

    @property
    def modules(self) -> Mapping[str, tuple[Address, ...]]:
        """The modules that are rendered, with what could be let go and is there."""
        return held.modules(self)

    def letting_go(self, removed: tuple[Removed, ...]) -> Self:
        """The same stack, with files of what its modules let go."""
        return replace(self, removed=removed)

    @property
    def prefix(self) -> str:
        """What every resource name begins with."""
        return self.deployment.prefix

    @property
    def tags(self) -> Mapping[str, str]:
        """Tags of every resource."""
        return labels(self.deployment)

    @property
    def allowed_accounts(self) -> tuple[object, ...]:
        """The accounts that terraform may work on."""
        return (self.account.id,)

    @property
    def has_starters(self) -> bool:
        """Whether something starts containers with a role of its own."""
        return any(workload.identity.starter for workload in self.workloads)

    @property
    def trusts(self) -> tuple[Trust, ...]:
        """Who may assume the roles, each once."""
        return tuple(dict.fromkeys(role.trust for role in self.roles))

    @property
    def images(self) -> tuple[Image, ...]:
        """The images that are built from this project."""
        return self.bootstrap.images if self.bootstrap else ()

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of the root module; an address that is there twice is a clash."""
        parts = (
            self.account,
            self.key,
            self.network,
            self.load_balancer,
            self.dns,
            *self.workloads,
            *self.platforms,
            self.scheduler,
            *self.storage,
            self.access_logs,
            *self.secrets,
            *self.roles,
            self.monitoring,
        )
        trusts = tuple(trust.address for trust in self.trusts)
        return (*chain.from_iterable(part.blocks for part in parts if part is not None), *self.shared, *trusts)

    @property
    def shared(self) -> tuple[Address, ...]:
        """What all resources of a kind share, such as the subnet group of the databases."""
        return tuple(chain.from_iterable(module(kind).SHARED for kind, parts in self.storage.kinds.items() if parts))

    @property
    def named(self) -> tuple[Address, ...]:
        """All blocks whose names must differ: those of the root module, and the buckets of the other modules.

        The names of buckets are made in the same way in all modules, and are unique in the world.
        """
        others = chain.from_iterable(module.blocks for module in (self.bootstrap, self.audit) if module)
        return (*self.blocks, *(block for block in others if block.type == "aws_s3_bucket"))

    @property
    def owned(self) -> Iterator[Owned]:
        """The blocks of what the spec names, each with its place in the spec."""
        for workload in self.workloads:
            alarms = _blocks(workload.alarms)
            yield ("containers", workload.name), (*workload.blocks, *_blocks(workload.roles), *alarms)
        for resource in self.storage:
            yield resource.stated.path, (*resource.blocks, *_blocks(resource.alarms))
        for secret in self.secrets:
            yield ("security", "secrets", secret.name), secret.blocks


def _blocks(parts: Iterable[Role | Alarm]) -> Iterator[Address]:
    return chain.from_iterable(part.blocks for part in parts)
