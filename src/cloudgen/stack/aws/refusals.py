"""What the spec can say and AWS cannot do: each an error at the field's line, never silence."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.images import ECR_IMAGE
from cloudgen.stack.aws.parity import TITLE, parity
from cloudgen.stack.aws.regions import ELSEWHERE, IAM_NOT_RECORDED, REGIONS
from cloudgen.stack.parity import check

BALANCERS = "load balancers"
RESERVED = {
    "internal-": BALANCERS,
    "sg-": "security groups",
    "xn--": "buckets",
    "sthree-": "buckets",
    "amzn-s3-demo-": "buckets",
}
"""How names of AWS's own begin, by what they are the names of."""


def tell_parity(foundation: Foundation) -> None:
    """Record what the parity table says: errors for what is not rendered, warnings for what AWS does its own way."""
    check(parity(), TITLE, foundation.deployment, foundation.problems)


def check_region(foundation: Foundation) -> None:
    """The region is one that cloudgen knows: partition, addresses of services and zones follow from it."""
    region = foundation.account.region
    if region in REGIONS:
        _tell_iam_not_recorded(foundation)
        return
    where = ("targets", "aws", "region")
    if region.startswith(ELSEWHERE):
        foundation.problems.error(
            "unsupported",
            f"{region} belongs to another partition of AWS, whose services have other names: it is not supported",
            where,
            "use a commercial region such as eu-west-1, or one of us-gov",
        )
        return
    near = get_close_matches(region, REGIONS, 1, 0.6)
    hint = f"did you mean {near[0]}?" if near else f"the regions are {', '.join(REGIONS)}"
    foundation.problems.error("unknown-region", f"AWS has no region {region} that cloudgen knows", where, hint)


def _tell_iam_not_recorded(foundation: Foundation) -> None:
    region = foundation.account.region
    if foundation.deployment.monitoring.audit and region in IAM_NOT_RECORDED:
        foundation.problems.warning(
            "approximated",
            f"AWS Config does not record users and roles in {region}; CloudTrail records who changes them",
            ("monitoring", "audit"),
            "record them in a region that had AWS Config before February 2022, if you need their history",
        )


def check_names(foundation: Foundation) -> None:
    """No name begins as AWS's own do. Every name begins with that of the deployment.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
    """
    for beginning, what in RESERVED.items():
        if f"{foundation.prefix}-".startswith(beginning) and (what != BALANCERS or foundation.deployment.load_balancer):
            foundation.problems.error(
                "reserved-name",
                f"AWS refuses {what} whose name begins with {beginning}",
                ("name",),
                "give the deployment another name",
            )


def check_reach(foundation: Foundation, inside: Sequence[str]) -> None:
    """Without NAT only AWS's own services are in reach, and only through endpoints: images must be in reach too.

    `inside` are the containers in the network. What runs outside of it needs no NAT, so there is none for it alone.
    """
    networking = foundation.deployment.networking
    if not inside:
        if ("networking", "nat") in (foundation.deployment.written or ()) and networking.nat != "none":
            foundation.problems.warning(
                "ignored",
                f"networking.nat ({networking.nat}): no container is in the network on AWS, so it gets no NAT gateway",
                ("networking", "nat"),
            )
        return
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
    for name in inside:
        container = foundation.deployment.containers[name]
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
