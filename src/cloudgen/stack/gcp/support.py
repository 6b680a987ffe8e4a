"""What the spec can say and Google Cloud does not get yet: each an error at the field's line, never silence."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cloudgen.stack.base import Address
from cloudgen.stack.gcp.foundation import Foundation

RESERVED = re.compile(r".*-scheduler")
"""Names of containers that would give two service accounts one address."""


def refuse_unsupported(foundation: Foundation) -> None:
    """Record a problem for every part of the spec that this target does not render."""
    deployment, problems = foundation.deployment, foundation.problems

    def unsupported(what: str, path: tuple[str, ...], hint: str) -> None:
        problems.error("unsupported", f"{what} is not supported on gcp yet", path, hint)

    for name, container in deployment.containers.items():
        own = ("containers", name)
        platform, capacity = deployment.platform(container), deployment.capacity(container)
        if container.trigger is not None:
            unsupported("a trigger", (*own, "trigger"), "let a worker consume a queue, or run a job by schedule")
        elif platform != "containers":
            where = (*own, "platform") if container.platform else ("compute", "platform")
            unsupported(f"platform {platform}", where, "use platform: containers")
        if capacity == "instances":
            where = (*own, "capacity") if container.capacity else ("compute", "capacity")
            unsupported("capacity instances", where, "use capacity: serverless")
    if deployment.security.continuous_deployment is not None:
        unsupported(
            "continuous deployment",
            ("security", "continuous_deployment"),
            "run deploy.sh from your pipeline, with credentials of its own",
        )


def check_names(foundation: Foundation) -> None:
    """Refuse container names that other parts of the stack use for their own resources."""
    for name in foundation.deployment.containers:
        if RESERVED.fullmatch(name):
            foundation.problems.error(
                "reserved-name",
                f"`{name}` is how cloudgen names resources of its own",
                ("containers", name),
                "choose another name",
            )


def check_addresses(foundation: Foundation, addresses: Iterable[Address]) -> None:
    """Refuse names that join to one: container `a` with bucket `b-c`, and container `a-b` with bucket `c`."""
    seen: set[Address] = set()
    for address in addresses:
        if address in seen:
            foundation.problems.error(
                "name-clash",
                f"two grants or rules would both be called {address.label}",
                ("containers",),
                "rename one of the containers or resources whose names, joined by a hyphen, are the same",
            )
        seen.add(address)
