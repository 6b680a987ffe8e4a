"""Whether a region has the instances that a size means."""

from __future__ import annotations

from cloudgen.errors import SpecPath
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.regions import lacks


def check_family(foundation: Foundation, path: SpecPath, instance: str, service: str) -> None:
    """Record an error at the size where the region has no such instances."""
    region = foundation.account.region
    if lacks(region, instance):
        foundation.problems.error(
            "no-such-size",
            f"{service} has no {instance} in {region}",
            path,
            "use a size of another family (explain shows them), or another region",
        )
