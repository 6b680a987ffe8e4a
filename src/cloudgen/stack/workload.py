"""What is true of a container before any cloud: what the spec wants of it, looked up once, and what it is told.

A *container* is an entry of the spec. A *workload* is a container as one platform of one cloud runs it; each cloud has
the protocol in `stack/<cloud>/platforms/workload.py`, and one folder beside it for each platform. `Wanted` is what a
platform is given, `Given` and `Step` are what it offers in words that are the same on every cloud.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, Protocol, get_args

from cloudgen.dataclass import dataclass, field, replace
from cloudgen.errors import SpecPath
from cloudgen.spec.compute import Architecture, Capacity, Compute, Platform
from cloudgen.spec.containers import Container, Kind
from cloudgen.spec.deployment import Deployment
from cloudgen.spec.scaling import Scaling
from cloudgen.spec.storage import Storage
from cloudgen.stack import connections
from cloudgen.stack.base import Problems, Ref, SecretVariable, Template, Variable
from cloudgen.stack.folders import kept_of
from cloudgen.stack.sharing import images
from cloudgen.stack.summary import SummaryRow
from cloudgen.stack.text import ShellText, alternatives


@dataclass(frozen=True)
class Use:
    """A connection to something in `storage`: its name, and what the container does with it (None: the default)."""

    name: str
    verb: str | None


@dataclass(frozen=True)
class Wanted:
    """A container of the spec with everything that the spec says about it, its own words or those of a section.

    `memory` is in MiB. `routed` says whether a route of the load balancer leads to it.
    """

    name: str
    spec: Container
    platform: Platform
    capacity: Capacity
    architecture: Architecture
    vcpu: float
    memory: int
    scaling: Scaling
    routed: bool
    uses: tuple[Use, ...]
    compute: Compute
    """The section `compute`, which holds for all containers."""
    section: Scaling
    """The section `scaling`, which holds for all containers."""
    storage: Storage
    """The section `storage`, which has what it connects to."""
    made_image: str
    """The image that is built for it, by the name of one of the containers that run it; its own if it brings one."""

    @property
    def kind(self) -> Kind:
        """Why and how long it runs."""
        return self.spec.kind

    @property
    def runs_always(self) -> bool:
        """Whether it is a service or a worker: something starts jobs and functions."""
        return self.kind in {"service", "worker"}

    @property
    def interruptible(self) -> bool:
        """Whether the cloud may take back what it runs on, for a lower price."""
        return self.capacity in {"spot", "spot_instances"}

    @property
    def used(self) -> tuple[str, ...]:
        """The names of what it uses, each once."""
        return tuple(dict.fromkeys(use.name for use in self.uses))

    @property
    def kept(self) -> tuple[str, ...]:
        """The names of the folders that it keeps."""
        return tuple(each.name for each in kept_of(self.name, self.spec))

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of the secrets that it reads, each once."""
        return tuple(dict.fromkeys(self.spec.secrets.values()))

    def says(self, *field: str) -> bool:
        """Whether the container itself says something of a field: `says("scaling", "min")`."""
        held: object = self.spec
        for name in field:
            if name not in getattr(held, "model_fields_set", ()):
                return False
            held = getattr(held, name)
        return held is not None

    def stated(self, *field: str) -> bool:
        """Whether the container or the section that holds for all says something of a field."""
        section = {"scaling": self.section}.get(field[0])
        if section is None:
            return self.says(*field) or field[0] in self.compute.model_fields_set
        return self.says(*field) or field[1] in section.model_fields_set

    def at(self, *field: str) -> SpecPath:
        """Where the spec says it: at the container, else in the section that holds for all.

        `at("scaling", "min")` is `containers.web.scaling.min` or `scaling.min`; `at("platform")` is
        `containers.web.platform` or `compute.platform`; `at("port")` is at the container, as no section has it.
        """
        if self.says(*field):
            return ("containers", self.name, *field)
        if field[0] in Compute.model_fields:
            return ("compute", *field)
        if field[0] == "scaling":
            return field
        return ("containers", self.name, *field)

    @property
    def size_at(self) -> SpecPath:
        """Where the spec says how large it is: by a size, or by vCPU and memory."""
        own = self.says("size") or self.says("cpu")
        sizing = self.spec if own else self.compute
        place: SpecPath = ("containers", self.name) if own else ("compute",)
        return (*place, "cpu" if sizing.size is None else "size")


def wanted(deployment: Deployment) -> tuple[Wanted, ...]:
    """Look up what the spec wants of each container, in the order of the spec."""
    routed = {route.container for route in deployment.routes}
    made = images(deployment)
    found = []
    for name, container in deployment.containers.items():
        vcpu, memory = deployment.vcpu_and_memory(container)
        found.append(
            Wanted(
                name=name,
                spec=container,
                platform=deployment.platform(container),
                capacity=deployment.capacity(container),
                architecture=deployment.architecture(container),
                vcpu=vcpu,
                memory=memory,
                scaling=deployment.scaling_of(container),
                routed=name in routed,
                uses=_uses(container),
                compute=deployment.compute,
                section=deployment.scaling,
                storage=deployment.storage,
                made_image=made.get(name, name),
            )
        )
    return tuple(found)


