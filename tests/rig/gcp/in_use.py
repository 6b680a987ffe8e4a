"""What cannot go: what another resource still names, what still holds something, and what is protected.

Google's APIs refuse most of this themselves. Where they would obey and something would be lost for good, a key of data
that is still there, an image that a container still runs, the fake refuses in their place, and says so.
"""

from __future__ import annotations

from typing import Any

from rig.gcp.refusal import Refusal, invalid
from rig.gcp.store import Store, tail

Json = dict[str, Any]

HOLDERS = {
    "compute": ("compute", "servicenetworking", "networkconnectivity", "run"),
    "certificatemanager": ("certificatemanager", "compute"),
    "monitoring": ("monitoring",),
}
"""The APIs whose resources keep another one from being deleted, by its own API."""

NOT_HELD = ("/instanceGroups/", "/operations/", "/changes/")
ALSO_LOST = {
    "cloudkms": ("sqladmin", "pubsub", "secretmanager", "storage", "artifactregistry", "memorystore", "logging"),
    "artifactregistry": ("run",),
    # Pub/Sub lets a topic go: its subscriptions, dead letters and buckets' news have none from then on.
    "pubsub": ("pubsub", "storage"),
}
"""What is lost when Google obeys: the APIs whose resources need what goes."""


def check_deletion(store: Store, api: str, path: str) -> None:
    """Refuse to delete what is in use or protected. Raises `Refusal`."""
    value = store.get(api, path)
    if api == "sqladmin" and value.get("settings", {}).get("deletionProtectionEnabled"):
        invalid("The instance is protected. Please disable the deletion protection and try again.", "protected")
    if value.get("deletionProtectionEnabled") or value.get("locked"):
        invalid(f"{tail(path)} is protected, and cannot be deleted", "failedPrecondition")
    if api == "dns" and path.rsplit("/", 2)[-2] == "managedZones":
        _check_zone(store, path)
    if api == "storage" and any(True for _ in store.below("storage", f"{path}/o")):
        raise Refusal(409, "The bucket you tried to delete is not empty.", "conflict")
    for holder, key in store.referring(path, *HOLDERS.get(api, ())):
        if not any(word in key for word in NOT_HELD):
            text = f"The {tail(path)} resource is already being used by '{tail(key)}' ({holder})"
            invalid(text, "resourceInUseByAnotherResource")
    if "/uptimeCheckConfigs/" in path:
        _check_uptime(store, path)
    check_loss(store, api, path)


def check_loss(store: Store, api: str, path: str) -> None:
    """Refuse what Google would do, and what would lose something that is needed. Raises `Refusal`."""
    needed = path
    if api == "artifactregistry":
        project, location, name = (path.split("/")[at] for at in (3, 5, 7))
        needed = f"{location}-docker.pkg.dev/{project}/{name}"
    for holder, key in store.referring(needed, *ALSO_LOST.get(api, ())):
        text = f"the fake of Google: {tail(path)} would go, and {tail(key)} ({holder}) still needs it"
        invalid(text, "resourceInUseByAnotherResource")


def _check_zone(store: Store, path: str) -> None:
    records = [
        value
        for (api, key), value in store.objects.items()
        if api == "dns" and key.startswith(f"{path}/rrsets/") and value["type"] not in ("NS", "SOA")
    ]
    if records:
        text = f"The resource '{tail(path)}' cannot be deleted because it contains one or more resource records."
        invalid(text, "containerNotEmpty")


def _check_uptime(store: Store, path: str) -> None:
    check = path.rsplit("/", 1)[-1]
    for (api, key), value in store.objects.items():
        if api == "monitoring" and "/alertPolicies/" in key and check in str(value.get("conditions")):
            text = f"Cannot delete check {check}. It is used in alert policy {tail(key)}"
            invalid(text, "failedPrecondition")
