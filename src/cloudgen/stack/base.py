"""What every target's stack offers, and the values that may stand in HCL.

A stack is the resolved view of a deployment on one target: every decision is made, nothing is left for a
template to choose. Stacks are frozen dataclasses; templates only read them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from cloudgen.dataclass import dataclass, field
from cloudgen.errors import Problem
from cloudgen.stack.summary import SummaryRow

if TYPE_CHECKING:
    from collections.abc import Set

    from cloudgen.errors import SpecPath
    from cloudgen.stack.held import Held, Mark, Removed


@dataclass(frozen=True)
class Ref:
    """An HCL expression made by cloudgen's own code, such as `aws_vpc.main.id`.

    The encoder writes it bare, so no text of the spec may ever be part of it.
    """

    expression: str

    def __str__(self) -> str:
        return self.expression


@dataclass(frozen=True)
class Template:
    """A quoted HCL template: literal text, which the encoder escapes, and `Ref`s, which it interpolates."""

    parts: tuple[str | Ref, ...]


def join(*parts: str | Ref) -> Template:
    """Make the HCL string that concatenates literals and references: `join(bucket.arn, "/*")`."""
    return Template(tuple(parts))


@dataclass(frozen=True)
class Address:
    """The address of a Terraform block, for example `aws_s3_bucket.assets`.

    Reading any attribute gives the `Ref` to it: `address.arn` is `aws_s3_bucket.assets.arn`.
    The encoder writes an address bare, as `depends_on` wants it.
    """

    type: str
    label: str

    def __getattr__(self, attribute: str) -> Ref:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return Ref(f"{self.type}.{self.label}.{attribute}")

    def __str__(self) -> str:
        return f"{self.type}.{self.label}"


HclValue = None | bool | int | float | str | Ref | Template | Address | Sequence[Any] | Mapping[str, Any]
"""What the HCL encoder accepts. Mappings become objects, sequences become lists."""


def label(name: str) -> str:
    """Turn a name of the spec into a Terraform label: `orders-db` -> `orders_db`.

    Names of the spec have no underscore, so two names never share a label.
    """
    return name.replace("-", "_")


@dataclass(frozen=True)
class Pair:
    """A name and its value, for blocks that have one of each."""

    name: str
    value: HclValue


def pairs(mapping: Mapping[str, HclValue]) -> tuple[Pair, ...]:
    """The entries of a mapping, one by one."""
    return tuple(Pair(name, value) for name, value in mapping.items())


@dataclass(frozen=True)
class Variable:
    """An environment variable of a container, with a value that may be read by anybody."""

    name: str
    value: str | Ref | Template


@dataclass(frozen=True)
class SecretVariable:
    """An environment variable whose value the platform reads from the cloud's secret store when the container starts.

    It says which secret; each platform writes that in its own words. `secret` is what the store knows the secret by:
    its ARN on AWS, its id within the project on Google Cloud. `key` is the key to read, where the secret is a JSON
    text. `version` is the version to read; None is the newest.
    """

    name: str
    secret: Ref
    key: str | None = None
    version: Ref | str | None = None


class Stack(Protocol):
    """What the renderer and the command line need of any target's stack."""

    @property
    def target(self) -> str:
        """The target's name in the registry, which is also the name of its templates folder."""

    @property
    def warnings(self) -> Sequence[Problem]:
        """What the user should know before applying, for example that there is no HTTPS without a domain."""

    @property
    def summary(self) -> Sequence[SummaryRow]:
        """What the target makes of each part of the spec, in the order of `summary.PARTS`."""

    @property
    def identity(self) -> Sequence[Mark]:
        """What tells this deployment from others: whose folder it is."""

    @property
    def held(self) -> Sequence[Held]:
        """Everything that holds data, with what an edit does to it."""

    @property
    def modules(self) -> Mapping[str, Sequence[Address]]:
        """The Terraform modules that are rendered, each with the blocks of `held` that are in it, or with all."""

    def letting_go(self, removed: tuple[Removed, ...]) -> Stack:
        """The same stack, with files of what its modules let go; a manifest renders them as `removed`."""

    @property
    def next_commands(self) -> Sequence[str]:
        """The shell commands to run next, in order, from the output folder."""


@dataclass
class Problems:
    """Collects the problems found while a stack is built, so that one run reports them all."""

    found: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    """Warnings that hold for every deployment; one of `found` about the same place says more and replaces them."""

    def error(self, code: str, message: str, path: Sequence[str | int], hint: str | None = None) -> None:
        """Record a problem that stops the render."""
        self.found.append(Problem(code, message, tuple(path), hint=hint))

    def warning(self, code: str, message: str, path: Sequence[str | int], hint: str | None = None) -> None:
        """Record something that the user should know, which stops the render only under `--strict`."""
        self.found.append(Problem(code, message, tuple(path), hint=hint, severity="warning"))

    def remark(self, code: str, message: str, path: Sequence[str | int], hint: str | None = None) -> None:
        """Record a warning that is left out when a more special one about the same place is recorded."""
        self.remarks.append(Problem(code, message, tuple(path), hint=hint, severity="warning"))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop the render."""
        return tuple(problem for problem in self.found if problem.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems that are only told."""
        special = [problem for problem in self.found if problem.severity == "warning"]
        places = {problem.path for problem in special}
        kinds = {(problem.code, problem.path) for problem in special}
        return (*special, *(remark for remark in self.remarks if not _covered(remark, places, kinds)))


def _covered(remark: Problem, places: Set[SpecPath], kinds: Set[tuple[str, SpecPath]]) -> bool:
    """Whether a warning is about the same place, or of the same kind about the section around it."""
    around = (remark.path[:end] for end in range(len(remark.path) + 1))
    return remark.path in places or any((remark.code, path) in kinds for path in around)
