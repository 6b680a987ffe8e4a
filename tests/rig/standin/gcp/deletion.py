"""What may not be deleted: what is protected, and what is in use."""

from __future__ import annotations

from rig.standin.cloud import Cloud
from rig.standin.configuration import Configuration
from rig.standin.gcp.checks.references import unused
from rig.standin.violation import Violation

PROTECTED_BY_DEFAULT = (
    "google_cloud_run_v2_job",
    "google_cloud_run_v2_service",
    "google_cloud_run_v2_worker_pool",
    "google_container_cluster",
    "google_memorystore_instance",
    "google_sql_database_instance",
)
SWITCHES = ("deletion_protection", "deletion_protection_enabled", "settings.deletion_protection_enabled")


def deletion_refused(resource: Configuration, cloud: Cloud) -> list[Violation]:
    """Return why a resource cannot go; nothing when it can."""
    found = [
        Violation(path, "is true, so the deletion is refused", "[deletion-protection] protected resources stay")
        for name in SWITCHES
        for path, value in resource.find(name)
        if value is True
    ]
    switch = "deletion_protection_enabled" if "memorystore" in resource.type else "deletion_protection"
    if resource.type in PROTECTED_BY_DEFAULT and resource.values.get(switch) is None:
        text = "is true when left out, so the deletion is refused"
        found.append(Violation((switch,), text, "[deletion-protection] protected resources stay"))
    if resource.get("deletion_policy") == "PREVENT":
        text = "is PREVENT, so the deletion is refused"
        found.append(Violation(("deletion_policy",), text, "[deletion-protection] protected resources stay"))
    if resource.get("locked") is True:
        text = "is true, for ever: the bucket stays until its last log has gone"
        found.append(Violation(("locked",), text, "[locked] a locked log bucket stays"))
    if resource.type == "google_storage_bucket" and resource.get("force_destroy") is not True:
        text = "is not true, and the bucket is not empty"
        found.append(Violation(("force_destroy",), text, "[not-empty] what holds something stays"))
    summary = "[in-use] what others refer to stays"
    return found + [Violation(item.path, item.message, summary) for item in unused(resource, cloud)]
