"""What stores data on Google Cloud: the registry of the kinds of storage, with a module beside it for each of them.

A new kind is a module here with what `resource.KindModule` says, its templates, and a line in the registry.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from cloudgen.stack.kinds import ByKind

if TYPE_CHECKING:
    from cloudgen.stack.gcp.foundation import Foundation
    from cloudgen.stack.gcp.storage.resource import KindModule, Resource

KINDS: dict[str, str] = {
    "databases": "cloudgen.stack.gcp.storage.database",
    "buckets": "cloudgen.stack.gcp.storage.bucket",
    "file_systems": "cloudgen.stack.gcp.storage.file_system",
    "caches": "cloudgen.stack.gcp.storage.cache",
    "queues": "cloudgen.stack.gcp.storage.queue",
}
"""The module of each kind of storage, by the section's name in the spec; in the order in which they are shown."""


def module(kind: str) -> KindModule:
    """Import the module of a kind. Raises `KeyError` for one without an entry."""
    return cast("KindModule", import_module(KINDS[kind]))


def storage(foundation: Foundation) -> ByKind[Resource]:
    """Decide everything in `storage`, kind by kind, each in the order of the spec."""
    return ByKind({kind: module(kind).decide(foundation) for kind in KINDS})
