"""What runs containers on Google Cloud: the registry of platforms, with a folder beside it for each of them.

A platform of the spec without an entry here is "not supported on gcp yet"; one with an entry cannot be.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from cloudgen.spec.compute import Platform
    from cloudgen.stack.gcp.platforms.workload import PlatformModule

PLATFORMS: dict[Platform, str] = {
    "containers": "cloudgen.stack.gcp.platforms.containers",
    "virtual_machines": "cloudgen.stack.gcp.platforms.virtual_machines",
    "functions": "cloudgen.stack.gcp.platforms.functions",
}
"""The package of each platform, imported when a spec uses it. It offers what `workload.PlatformModule` says."""


def module(platform: Platform) -> PlatformModule:
    """Import the package of a platform. Raises `KeyError` for one without an entry."""
    return cast("PlatformModule", import_module(PLATFORMS[platform]))
