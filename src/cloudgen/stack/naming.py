"""Names and labels of cloud resources: what they are made of, and how names are kept within a limit."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cloudgen.spec.deployment import Deployment


def labels(deployment: Deployment) -> Mapping[str, str]:
    """Labels of every resource: what bills and searches are grouped by, and the spec's own, which win."""
    return {
        "application": deployment.name,
        "environment": deployment.environment,
        "managed-by": "terraform",
        **deployment.labels,
    }


class Shortened(str):
    """A name that was too long, and is now its beginning and a hash; `full` is what it was made of."""

    __slots__ = ("full",)
    full: str

    def __new__(cls, name: str, full: str) -> Shortened:
        """Make the name, which remembers the full one."""
        made = super().__new__(cls, name)
        made.full = full
        return made


DIGITS = 8
"""Hexadecimal digits of the hash: with 300 names that begin alike, two are the same once in 100,000 deployments."""


def digest(text: str, length: int = 8) -> str:
    """Return hexadecimal digits that follow from a text alone, for labels that the text itself cannot be a part of."""
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def fit(name: str, limit: int) -> str:
    """Shorten a name to `limit` characters; the last nine are then a hyphen and a hash, so names stay distinct.

    The same name always gives the same result: a resource name that changes means a new resource. That two names give
    one is not impossible, so `clashes.check_shortened` looks.
    """
    if len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:DIGITS]
    return Shortened(f"{name[: limit - DIGITS - 1].rstrip('-')}-{digest}", name)
