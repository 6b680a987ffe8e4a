"""Names and labels of cloud resources: what they are made of, and how names are kept within a limit."""

from __future__ import annotations

import hashlib
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


def fit(name: str, limit: int) -> str:
    """Shorten a name to `limit` characters; the last five are then a hyphen and a hash, so names stay distinct.

    The same name always gives the same result: a resource name that changes means a new resource.
    """
    if len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:4]
    return f"{name[: limit - 5].rstrip('-')}-{digest}"
