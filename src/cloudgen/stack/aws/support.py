"""What the spec can say and AWS does not get yet: each an error at the field's line, never silence."""

from __future__ import annotations

import re

from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.tasks import ECR_IMAGE


def refuse_unsupported(foundation: Foundation) -> None:
    """Record a problem for every part of the spec that this target does not render."""
    deployment, problems = foundation.deployment, foundation.problems

    def unsupported(what: str, path: tuple[str, ...], hint: str) -> None:
        problems.error("unsupported", f"{what} is not supported on aws yet", path, hint)

    for name, container in deployment.containers.items():
        own = ("containers", name)
        platform, capacity = deployment.platform(container), deployment.capacity(container)
        if container.trigger is not None:
            unsupported("a trigger", (*own, "trigger"), "let a worker consume a queue, or run a job by schedule")
        elif platform != "containers":
            where = (*own, "platform") if container.platform else ("compute", "platform")
            unsupported(f"platform {platform}", where, "use platform: containers")
        elif container.built and container.command is None and container.port is None:
            problems.error(
                "missing-key",
                f"container `{name}` has neither a port to serve the application on nor a command to run",
                own,
                "add a command, such as [python, -m, package.module], or a port",
            )
        if capacity == "instances":
            where = (*own, "capacity") if container.capacity else ("compute", "capacity")
            unsupported("capacity instances", where, "use capacity: serverless or spot")
    if deployment.monitoring.uptime_checks:
        where = ("monitoring", "uptime_checks")
        unsupported("a check from outside", where, "set it to false; the alarms on the load balancer stay")
    if deployment.monitoring.audit:
        where = ("monitoring", "audit")
        unsupported("the audit trail", where, "set it to false, and turn CloudTrail on in the account itself")
    if deployment.security.continuous_deployment is not None:
        unsupported(
            "continuous deployment",
            ("security", "continuous_deployment"),
            "run deploy.sh from your pipeline, with credentials of its own",
        )


def check_reach(foundation: Foundation) -> None:
    """Without NAT only AWS's own services are in reach, and only through endpoints: images must be in reach too."""
    networking = foundation.deployment.networking
    if networking.nat != "none":
        return
    if not networking.private_endpoints:
        foundation.problems.error(
            "out-of-reach",
            "with nat none and no private_endpoints containers reach neither their image nor their log",
            ("networking", "nat"),
            "set private_endpoints: true, or nat: single",
        )
        return
    for name, container in foundation.deployment.containers.items():
        if container.image is None:
            continue
        match = ECR_IMAGE.fullmatch(container.image)
        if match is None or match[2] != foundation.account.region:
            foundation.problems.error(
                "out-of-reach",
                f"the image of `{name}` lies in a registry that is out of reach without NAT",
                ("containers", name, "image"),
                f"copy it to ECR in {foundation.account.region}, or set networking.nat to single",
            )


RESERVED = re.compile(r"endpoints|load-balancer|flow-logs|.*-(?:execution|task|database|cache|scheduler)")
"""Names of containers that would give two resources one address."""


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
