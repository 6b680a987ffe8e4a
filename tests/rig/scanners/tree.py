"""A rendered tree as our own rules read it: its resources and data sources, and the deployment behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from cloudgen.spec.deployment import Deployment
from rig.trees.hcl import RenderedBlock, data_sources, local_values, resources


@dataclass(frozen=True)
class Tree:
    """The blocks of a golden tree, and the deployment that they were rendered from."""

    resources: tuple[RenderedBlock, ...]
    data: tuple[RenderedBlock, ...]
    deployment: Deployment
    values: tuple[RenderedBlock, ...] = ()
    """Local values."""

    def of(self, *types: str) -> Iterator[RenderedBlock]:
        """Yield the resources of these types."""
        return (resource for resource in self.resources if resource.type in types)

    @property
    def own_key(self) -> bool:
        """Whether data is to be encrypted with a key of one's own."""
        return self.deployment.security.encryption == "customer_managed"

    @property
    def protected(self) -> bool:
        """Whether nothing may be destroyed by accident."""
        return self.deployment.security.deletion_protection


Rule = Callable[[Tree], Iterator[str]]
"""Yields what is wrong with a tree, each with the address that it is about."""


@dataclass(frozen=True)
class ScannerDefect:
    """What a rule must catch: an edit of one file of a golden tree. Without `old`, `new` is put behind the text."""

    rule: Rule
    case: str
    file: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.rule.__name__}: {' '.join((self.old or self.new).split())[:60]}"

    def apply(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Return the tree with the edit. Raises `AssertionError` where there is nothing to edit."""
        text = texts[self.file]
        assert self.old in text, f"{self.file} has no {self.old}"
        return {**texts, self.file: text.replace(self.old, self.new) if self.old else text + self.new}


def tree_of(texts: Mapping[str, str], deployment: Deployment) -> Tree:
    """Read the text of each file of a tree, by its path."""
    return Tree(
        tuple(resource for file, text in texts.items() for resource in resources(file, text)),
        tuple(source for file, text in texts.items() for source in data_sources(file, text)),
        deployment,
        tuple(value for file, text in texts.items() for value in local_values(file, text)),
    )
