"""The regions of Google Cloud, and where Cloud Scheduler is.

As of November 2026. Regions: those for which Google's description of the Compute Engine API has an endpoint; Cloud Run,
Cloud SQL, Pub/Sub, Secret Manager and Cloud Logging are in all of them, by theirs. A test compares. Every region has
three zones at least, and nothing that is rendered names one: https://cloud.google.com/compute/docs/regions-zones.
Cloud Scheduler: https://docs.cloud.google.com/scheduler/docs/locations and its release notes until September 2026.
"""

from __future__ import annotations

from difflib import get_close_matches

from cloudgen.stack.gcp.foundation import Foundation

REGIONS = (
    *("africa-south1", "asia-east1", "asia-east2", "asia-northeast1", "asia-northeast2", "asia-northeast3"),
    *("asia-south1", "asia-south2", "asia-southeast1", "asia-southeast2", "asia-southeast3", "australia-southeast1"),
    *("australia-southeast2", "europe-central2", "europe-north1", "europe-north2", "europe-southwest1", "europe-west1"),
    *("europe-west10", "europe-west12", "europe-west2", "europe-west3", "europe-west4", "europe-west6", "europe-west8"),
    *("europe-west9", "me-central1", "me-central2", "me-west1", "northamerica-northeast1", "northamerica-northeast2"),
    *("northamerica-south1", "southamerica-east1", "southamerica-west1", "us-central1", "us-east1", "us-east4"),
    *("us-east5", "us-south1", "us-west1", "us-west2", "us-west3", "us-west4"),
)

NO_SCHEDULER = frozenset({
    "africa-south1", "australia-southeast2", "europe-north1", "europe-north2", "europe-southwest1", "europe-west8",
    "europe-west9", "europe-west10", "northamerica-south1", "southamerica-west1", "us-east5",
})  # fmt: skip
"""Where Cloud Scheduler is not known to be: it comes to more regions every few months."""

AXION = {
    "asia-southeast1": "abc",
    "europe-west1": "bcd",
    "europe-west3": "abc",
    "europe-west4": "abc",
    "us-central1": "abc",
    "us-east1": "bcd",
    "us-east4": "abc",
}
"""The regions that have machines with Google's own arm64 processors (C4A), and the letters of their zones.

https://cloud.google.com/compute/docs/release-notes#October_30_2024, which later entries add regions to: one that is not
here can be named in a file of one's own.
"""

SHORT = {"eu-": "europe-", "ap-": "asia-", "sa-": "southamerica-", "ca-": "northamerica-"}
"""How regions begin elsewhere, for the suggestion."""


def check_region(foundation: Foundation) -> None:
    """Record an error where the region is none that cloudgen knows: Terraform would fail half-way."""
    region = foundation.region
    if region in REGIONS:
        return
    beginning = region.partition("-")[0] + "-"
    near = get_close_matches(region.replace(beginning, SHORT.get(beginning, beginning), 1), REGIONS, 1, 0.6)
    hint = f"did you mean {near[0]}?" if near else f"the regions are {', '.join(REGIONS)}"
    where = ("targets", "gcp", "region")
    foundation.problems.error("unknown-region", f"Google Cloud has no region {region} that cloudgen knows", where, hint)


def check_scheduler(foundation: Foundation, name: str) -> None:
    """Warn where Cloud Scheduler may not be in the region: a job could not be started by the clock."""
    region = foundation.region
    if region in NO_SCHEDULER:
        foundation.problems.warning(
            "maybe-unavailable",
            f"container `{name}` has a schedule, and Cloud Scheduler was not in {region} in September 2026",
            ("targets", "gcp", "region"),
            f"look whether gcloud scheduler locations list has {region}; if not, use another region",
        )


def axion_zones(region: str) -> tuple[str, ...]:
    """The zones of a region that have such machines; none where it has none."""
    return tuple(f"{region}-{letter}" for letter in AXION.get(region, ""))


def nearest_axion(region: str) -> tuple[str, ...]:
    """The regions with such machines on the same continent, or all where it has none."""
    continent = region.partition("-")[0]
    return tuple(each for each in AXION if each.startswith(f"{continent}-")) or tuple(AXION)