def _uses(container: Container) -> tuple[Use, ...]:
    """What a container connects to. A trigger is a connection: it is told of what it may read, or takes messages."""
    uses = [Use(each.name, each.verb) for each in container.connects_to]
    trigger = container.trigger
    if trigger is not None and trigger.bucket is not None:
        uses.append(Use(trigger.bucket, "read"))
    if trigger is not None and trigger.queue is not None:
        uses.append(Use(trigger.queue, "consume"))
    return tuple(dict.fromkeys(uses))


def refuse_missing_platforms(
    platforms: Iterable[str], containers: Iterable[Wanted], cloud: str, problems: Problems
) -> tuple[Wanted, ...]:
    """Return the containers whose platform has an entry in the registry of a cloud; the others are errors.

    The parity table says the same of `platform` where the user wrote it. This also holds where nobody did.
    """
    known = tuple(platforms)
    found = []
    for each in containers:
        if each.platform in known:
            found.append(each)
            continue
        where = ("containers", each.name, "trigger") if each.spec.trigger else each.at("platform")
        if not any(problem.path in (where, each.at("platform")) for problem in problems.errors):
            problems.error(
                "unsupported",
                f"platform {each.platform} is not supported on {cloud} yet",
                where,
                f"use platform: {alternatives(known)}",
            )
    return tuple(found)


def refuse_missing_kinds(
    kinds: Iterable[str], deployment: Deployment, containers: Iterable[Wanted], target: str, problems: Problems
) -> tuple[Wanted, ...]:
    """Record a problem for everything in `storage` of a kind that a target does not have.

    Returns the containers with the uses of what the target has, so that the rest of the spec is checked as well.
    """
    missing = set()
    for kind in set(type(deployment.storage).model_fields) - set(kinds):
        for name in getattr(deployment.storage, kind):
            missing.add(name)
            message, hint = f"{kind} are not supported on {target} yet", "remove it, or render another target"
            problems.error("unsupported", message, ("storage", kind, name), hint)
    return tuple(replace(each, uses=tuple(use for use in each.uses if use.name not in missing)) for each in containers)


class Stored(Protocol):
    """A secret of `security.secrets` as a cloud stores it."""

    def variable(self, name: str) -> SecretVariable:
        """The environment variable of this name that holds its value."""


@dataclass(frozen=True)
class Told:
    """What a container is told by its environment: plain variables, and those whose values are secrets."""

    variables: tuple[Variable, ...] = ()
    secrets: tuple[SecretVariable, ...] = ()
    parts: Mapping[str, str | Ref | Template] = field(default_factory=dict)
    """Parts of what it connects to that not every cloud has, by the words of the spec: `jobs.arn`."""


def told(
    container: Wanted,
    given: Told,
    secrets: Mapping[str, Stored],
    problems: Problems,
    *,
    reserved: Mapping[str, str] | None = None,
    by: str = "port or connects_to",
) -> Told:
    """Add the container's own variables and secrets to what it is given by others.

    `given` is what port and `connects_to` bring, `by` says so in messages. `reserved` has the names that the platform
    sets itself, each with who sets it: `{"K_SERVICE": "Cloud Run"}`.
    """
    names = [*(each.name for each in given.variables), *(each.name for each in given.secrets)]
    start = {connections.INCOMPLETE: "the start script"}
    refuse_conflicts(container, {**(reserved or {}), **start, **dict.fromkeys(names, by)}, problems)
    own, hidden = connections.own(container, given.variables, given.secrets, given.parts, problems)
    read = (secrets[secret].variable(name) for name, secret in container.spec.secrets.items())
    return Told((*given.variables, *own), (*given.secrets, *hidden, *read))


def refuse_conflicts(container: Wanted, taken: Mapping[str, str], problems: Problems) -> None:
    """Record a problem for each variable of the container that something else sets: its name, and what sets it."""
    for key in ("environment", "secrets"):
        for name in getattr(container.spec, key):
            if name in taken:
                problems.error(
                    "conflict",
                    f"{name} is set by {taken[name]} already",
                    ("containers", container.name, key, name),
                    "remove it, or choose another name",
                )


@dataclass(frozen=True)
class Given:
    """What a platform chose for a container, in words: for README, picture and `explain`.

    `size` is what the container gets, beside what it asked for. `lines` stand below its name in the picture.
    `row` and `scaling` are rows of the parts `containers` and `scaling` of `explain`.
    """

    size: str
    lines: tuple[str, ...]
    row: SummaryRow
    scaling: SummaryRow | None = None


Moment = Literal["asked", "before", "after"]
MOMENTS: tuple[Moment, ...] = get_args(Moment)


@dataclass(frozen=True)
class Step:
    """What deploy.sh runs for a platform beside Terraform: shell commands in order, and the programs they take.

    `moment` is when: `after` everything is applied, `before` it is, or `asked`, which defines the function `one_off`
    for `deploy.sh run CONTAINER COMMAND`, and what the other steps may call.
    """

    title: str
    commands: Sequence[ShellText]
    tools: Sequence[str] = ()
    moment: Moment = "after"
