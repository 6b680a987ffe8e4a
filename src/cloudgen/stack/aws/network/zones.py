"""Which availability zones a region has."""

from __future__ import annotations

from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.regions import known
from cloudgen.stack.aws.target import AwsTarget


def zones(foundation: Foundation, target: AwsTarget) -> tuple[str, ...]:
    """The zones to use: the spec's own, or the region's first ones, as many as `networking.zones` asks for.

    They stand literally in the output, so that a plan needs no look-up and a new zone of the region moves nothing.
    """
    count = foundation.deployment.networking.zones
    stated = "zones" in foundation.deployment.networking.model_fields_set
    if target.zones is not None:
        if len(target.zones) < 2:
            foundation.problems.error(
                "too-few-zones",
                "a load balancer and a database need two zones",
                ("targets", "aws", "zones"),
                "list at least two zones of the region",
            )
        if len(target.zones) < count and stated:
            foundation.problems.warning(
                "fewer-zones",
                f"networking.zones asks for {count}, targets.aws.zones lists {len(target.zones)}: these are used",
                ("targets", "aws", "zones"),
            )
        return tuple(target.zones[:count])
    letters = known(target.region).zones
    if len(letters) < count:
        foundation.problems.error(
            "unknown-zones",
            f"cloudgen knows {len(letters)} zones of {target.region} that every account has, not {count}",
            ("targets", "aws", "region"),
            "list the zones of your account under targets.aws.zones, or lower networking.zones",
        )
    return tuple(f"{target.region}{letter}" for letter in letters[:count])
