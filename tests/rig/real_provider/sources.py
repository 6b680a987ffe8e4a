"""The real providers of which it is recorded what replaces a resource, and how each is started without a cloud."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rig.real_provider.mirror import AWS, GOOGLE, Found, Wanted
from rig.real_provider.plugin import Plugin, running


@dataclass(frozen=True)
class Source:
    """A provider, and made-up arguments with which it plans without asking a cloud."""

    wanted: Wanted
    arguments: dict[str, Any] = field(default_factory=dict)


SOURCES = (
    Source(
        AWS,
        {
            "region": "eu-west-1",
            "access_key": "made-up",
            "secret_key": "made-up",
            "skip_credentials_validation": True,
            "skip_metadata_api_check": "true",
            "skip_region_validation": True,
            "skip_requesting_account_id": True,
        },
    ),
    Source(GOOGLE[0], {"access_token": "made-up", "project": "made-up", "region": "europe-west1"}),
    *map(Source, GOOGLE[1:]),
)


@contextmanager
def started(source: Source, found: Found, folder: Path) -> Iterator[Plugin]:
    """Start a provider that was found in a mirror; one that is packed is unpacked into the folder."""
    program = found.file
    if program.suffix == ".zip":
        with zipfile.ZipFile(program) as archive:
            archive.extractall(folder)
        program = next(folder.glob("terraform-provider-*"))
        program.chmod(0o755)
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder)}
    with running(program, environment) as plugin:
        plugin.configure(**source.arguments)
        yield plugin
