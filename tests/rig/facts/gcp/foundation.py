"""What all parts use: labels, state, registry, keys."""

from __future__ import annotations

from collections.abc import Iterator

from rig.facts.scene import Scene, Seen

WEEK, YEAR = 7 * 86400, 366 * 86400


def labels_reach_everything(scene: Scene) -> Iterator[Seen]:
    """The provider's default labels are on each resource that has labels."""
    wanted = {"application": scene.deployment.name, **scene.deployment.labels}
    for module in scene.modules:
        for resource in module:
            labels = resource.values.get("effective_labels")
            if labels is not None:
                yield Seen.of(
                    resource.address, {"lacks labels of the spec": not wanted.items() <= dict(labels).items()}
                )


def state_is_guarded(scene: Scene) -> Iterator[Seen]:
    """The bucket keeps old versions, and terraform does not empty it."""
    if scene.deployment.state.backend != "remote":
        return
    bucket = scene.bootstrap.get("google_storage_bucket", "state")
    yield Seen.of(
        bucket.address,
        {
            "does not keep old versions": bucket.at("versioning", "enabled") is not True,
            "is emptied by terraform destroy": scene.deployment.security.deletion_protection
            and bucket.at("force_destroy") is not False,
        },
    )


def images_stay_what_they_are(scene: Scene) -> Iterator[Seen]:
    """One registry for the images of all containers, encrypted as the spec says. Images are run by their digests."""
    for name, container in scene.containers().items():
        if not container.built:
            continue
        registry = scene.bootstrap.only("google_artifact_registry_repository")
        keys = [key.values["id"] for key in scene.bootstrap.of("google_kms_crypto_key")]
        yield Seen.of(
            name,
            {
                "is not a registry of images": registry.at("format") != "DOCKER",
                "is encrypted with another key": scene.own_key and registry.at("kms_key_name") not in keys,
            },
        )


def keys_rotate(scene: Scene) -> Iterator[Seen]:
    """Every key gets new material each year at least, and can be saved for a week at least."""
    for module in scene.modules:
        for key in module.of("google_kms_crypto_key"):
            period, window = (
                int(str(key.at(name) or "0").rstrip("s")) for name in ("rotation_period", "destroy_scheduled_duration")
            )
            yield Seen.of(
                key.address,
                {"never rotates": not 0 < period <= YEAR, "is gone at once": window < WEEK},
            )
