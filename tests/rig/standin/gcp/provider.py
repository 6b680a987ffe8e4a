"""The stand-in for hashicorp/google: schema, labels, and the rules of Google's servers (`gcp.rules`)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from ipaddress import IPv4Network, ip_network
from typing import Any

from rig.standin.cloud import ZONES_VARIABLE
from rig.standin.computed import Computed
from rig.standin.configuration import Configuration
from rig.standin.encoding import is_unknown
from rig.standin.gcp.computed import PROJECT_NUMBER, GcpComputed
from rig.standin.gcp.deletion import deletion_refused
from rig.standin.gcp.rules import broken, out_of_order
from rig.standin.provider import Provider, Values
from rig.standin.schema import Block, ValuePath
from rig.standin.violation import Violation

MAY_BE_REPEATED = (
    "_iam_member",
    "google_project_service",
    "google_project_iam_audit_config",
    "google_logging_project_bucket_config",
)
"""Types (or their ends) that can be made a second time: enabling what is on, granting what is granted; the provider
takes over a log bucket that is there."""
NAME_STAYS = (
    "google_kms_key_ring",
    "google_kms_crypto_key",
    "google_logging_project_bucket_config",
    "google_iam_workload_identity_pool",
    "google_iam_workload_identity_pool_provider",
    "google_project_iam_custom_role",
    "google_sql_database_instance",
)
"""Never deleted (keys), deleted softly for weeks (pools, roles), or barred for a week (instances, log buckets).

Cloud KMS, Object hierarchy, Lifetime; Cloud Logging API, projects.locations.buckets.delete and patch; IAM, Delete
pools; IAM, Custom roles; Cloud SQL, Delete instances.
"""


class GcpProvider(Provider):
    """The google provider."""

    computed = GcpComputed

    def resource(self, resource_type: str, config: Values) -> Configuration:
        """Return a resource's configuration, with the project and region of the provider block behind it."""
        project, region = self.configuration.get("project"), self.configuration.get("region")
        return Configuration(resource_type, config, project or "standin-project", region or "us-central1")

    def check_provider(self, config: Values) -> list[Violation]:
        """Check the default labels as the labels of a resource."""
        return broken(self.resource("provider", {"labels": config.get("default_labels")}))

    def check_configuration(self, resource_type: str, config: Values) -> list[Violation]:
        """Check the rules that need nothing but the resource itself."""
        return broken(self.resource(resource_type, config))

    def check_creation(self, resource_type: str, config: Values, identity: str) -> list[Violation]:
        """Check the rules of order; an identity that exists is refused first."""
        if self.cloud.is_gone(resource_type, identity):
            text = f"{identity} was deleted, and its name stays taken"
            return [Violation((), text, "[name-stays] some names cannot be used again")]
        if self.cloud.exists(resource_type, identity) and not resource_type.endswith(MAY_BE_REPEATED):
            return [Violation((), f"{identity} exists already (409 alreadyExists)", "[already-exists] a name is taken")]
        return self.check_update(resource_type, config)

    def check_update(self, resource_type: str, config: Values, identity: str = "") -> list[Violation]:
        """Check the rules of order."""
        return out_of_order(self.resource(resource_type, config), self.cloud)

    def check_deletion(self, resource_type: str, prior: Values) -> list[Violation]:
        """Refuse what is protected, and what others still use."""
        return deletion_refused(self.resource(resource_type, prior), self.cloud)

    def taken_over(self, resource_type: str, identity: str) -> None:
        """A key ring that is imported is what it was; a key has no version that could encrypt."""
        if resource_type == "google_kms_key_ring":
            self.cloud.restore(resource_type, identity)

    def name_stays(self, resource_type: str, prior: Values) -> bool:
        """Whether a deleted resource's name stays taken."""
        return resource_type in NAME_STAYS

    def known_at_plan(self, resource_type: str, name: str, config: Values) -> Any:
        """Return the project and the region, which a resource takes over from the provider block."""
        return self.configuration.get(name) if name in ("project", "region") else None

    def finish_plan(self, resource_type: str, planned: Values, block: Block) -> Values:
        """Merge the default labels."""
        labels = planned.get("labels")
        if "effective_labels" in block.get("attributes", {}) and not is_unknown(labels):
            merged = {**(self.configuration.get("default_labels") or {}), **(labels or {})}
            planned.update({name: merged for name in ("effective_labels", "terraform_labels") if name in planned})
        return planned

    def replaced_by_value(self, resource_type: str, prior: Values, planned: Values) -> Iterable[ValuePath]:
        """A subnet grows in place, to a range that holds the old one, and in no other way.

        Provider, google_compute_subnetwork, `isShrinkageIpCidr`; VPC, Subnets, Expand a primary IPv4 range.
        """
        before, after = prior.get("ip_cidr_range"), planned.get("ip_cidr_range")
        if resource_type == "google_compute_subnetwork" and isinstance(before, str) and isinstance(after, str):
            old, new = ip_network(before), ip_network(after)
            if not (isinstance(old, IPv4Network) and isinstance(new, IPv4Network) and old.subnet_of(new)):
                return [("ip_cidr_range",)]
        return ()

    def read_data(self, source_type: str, out: Values, computed: Computed) -> Values:
        """Answer for the project."""
        if source_type == "google_project":
            project = out.get("project_id") or self.configuration.get("project")
            out.update(number=PROJECT_NUMBER, project_id=project, name=project, id=f"projects/{project}")
        elif source_type == "google_compute_zones":
            region = out.get("region") or self.configuration.get("region")
            out["names"] = [f"{region}-{letter}" for letter in "bcd"]
        elif source_type == "google_logging_project_cmek_settings":
            out["service_account_id"] = f"cmek-p{PROJECT_NUMBER}@gcp-sa-logging.iam.gserviceaccount.com"
        elif source_type == "google_dns_managed_zones":
            zones = os.environ.get(ZONES_VARIABLE, "").split(",")
            out["managed_zones"] = [zone(domain) for domain in zones if domain]
        return out


def zone(domain: str) -> Values:
    """A public zone that the project has had before Terraform came."""
    name = domain.replace(".", "-")
    return {
        "description": "",
        "dns_name": f"{domain}.",
        "id": f"projects/standin-project/managedZones/{name}",
        "managed_zone_id": 1,
        "name": name,
        "name_servers": ["ns-cloud-a1.googledomains.com."],
        "project": "standin-project",
        "visibility": "public",
    }
