"""The regions of AWS: partition, zones, and which instance families are missing there.

As of November 2026. Regions and partitions: botocore 1.44 (`data/endpoints.json`). Zones: the page below. Families of
EC2, RDS and ElastiCache: cfn-lint 1.58 (`data/schemas/extensions`). A test compares.
https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
"""

from __future__ import annotations

from collections.abc import Mapping

from cloudgen.dataclass import dataclass


@dataclass(frozen=True)
class Region:
    """What is known of a region."""

    partition: str = "aws"
    zones: str = "abc"
    """The letters of the zones that every account has."""
    missing: frozenset[str] = frozenset()
    """Instance families that the region lacks, such as `m7i` and `db.m7g`, or that lack a size there."""


ABC = Region()
REGIONS: Mapping[str, Region] = {
    "af-south-1": Region(missing=frozenset({"db.m7g", "r7i", "t3a"})),
    "ap-east-1": Region(missing=frozenset({"db.m7g", "r7i", "t3a"})),
    "ap-east-2": Region(missing=frozenset({"m5", "r5", "t3a"})),
    "ap-northeast-1": Region(zones="acd"),
    "ap-northeast-2": Region(zones="abcd"),
    "ap-northeast-3": Region(missing=frozenset({"t3a"})),
    "ap-south-1": ABC,
    "ap-south-2": Region(missing=frozenset({"t3a"})),
    "ap-southeast-1": ABC,
    "ap-southeast-2": ABC,
    "ap-southeast-3": Region(missing=frozenset({"r6i", "t3a"})),
    "ap-southeast-4": Region(missing=frozenset({"m6i", "r6i", "t3a"})),
    "ap-southeast-5": Region(missing=frozenset({"m5", "r5", "t3a"})),
    "ap-southeast-6": Region(missing=frozenset({"m5", "r5", "t3a"})),
    "ap-southeast-7": Region(missing=frozenset({"m5", "r5", "t3a"})),
    "ca-central-1": Region(zones="abd"),
    "ca-west-1": Region(missing=frozenset({"cache.m7g", "db.m7g", "db.t4g", "m7g", "m7i", "r7i", "t3a"})),
    "eu-central-1": ABC,
    "eu-central-2": Region(missing=frozenset({"r7i", "t3a"})),
    "eu-north-1": Region(missing=frozenset({"t3a"})),
    "eu-south-1": Region(missing=frozenset({"cache.m7g", "db.m7g", "m7g"})),
    "eu-south-2": Region(missing=frozenset({"m6i", "r6i", "t3a"})),
    "eu-west-1": ABC,
    "eu-west-2": ABC,
    "eu-west-3": ABC,
    "il-central-1": Region(missing=frozenset({"r7i"})),
    "me-central-1": Region(missing=frozenset({"cache.t4g", "r7i", "t3a"})),
    "me-south-1": Region(missing=frozenset({"cache.t4g", "m7i", "r7i", "t3a"})),
    "mx-central-1": Region(missing=frozenset({"m5", "r5", "t3a"})),
    "sa-east-1": ABC,
    "us-east-1": Region(zones="abcdf"),
    "us-east-2": ABC,
    "us-gov-east-1": Region("aws-us-gov"),
    "us-gov-west-1": Region("aws-us-gov", missing=frozenset({"db.m7g"})),
    # Each account sees another pair.
    "us-west-1": Region(zones=""),
    "us-west-2": Region(zones="abcd"),
}

ELSEWHERE = ("cn-", "eusc-", "us-iso", "eu-iso")
"""How the regions of the other partitions begin: China, the European sovereign cloud, and the closed ones.

Their services have other names and addresses, which cloudgen does not know.
"""

IAM_NOT_RECORDED = frozenset({
    "ap-east-2", "ap-south-2", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-west-1",
    "eu-central-2", "eu-south-2", "il-central-1", "me-central-1", "mx-central-1",
})  # fmt: skip
"""Where AWS Config does not record IAM: it came there after February 2022.

https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingGroup.html
"""


def known(region: str) -> Region:
    """Return what is known of a region; the common case for one that is refused elsewhere."""
    return REGIONS.get(region, ABC)


def lacks(region: str, instance: str) -> bool:
    """Whether the region has no instances of the family of `db.t4g.small`, say."""
    return instance.rpartition(".")[0] in known(region).missing
