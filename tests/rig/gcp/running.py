"""The faked Google Cloud, running: what it is, and what Terraform's environment must say to talk to it.

with running(folder, zones=["example.com"]) as google:
    terraform = replace(terraform, environment=google.environment)
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rig.gcp.control_plane import ControlPlane
from rig.gcp.proxy import serving_proxy


@dataclass(frozen=True)
class Google:
    """A running fake: one cloud, with nothing in it but zones and what this run put there."""

    plane: ControlPlane
    environment: dict[str, str]
    """What leads the google provider to the fake, with made-up credentials; the HCL stays as rendered."""


@contextmanager
def running(folder: Path, zones: Sequence[str] = ()) -> Iterator[Google]:
    """Start a fake whose project has public zones for these domains; its certificates lie in the folder."""
    plane = ControlPlane(zones=tuple(zones))
    with serving_proxy(plane, folder) as (url, certificate):
        environment = {
            "HTTPS_PROXY": url,
            "NO_PROXY": "127.0.0.1,localhost",
            "SSL_CERT_FILE": str(certificate),
            "GOOGLE_OAUTH_ACCESS_TOKEN": "made-up",
            "GOOGLE_APPLICATION_CREDENTIALS": os.devnull,
            "CLOUDSDK_CONFIG": str(folder / "none"),
            # No metadata server is asked who runs this.
            "GCE_METADATA_HOST": "127.0.0.1:1",
        }
        yield Google(plane, environment)
