"""Parts of a stack by kind, so that a template reads those of its own kind and everything else loops over all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import ClassVar, Generic, TypeVar

from cloudgen.dataclass import dataclass
from cloudgen.errors import SpecPath

Part = TypeVar("Part", covariant=True)


@dataclass(frozen=True)
class Stated:
    """Where the spec asks for something that is stored, and what messages call it."""

    path: SpecPath
    title: str
    """`database orders-db`."""
    called: str = ""
    """What `--allow-destroy` and `--forget` call it, where that is not its path."""


class InStorage:
    """What has an entry of its own in the section `storage`: `class Bucket(InStorage, section="buckets")`."""

    SECTION: ClassVar[str]
    name: str

    def __init_subclass__(cls, section: str) -> None:
        """Note the section of a kind."""
        cls.SECTION = section

    @property
    def stated(self) -> Stated:
        """Its entry in the spec."""
        return Stated(("storage", self.SECTION, self.name), f"{self.SECTION.removesuffix('s')} {self.name}")


@dataclass(frozen=True)
class ByKind(Generic[Part]):
    """The parts of each kind of a registry: `storage.databases`, or all of them by iteration."""

    kinds: Mapping[str, tuple[Part, ...]]

    def __getattr__(self, kind: str) -> tuple[Part, ...]:
        """The parts of one kind, in the order of the spec. Raises `AttributeError` for a kind without an entry."""
        if kind.startswith("__") or kind not in self.kinds:
            raise AttributeError(kind)
        return self.kinds[kind]

    def __iter__(self) -> Iterator[Part]:
        return chain.from_iterable(self.kinds.values())


@dataclass(frozen=True)
class OnePerKind(Generic[Part]):
    """The one part of each kind that is in use: `platforms.containers`, or None where nothing uses it."""

    kinds: Mapping[str, Part]
    known: tuple[str, ...]
    """Every kind of the registry."""

    def __getattr__(self, kind: str) -> Part | None:
        """The part of one kind. Raises `AttributeError` for a kind that the registry does not know."""
        if kind.startswith("__") or kind not in self.known:
            raise AttributeError(kind)
        return self.kinds.get(kind)

    def __iter__(self) -> Iterator[Part]:
        return iter(self.kinds.values())
