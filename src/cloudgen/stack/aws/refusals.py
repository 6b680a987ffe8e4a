"""What the spec can say and AWS cannot do: each an error at the field's line, never silence."""

from __future__ import annotations

from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.images import ECR_IMAGE
from cloudgen.stack.aws.parity import TITLE, parity
from cloudgen.stack.parity import check


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
