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


_OF_A_PROJECT = re.compile(r"(?P<location>[a-z0-9-]+)-docker\.pkg\.dev/(?P<project>[^/]+)/(?P<repository>[^/]+)/.+")
"""An image in Artifact Registry."""


def image(container: Wanted, project: str, problems: Problems) -> str | Ref:
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
    _tell_other_project(name, stated, project, problems)
    return stated


def _tell_other_project(name: str, stated: str, project: str, problems: Problems) -> None:
    """Warn of an image in a repository of another project, where Cloud Run's agent may not read.

    https://cloud.google.com/run/docs/deploying#other-projects
    """
    found = _OF_A_PROJECT.fullmatch(stated)
    if found is None or found["project"] == project:
        return
    agent = "service-PROJECT_NUMBER@serverless-robot-prod.iam.gserviceaccount.com"
    problems.warning(
        "other-project",
        f"the image of `{name}` lies in the project {found['project']}: it does not start before Cloud Run's agent may "
        "read it there",
        ("containers", name, "image"),
        f"gcloud artifacts repositories add-iam-policy-binding {found['repository']} --project {found['project']} "
        f"--location {found['location']} --role roles/artifactregistry.reader --member serviceAccount:{agent}",
    )


def registry(reference: str) -> str:
    """The registry of an image reference; Docker Hub where it names none.

    The first part is a host name when it has a dot or a port, or is localhost.
    https://github.com/distribution/reference
    """
    first, slash, _ = reference.partition("/")
    return first if slash and ("." in first or ":" in first or first == "localhost") else "docker.io"
