"""Folders whose files stay: buckets that Cloud Run mounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rig.facts.gcp.finding import run
from rig.facts.gcp.machines import Machine
from rig.facts.plan import PlannedResource
from rig.facts.scene import Scene, Seen

DAY = 86400


def volumes(scene: Scene, container: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each path of a container where a bucket is mounted, with the volume's source."""
    one = run(scene, container)
    if isinstance(one, Machine):
        return
    made = {each["name"]: (each.get("gcs") or [{}])[0] for each in one.resource.blocks(*one.path, "volumes")}
    for each in one.resource.blocks(*one.path, "containers", "volume_mounts"):
        if made.get(each["name"]):
            yield each["mount_path"], made[each["name"]]


def bucket_of(scene: Scene, container: str, path: str) -> PlannedResource:
    """Return the bucket that is mounted at a path. Raises MissingResourceError."""
    return scene.root.only("google_storage_bucket", name=dict(volumes(scene, container)).get(path, {}).get("bucket"))


def kept_folders_are_mounted(scene: Scene) -> Iterator[Seen]:
    """At its path, to be written by the container's user, with a bucket of its own."""
    containers = dict.fromkeys(name for name, _ in scene.kept())
    stores = [volume["bucket"] for name in containers for _, volume in volumes(scene, name)]
    for name, path in scene.kept():
        volume = dict(volumes(scene, name)).get(path, {})
        user = scene.deployment.containers[name].user or 10001
        yield Seen.of(
            f"{name} {path}",
            {
                "is no bucket": not volume,
                "shares its bucket": stores.count(volume.get("bucket")) != 1,
                "cannot be written": volume.get("read_only") is True,
                "belongs to somebody else": f"uid={user}" not in (volume.get("mount_options") or []),
            },
        )


def kept_folders_are_private(scene: Scene) -> Iterator[Seen]:
    """For the account of the container alone; what holds for every bucket is a fact of its own."""
    for name, path in scene.kept():
        bucket = bucket_of(scene, name, path)
        members = {
            grant.at("member")
            for grant in scene.root.of("google_storage_bucket_iam_member")
            if grant.at("bucket") == bucket.values["name"]
        }
        yield Seen.of(f"{name} {path}", {"lets others in": members != {run(scene, name).member}})


def kept_folders_can_be_restored(scene: Scene) -> Iterator[Seen]:
    """Older versions of each file, and what was deleted, for a week at least; nothing empties it by mistake."""
    for name, path in scene.kept():
        bucket = bucket_of(scene, name, path)
        kept = int(bucket.at("soft_delete_policy", "retention_duration_seconds") or 0)
        yield Seen.of(
            f"{name} {path}",
            {
                "keeps no older versions": bucket.at("versioning", "enabled") is not True,
                "keeps nothing that was deleted": kept < 7 * DAY,
                "is emptied by terraform destroy": scene.deployment.security.deletion_protection
                and bucket.at("force_destroy") is not False,
            },
        )


def wanted_grants(scene: Scene, name: str) -> set[tuple[str, str, str]]:
    """Return what is to be granted to a container on its buckets: type, bucket and role."""
    paths = {path for one, path in scene.kept() if one == name}
    found = {str(volume["bucket"]) for path, volume in volumes(scene, name) if path in paths} if paths else set()
    return {("google_storage_bucket_iam_member", bucket, "roles/storage.objectUser") for bucket in found}
