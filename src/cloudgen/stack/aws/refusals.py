"""What the spec can say and AWS cannot do: each an error at the field's line, never silence."""

from __future__ import annotations

from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.images import ECR_IMAGE
from cloudgen.stack.aws.parity import TITLE, parity
from cloudgen.stack.contract import IMAGE_USER
from cloudgen.stack.parity import check

LOWEST_PORT = 1024
"""The first port of everybody: ip_unprivileged_port_start of Linux."""


def tell_parity(foundation: Foundation) -> None:
    """Record what the parity table says: errors for what is not rendered, warnings for what AWS does its own way."""
    check(parity(), TITLE, foundation.deployment, foundation.problems)


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


def check_ports(foundation: Foundation) -> None:
    """Fargate keeps Linux's rule that ports below 1024 are for root, and gives no way to say otherwise.

    https://github.com/aws/containers-roadmap/issues/1721. Whom an image of the user's runs as is not known here.
    """
    for name, container in foundation.deployment.containers.items():
        if container.port is None or container.port >= LOWEST_PORT:
            continue
        if container.built or container.user is not None:
            foundation.problems.warning(
                "out-of-range",
                f"`{name}` runs as user {container.user or IMAGE_USER}, and on Fargate port {container.port} "
                "is for root alone",
                ("containers", name, "port"),
                f"use a port from {LOWEST_PORT} on, such as 8000: what the load balancer answers on stays the same",
            )
