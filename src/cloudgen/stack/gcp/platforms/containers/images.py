"""Where Cloud Run gets its images from, and what they are built for."""

from __future__ import annotations

import re

from cloudgen.stack.base import Problems, Ref
from cloudgen.stack.workload import Wanted

PLATFORM = "linux/amd64"
"""What Cloud Run runs, in Docker's words.

https://cloud.google.com/run/docs/container-contract#languages
"""

_DIRECT = re.compile(r"(?:[a-z0-9-]+-docker\.pkg\.dev|(?:[a-z]+\.)?gcr\.io|docker\.io|ghcr\.io)")
"""The registries that Cloud Run pulls from: Google's own, and the public images of Docker Hub and GitHub.

https://cloud.google.com/run/docs/deploying#images
"""


def image(container: Wanted, problems: Problems) -> str | Ref:
    """The image of a container: as the spec has it, or a variable that deploy.sh fills in."""
    name, stated = container.name, container.spec.image
    if stated is None:
        return Ref(f"var.images.{container.made_image}")
    if _DIRECT.fullmatch(registry(stated)) is None:
        problems.error(
            "out-of-reach",
            f"the image of `{name}` lies in a registry that Cloud Run cannot pull from",
            ("containers", name, "image"),
            "copy it to Artifact Registry, or use a public image of Docker Hub or ghcr.io",
        )
    return stated


def registry(reference: str) -> str:
    """The registry of an image reference; Docker Hub where it names none.

    The first part is a host name when it has a dot or a port, or is localhost.
    https://github.com/distribution/reference
    """
    first, slash, _ = reference.partition("/")
    return first if slash and ("." in first or ":" in first or first == "localhost") else "docker.io"
