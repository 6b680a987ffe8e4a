"""Parts of a Google Cloud stack for unit tests, made from a short spec."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cloudgen.spec.loader import loads
from cloudgen.spec.parse import parse
from cloudgen.stack import coordinate_models
from cloudgen.stack.base import Address, Variable, label
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import Grant, ServiceAccount, on_bucket, on_secret
from cloudgen.stack.gcp.resource import Endpoint, SecretVariable
from cloudgen.stack.gcp.workloads import Workload, workload

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

    @property
    def address(self) -> Address:
        return Address("google_storage_bucket", label(self.name))

    @property
    def environment(self) -> Sequence[Variable]:
        return (Variable(f"{label(self.name).upper()}_BUCKET", self.address.name),)

    def connected(self, verb: str | None, account: ServiceAccount) -> Sequence[Variable]:
        return (Variable(f"{label(self.name).upper()}_USER", account.address.email),) if verb == "write" else ()

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
        return SecretVariable(name, self.address.secret_id, version)


def make_foundation(body: str, head: str = HEAD) -> Foundation:
    """A foundation for a spec: production in europe-west1 unless the spec says otherwise."""
    deployment = parse(loads(f"{head}{body}"), coordinate_models())
    return Foundation(deployment, "acme-shop", "europe-west1")


def make_workloads(foundation: Foundation, things: Sequence[Thing] = ()) -> dict[str, Workload]:
    """The workloads of all containers, connected to the given things and to a secret for each of the spec's."""
    deployment = foundation.deployment
    resources = {thing.name: thing for thing in things}
    secrets = {name: Token(name) for name in deployment.security.secrets}
    return {
        name: workload(foundation, name, container, resources, secrets)  # type: ignore[arg-type]
        for name, container in deployment.containers.items()
    }


def told(foundation: Foundation) -> list[tuple[str, str]]:
    """Code and path of every problem so far."""
    return [(problem.code, ".".join(str(item) for item in problem.path)) for problem in foundation.problems.found]
