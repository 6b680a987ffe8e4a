"""The root of the spec, made for the targets that are registered."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

from pydantic import Field, PrivateAttr, create_model, field_validator

from cloudgen.errors import SpecPath
from cloudgen.spec.compute import SIZES, Architecture, Capacity, Compute, Platform
from cloudgen.spec.containers import Container
from cloudgen.spec.load_balancer import LoadBalancer, Route
from cloudgen.spec.monitoring import Monitoring
from cloudgen.spec.networking import Networking
from cloudgen.spec.scaling import ContainerScaling, Scaling
from cloudgen.spec.security import Security
from cloudgen.spec.storage import Storage
from cloudgen.spec.types import ApplicationName, LabelKey, LabelValue, Name, StrictModel, invalid

Environment = Literal["development", "staging", "production"]

SHORT_ENVIRONMENTS: dict[str, str] = {"development": "dev", "staging": "staging", "production": "prod"}
"""How an environment stands in resource names, which have little room."""


class State(StrictModel):
    """Where Terraform keeps its state."""

    backend: Literal["remote", "local"] = Field(
        "remote",
        description="remote: a bucket that bootstrap/ makes, with locking; local: a file. "
        "Profiles: development local, others remote.",
    )


class Targets(StrictModel):
    """Where the application runs on each cloud. The fields are the registered targets."""

    def get(self, name: str) -> Any:
        """The coordinates on one target, or None where the spec has none."""
        return getattr(self, name, None)


class Deployment(StrictModel):
    """A whole application: what runs, what it stores, and how it is reached, watched and protected."""

    version: Literal[1] = Field(description="Version of the spec's format.")
    name: ApplicationName = Field(description="The application's name; every resource name begins with it.")
    environment: Environment = Field(
        "production",
        description="Which profile fills in what is left out: development, staging or production.",
    )
    labels: dict[LabelKey, LabelValue] = Field({}, description="Put on every resource that can carry them.")
    state: State = Field(State(), description="Where Terraform keeps its state.")
    targets: Targets = Field(Targets(), description="Where it runs on each cloud.")
    compute: Compute = Field(Compute(), description="Where containers run unless they say otherwise.")
    containers: dict[Name, Container] = Field(description="What runs.", min_length=1)
    load_balancer: LoadBalancer | None = Field(
        None, description="The public entrance. Without this section nothing is reachable from outside."
    )
    networking: Networking = Field(Networking(), description="The private network.")
    storage: Storage = Field(Storage(), description="Databases, buckets, caches and queues.")
    monitoring: Monitoring = Field(Monitoring(), description="Logs, alerts, dashboard, uptime checks, audit trail.")
    security: Security = Field(
        Security(), description="Encryption, secrets, protection against deletion, who may deploy."
    )
    scaling: Scaling = Field(Scaling(), description="How many instances run.")

    _written: frozenset[SpecPath] | None = PrivateAttr(None)
    _left_out: Mapping[str, tuple[str, ...]] = PrivateAttr({})

    @property
    def written(self) -> frozenset[SpecPath] | None:
        """The paths of what the user wrote; the profile may have set more. None: not known, so all that is set."""
        return self._written

    def remember(self, written: frozenset[SpecPath]) -> None:
        """Note what the user wrote."""
        self._written = written

    def left_out(self, context: str) -> tuple[str, ...]:
        """The patterns by which the folder of a build says itself what stays out: of its own .dockerignore."""
        return self._left_out.get(posixpath.normpath(context), ())

    def leave_out(self, patterns: Mapping[str, tuple[str, ...]]) -> None:
        """Note the patterns of contexts, by their path relative to the spec."""
        self._left_out = patterns

    @field_validator("version", mode="before")
    @classmethod
    def _known_version(cls, value: object) -> object:
        if value in (1, "1"):
            return 1
        raise invalid("bad-choice", "this version of the format is not known", "write version: 1")

    @property
    def prefix(self) -> str:
        """What every resource name begins with: `shop-prod`."""
        return f"{self.name}-{SHORT_ENVIRONMENTS[self.environment]}"

    def platform(self, container: Container) -> Platform:
        """What runs a container: its own word, else that of `compute`; a trigger makes it a function."""
        default: Platform = "functions" if container.trigger else "containers"
        return container.platform or (default if container.trigger else self.compute.platform or default)

    def serves(self, container: Container) -> bool:
        """Whether a container answers requests: those of visitors at its port, or those that events are."""
        return container.port is not None or container.trigger is not None or self.is_function(container)

    def is_function(self, container: Container) -> bool:
        """Whether a container runs only while something comes: a request, an event, or a run by the clock."""
        return self.platform(container) == "functions"

    def capacity(self, container: Container) -> Capacity:
        """The kind of capacity below a container."""
        return container.capacity or self.compute.capacity or "serverless"

    def architecture(self, container: Container) -> Architecture:
        """The processor architecture of a container's image."""
        return container.architecture or self.compute.architecture or "amd64"

    def vcpu_and_memory(self, container: Container) -> tuple[float, int]:
        """The vCPU and MiB of memory that a container asks for."""
        for sizing in (container, self.compute):
            if sizing.cpu is not None and sizing.memory is not None:
                return sizing.cpu, sizing.memory
            if sizing.size is not None:
                return SIZES[sizing.size]
        return SIZES["small"]

    def scaling_of(self, container: Container) -> Scaling:
        """The scaling of a container: its own values, the section's for the rest, the limits kept in order."""
        if container.replicas is not None:
            return self.scaling.model_copy(update={"min": 1, "max": 1, "schedules": []})
        own: ContainerScaling = container.scaling
        stated = {key: value for key in own.model_fields_set if (value := getattr(own, key)) is not None}
        merged = {**{key: getattr(self.scaling, key) for key in type(self.scaling).model_fields}, **stated}
        if merged["min"] > merged["max"]:
            merged["max" if "min" in stated else "min"] = merged["min" if "min" in stated else "max"]
        return self.scaling.model_copy(update=merged)

    @property
    def reads_netrc(self) -> bool:
        """Whether a build asks a package index for which it needs the user and password of whoever builds."""
        builds = (container.build for container in self.containers.values() if container.built)
        return any(build and build.index and build.index.login == "netrc" for build in builds)

    @property
    def routes(self) -> tuple[Route, ...]:
        """The routes of the load balancer, longest path first; the default one included."""
        if self.load_balancer is None:
            return ()
        routes = self.load_balancer.routes
        if routes is None:
            with_port = [name for name, container in self.containers.items() if container.port is not None]
            routes = [Route(path="/", container=name) for name in with_port[:1]]
        return tuple(sorted(routes, key=lambda route: (-len(route.path), route.path)))


@lru_cache
def _model(targets: tuple[tuple[str, type[StrictModel]], ...]) -> type[Deployment]:
    fields: dict[str, Any] = {
        name: (model | None, Field(None, description=(model.__doc__ or "").strip().split("\n")[0]))
        for name, model in targets
    }
    coordinates = create_model("Targets", __base__=Targets, __doc__=Targets.__doc__, **fields)
    return create_model(
        "Deployment",
        __base__=Deployment,
        __doc__=Deployment.__doc__,
        targets=(
            coordinates,
            Field(coordinates(), description=Deployment.model_fields["targets"].description),
        ),
    )


def deployment_model(targets: Mapping[str, type[StrictModel]]) -> type[Deployment]:
    """Make the root model for the given targets: the name of each, and the model of its coordinates."""
    return _model(tuple(targets.items()))
