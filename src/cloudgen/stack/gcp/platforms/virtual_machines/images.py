"""Where a machine gets its image from, and what its service account needs for that."""

from __future__ import annotations

import re

from cloudgen.stack.base import Ref
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import Grant, scope
from cloudgen.stack.workload import Wanted

_ARTIFACT_REGISTRY = re.compile(
    r"(?P<location>[a-z0-9-]+)-docker\.pkg\.dev/(?P<project>[a-z0-9.:-]+)/(?P<repository>[a-z0-9-]+)/.+"
)
"""https://cloud.google.com/artifact-registry/docs/docker/names"""


def image(container: Wanted) -> str | Ref:
    """The image of a container: as the spec has it, or a variable that deploy.sh fills in with a digest."""
    stated = container.spec.image
    return Ref(f"var.images.{container.made_image}") if stated is None else stated


def pull(foundation: Foundation, container: Wanted) -> tuple[Grant, ...]:
    """What pulling the image takes: reading its repository, where it is one of the project's own.

    https://cloud.google.com/artifact-registry/docs/access-control#roles
    """
    stated = container.spec.image
    location, repository = foundation.region, foundation.prefix
    if stated is not None:
        found = _ARTIFACT_REGISTRY.fullmatch(stated)
        if found is None or found["project"] != foundation.project:
            return ()
        location, repository = found["location"], found["repository"]
    where = scope(
        "google_artifact_registry_repository_iam_member",
        "images",
        project=foundation.project,
        location=location,
        repository=repository,
    )
    return (Grant("roles/artifactregistry.reader", where),)
