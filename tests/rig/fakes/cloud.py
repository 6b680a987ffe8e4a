"""A third cloud of two resources: the least that a folder in `stack/` and one in `templates/` must contain.

Containers are machines, buckets are shelves; everything else of the spec is ignored or not supported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import Field

from cloudgen.errors import Problem, SpecError
from cloudgen.spec.deployment import Deployment, deployment_model
from cloudgen.spec.fields import walk
from cloudgen.spec.types import Line, StrictModel
from cloudgen.spec.values import key_of
from cloudgen.stack import TARGETS, Target
from cloudgen.stack.base import Address, HclValue, Problems, label
from cloudgen.stack.held import ROOT, Held, Mark, Removed
from cloudgen.stack.parity import Parity, Support, approximated, check, exact, ignored, unsupported
from cloudgen.stack.summary import SummaryRow, size_text

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
TITLE = "Fake Cloud"
SIZES = ("size", "cpu", "memory")


class FakeTarget(StrictModel):
    """Fake Cloud: only where it is."""

    planet: Line = Field(description="The planet, such as mars.")


@dataclass(frozen=True)
class Machine:
    """A container on the fake cloud."""

    name: str
    vcpu: float
    memory: int

    @property
    def label(self) -> str:
        """The Terraform label."""
        return label(self.name)

    @property
    def address(self) -> Address:
        """The machine's address."""
        return Address("fake_machine", self.label)


@dataclass(frozen=True)
class Shelf:
    """A bucket on the fake cloud."""

    name: str

    @property
    def label(self) -> str:
        """The Terraform label."""
        return label(self.name)

    @property
    def address(self) -> Address:
        """The shelf's address."""
        return Address("fake_shelf", self.label)


@dataclass(frozen=True)
class FakeStack:
    """Everything that the templates of the fake cloud read."""

    deployment: Deployment
    planet: str
    machines: tuple[Machine, ...]
    shelves: tuple[Shelf, ...]
    warnings: tuple[Problem, ...]
    removed: tuple[Removed, ...] = ()
    target: str = "fake"
    next_commands: Sequence[str] = ("terraform init", "terraform apply")

    @property
    def identity(self) -> tuple[Mark, ...]:
        """The application, and the planet."""
        name = Mark("name", self.deployment.name, ("name",))
        return (name, Mark("planet", self.planet, ("targets", "fake", "planet")))

    @property
    def held(self) -> tuple[Held, ...]:
        """The shelves."""
        return tuple(
            Held(
                ("storage", "buckets", each.name),
                f"shelf {each.name}",
                "what stands on it",
                (),
                {ROOT: (each.address,)},
            )
            for each in self.shelves
        )

    @property
    def modules(self) -> Mapping[str, tuple[Address, ...]]:
        """The one module."""
        return {ROOT: (*(each.address for each in self.machines), *(each.address for each in self.shelves))}

    def letting_go(self, removed: tuple[Removed, ...]) -> FakeStack:
        """The same stack, with what is let go."""
        return replace(self, removed=removed)

    @property
    def labels(self) -> Mapping[str, HclValue]:
        """Labels of every resource."""
        return {**self.deployment.labels}

    @property
    def summary(self) -> Sequence[SummaryRow]:
        """Both kinds of resources."""
        return (
            *(
                SummaryRow("containers", each.name, each.address.type, {"size": size_text(each.vcpu, each.memory)})
                for each in self.machines
            ),
            *(SummaryRow("bucket", each.name, each.address.type, {"versioning": "always"}) for each in self.shelves),
        )


def build(deployment: Deployment) -> FakeStack:
    """Decide everything; raises `SpecError` when the spec asks for what the fake cloud cannot do."""
    problems = Problems()
    check(parity(), TITLE, deployment, problems)
    if problems.errors:
        raise SpecError(problems.errors)
    return FakeStack(
        deployment=deployment,
        planet=deployment.targets.get("fake").planet,
        machines=tuple(
            Machine(name, *deployment.vcpu_and_memory(each)) for name, each in deployment.containers.items()
        ),
        shelves=tuple(Shelf(name) for name in deployment.storage.buckets),
        warnings=problems.warnings,
    )


def _table() -> dict[str, Support]:
    """Every field is ignored, but for those that the two resources have."""
    table = {
        key_of(field.path): ignored("the fake cloud has machines and shelves only")
        for field in walk(deployment_model({"fake": FakeTarget}))
        if field.shape.kind != "section" and field.path[0] != "storage"
    }
    return {
        **table,
        **dict.fromkeys(("version", "name", "environment", "labels"), exact("they are text")),
        "targets.fake.planet": exact("machines stand there"),
        "containers": exact("each is a machine"),
        **{f"{where}.{key}": exact("machines have it") for where in ("compute", "containers.*") for key in SIZES},
        "load_balancer": unsupported("the fake cloud has no entrance", "remove the section"),
        "storage.databases": unsupported("the fake cloud has no databases"),
        "storage.caches": unsupported("the fake cloud has no caches"),
        "storage.queues": unsupported("the fake cloud has no queues"),
        "storage.buckets.*.versioning": approximated("shelves keep every version"),
        "storage.buckets.*.expire_noncurrent_after": ignored("shelves keep every version"),
    }


TABLE = _table()


def parity() -> Parity:
    """How well the fake cloud supports the spec; it has one way to run a container."""
    return Parity(TABLE)


FAKE = Target(
    name="fake",
    title=TITLE,
    module="rig.fakes.cloud",
    coordinates="rig.fakes.cloud:FakeTarget",
    parity="rig.fakes.cloud:parity",
    templates=HERE / "templates",
)


@contextmanager
def registered() -> Iterator[None]:
    """Let cloudgen know the fake cloud for a while."""
    TARGETS[FAKE.name] = FAKE
    try:
        yield
    finally:
        del TARGETS[FAKE.name]
