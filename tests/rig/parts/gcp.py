"""Parts of a Google Cloud stack for unit tests, made from a short spec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest

from cloudgen.errors import SpecError
from cloudgen.spec.loader import loads
from cloudgen.spec.parse import parse
from cloudgen.stack import coordinate_models
from cloudgen.stack.base import Address, SecretVariable, Variable, label
from cloudgen.stack.gcp.cloud_run.runs import Run, run
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import Grant, ServiceAccount, on_bucket, on_secret
from cloudgen.stack.gcp.platforms.containers import tell, workload
from cloudgen.stack.gcp.platforms.containers.jobs import Job
from cloudgen.stack.gcp.platforms.containers.services import Service
from cloudgen.stack.gcp.platforms.workload import Around, Entry
from cloudgen.stack.gcp.stack import build
from cloudgen.stack.gcp.storage.resource import Endpoint
from cloudgen.stack.workload import wanted

HEAD = """
version: 1
name: shop
targets: {gcp: {region: europe-west1, project: acme-shop}}
"""


@dataclass(frozen=True)
class Thing:
    """A backing resource of no kind in particular."""

    name: str
    endpoint: Endpoint | None = None
    apis: Sequence[str] = ("storage",)
    agents: Sequence[str] = ("storage",)
    alarms: Sequence[object] = ()
    logs: Sequence[object] = ()

    @property
    def address(self) -> Address:
        return Address("google_storage_bucket", label(self.name))

    @property
    def environment(self) -> Sequence[Variable]:
        return (Variable(f"{label(self.name).upper()}_BUCKET", self.address.name),)

    def connected(self, verb: str | None, account: ServiceAccount) -> Sequence[Variable]:
        return (Variable(f"{label(self.name).upper()}_USER", account.address.email),) if verb == "write" else ()

    def parts(self, verb: str | None) -> Mapping[str, str]:  # noqa: ARG002
        return {}

    @property
    def secrets(self) -> Sequence[SecretVariable]:
        return ()

    def grants(self, verb: str | None) -> Sequence[Grant]:
        role = "roles/storage.objectViewer" if verb == "read" else "roles/storage.objectUser"
        return (Grant(role, on_bucket(self.address)),)

    @property
    def before(self) -> Sequence[Address]:
        return (self.address,)


@dataclass(frozen=True)
class Token:
    """A secret."""

    name: str

    @property
    def address(self) -> Address:
        return Address("google_secret_manager_secret", label(self.name))

    @property
    def grants(self) -> Sequence[Grant]:
        return (Grant("roles/secretmanager.secretAccessor", on_secret(self.address)),)

    @property
    def before(self) -> Sequence[Address]:
        return (Address("google_secret_manager_secret_version", label(self.name)),)

    def variable(self, name: str) -> SecretVariable:
        version = Address("google_secret_manager_secret_version", label(self.name)).version
        return SecretVariable(name, self.address.secret_id, version=version)


def make_foundation(body: str, head: str = HEAD) -> Foundation:
    """A foundation for a spec: production in europe-west1 unless the spec says otherwise."""
    deployment = parse(loads(f"{head}{body}"), coordinate_models())
    return Foundation(deployment, "acme-shop", "europe-west1")


def make_workloads(foundation: Foundation, things: Sequence[Thing] = ()) -> dict[str, Service | Job]:
    """What runs each container, connected to the given things and to a secret for each of the spec's."""
    containers = wanted(foundation.deployment)
    made = {each.name: workload(foundation, each, _around(foundation, things)) for each in containers}
    for each in containers:
        tell(each, foundation.problems)
    return made


def make_runs(foundation: Foundation, things: Sequence[Thing] = ()) -> dict[str, Run]:
    """What all kinds of containers have in common, of each of them."""
    return {each.name: run(foundation, each, _around(foundation, things)) for each in wanted(foundation.deployment)}


def _around(foundation: Foundation, things: Sequence[Thing]) -> Around:
    secrets = {name: Token(name) for name in foundation.deployment.security.secrets}
    return Around({thing.name: thing for thing in things}, secrets)  # type: ignore[arg-type, misc]


def make_entries(foundation: Foundation) -> dict[str, Entry]:
    """How the load balancer reaches each container that a route leads to."""
    return {name: made.entry for name, made in make_workloads(foundation).items() if made.entry}


def told(foundation: Foundation) -> list[tuple[str, str]]:
    """Code and path of every problem so far."""
    return [(problem.code, ".".join(str(item) for item in problem.path)) for problem in foundation.problems.found]


def refused(foundation: Foundation) -> list[tuple[str, str]]:
    """Code and path of each problem for which the whole stack is refused."""
    with pytest.raises(SpecError) as failure:
        build(foundation.deployment)
    return [(problem.code, ".".join(map(str, problem.path))) for problem in failure.value.problems]
