"""Everything that is decided for a deployment on Google Cloud, part by part."""

from __future__ import annotations

from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from cloudgen.dataclass import dataclass, replace
from cloudgen.stack.gcp import held
from cloudgen.stack.gcp.addresses import GRANTS_READY
from cloudgen.stack.gcp.agents import ServiceAgent
from cloudgen.stack.gcp.foundation import PROJECT
from cloudgen.stack.gcp.storage import module
from cloudgen.stack.naming import digest, labels

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Self

    from cloudgen.errors import Problem
    from cloudgen.spec.deployment import Deployment
    from cloudgen.stack.base import Address
    from cloudgen.stack.clashes import Owned
    from cloudgen.stack.gcp.account_module import Audit
    from cloudgen.stack.gcp.alarms import Alarm
    from cloudgen.stack.gcp.apis import Apis
    from cloudgen.stack.gcp.bootstrap import Backend, Bootstrap, Repository
    from cloudgen.stack.gcp.entrance.dns import Dns
    from cloudgen.stack.gcp.entrance.load_balancer import LoadBalancer
    from cloudgen.stack.gcp.iam import ServiceAccount
    from cloudgen.stack.gcp.kms import Key
    from cloudgen.stack.gcp.monitoring import Monitoring
    from cloudgen.stack.gcp.network.firewall import FirewallRule
    from cloudgen.stack.gcp.network.network import Network
    from cloudgen.stack.gcp.platforms.workload import Ground, Workload
    from cloudgen.stack.gcp.secrets import Secret
    from cloudgen.stack.gcp.storage.resource import Resource
    from cloudgen.stack.held import Held, Mark, Removed
    from cloudgen.stack.kinds import ByKind, OnePerKind
    from cloudgen.stack.outputs import Output
    from cloudgen.stack.variables import TerraformVariable
    from cloudgen.stack.workload import Step


@dataclass(frozen=True)
class GcpParts:
    """The parts of a stack. README, picture and summary are made of these, and are no part themselves."""

    deployment: Deployment
    project: str
    region: str
    protected: bool
    backend: Backend | None
    apis: Apis
    key: Key | None
    network: Network
    load_balancer: LoadBalancer | None
    dns: Dns | None
    workloads: tuple[Workload, ...]
    """Every container: what runs always, then what something starts."""
    platforms: OnePerKind[Ground]
    """What the workloads of each platform in use share."""
    storage: ByKind[Resource]
    secrets: tuple[Secret, ...]
    accounts: tuple[ServiceAccount, ...]
    monitoring: Monitoring
    bootstrap: Bootstrap | None
    audit: Audit | None
    variables: tuple[TerraformVariable, ...]
    outputs: tuple[Output, ...]
    warnings: tuple[Problem, ...]
    removed: tuple[Removed, ...] = ()
    """What each module lets go without destroying it: parts that are in the spec no more."""

    @property
    def deletion_policy(self) -> str:
        """Whether the provider deletes what holds data: it reads this in the state, where it outlives its block.

        Always said, for leaving it out would keep what the state has.
        """
        return "PREVENT" if self.protected else "DELETE"

    @property
    def granted(self) -> tuple[Address, ...]:
        """What containers may do by accounts of their own: they start when Google knows it everywhere."""
        own = dict.fromkeys(workload.identity.own for workload in self.workloads)
        return tuple(chain.from_iterable(account.ready for account in own))

    @property
    def granted_key(self) -> str:
        """The key of the wait for it: when it changes, the wait happens again."""
        return digest(",".join(address.label for address in self.granted))

    @property
    def target(self) -> str:
        """The target's name in the registry."""
        return "gcp"

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
    def labels(self) -> Mapping[str, str]:
        """Labels of every resource."""
        return labels(self.deployment)

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """What the workloads of the platforms share."""
        return tuple(self.platforms)

    @property
    def steps(self) -> tuple[Step, ...]:
        """What deploy.sh runs when everything is applied."""
        return tuple(step for ground in self.grounds for step in ground.steps)

    @property
    def steps_before_destroy(self) -> tuple[Step, ...]:
        """What has to run before everything is destroyed."""
        return tuple(step for ground in self.grounds for step in ground.steps_before_destroy)

    @property
    def needs_number(self) -> bool:
        """Whether anything is granted to a service agent whose name is made of the project's number."""
        return any(not agent.looked_up for agent in (*self.agents, *self.granted_agents))

    @property
    def granted_agents(self) -> tuple[ServiceAgent, ...]:
        """The service agents that something is granted to beside the key; they have to exist before, too."""
        granted = chain.from_iterable(part.granted_agents for part in (*self.storage, *self.grounds))
        return tuple(map(ServiceAgent, dict.fromkeys(granted)))

    @property
    def agents(self) -> tuple[ServiceAgent, ...]:
        """The service agents that encrypt with the customer's key, in order of name; they have to exist before."""
        return tuple(ServiceAgent(name) for name in self.key.agents) if self.key else ()

    @property
    def images(self) -> tuple[Repository, ...]:
        """The images that are built from this project, with the repositories they are pushed to."""
        return self.bootstrap.repositories if self.bootstrap else ()

    @property
    def random(self) -> bool:
        """Whether the provider that makes names and passwords is needed."""
        return any("random_" in block.type for block in self.blocks)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of the root module; an address that is there twice is a clash."""
        parts = (
            self.apis,
            self.key,
            self.network,
            self.load_balancer,
            self.dns,
            *self.workloads,
            *self.platforms,
            *self.storage,
            *self.secrets,
            *self.accounts,
            self.monitoring,
        )
        number = (PROJECT,) if self.needs_number else ()
        wait = (GRANTS_READY,) if self.granted else ()
        return (*chain.from_iterable(part.blocks for part in parts if part is not None), *self.shared, *wait, *number)

    @property
    def shared(self) -> tuple[Address, ...]:
        """What all resources of a kind share, such as what lets caches into the network."""
        return tuple(chain.from_iterable(module(kind).SHARED for kind, made in self.storage.kinds.items() if made))

    @property
    def named(self) -> tuple[Address, ...]:
        """All blocks whose names must differ: those of the root module, and the buckets of the other modules.

        The names of buckets are made in the same way in all modules, and are unique in the world.
        """
        others = chain.from_iterable(module.blocks for module in (self.bootstrap, self.audit) if module)
        return (*self.blocks, *(block for block in others if block.type == "google_storage_bucket"))

    @property
    def owned(self) -> Iterator[Owned]:
        """The blocks of what the spec names, each with its place in the spec."""
        for workload in self.workloads:
            identity = workload.identity
            accounts = (identity.own, identity.starter) if identity.starter else (identity.own,)
            around = _blocks((*accounts, *workload.rules, *workload.alarms))
            yield ("containers", workload.name), (*workload.blocks, *around)
        for resource in self.storage:
            yield resource.stated.path, (*resource.blocks, *_blocks(resource.alarms))
        for secret in self.secrets:
            yield ("security", "secrets", secret.name), secret.blocks


def _blocks(parts: Iterable[ServiceAccount | FirewallRule | Alarm]) -> Iterator[Address]:
    return chain.from_iterable(part.blocks for part in parts)
