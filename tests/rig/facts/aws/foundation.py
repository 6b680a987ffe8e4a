"""What all parts use: labels, state, registry, keys."""

from __future__ import annotations

from collections.abc import Iterator

from rig.facts.scene import Scene, Seen


def labels_reach_everything(scene: Scene) -> Iterator[Seen]:
    """The provider's default tags are on each resource that has tags."""
    wanted = {"application": scene.deployment.name, **scene.deployment.labels}
    for module in scene.modules:
        for resource in module:
            tags = resource.values.get("tags_all")
            if tags is not None:
                yield Seen.of(resource.address, {"lacks labels of the spec": not wanted.items() <= dict(tags).items()})
    for group in scene.root.of("aws_autoscaling_group"):
        # Default tags do not reach what a group starts.
        found = {tag["key"]: tag["value"] for tag in group.blocks("tag") if tag["propagate_at_launch"]}
        yield Seen.of(group.address, {"its machines lack labels of the spec": not wanted.items() <= found.items()})


def state_is_guarded(scene: Scene) -> Iterator[Seen]:
    """The bucket keeps old versions, and terraform does not empty it."""
    if scene.deployment.state.backend != "remote":
        return
    bucket = scene.bootstrap.get("aws_s3_bucket", "state")
    versioning = scene.bootstrap.only("aws_s3_bucket_versioning", bucket=bucket.values["id"])
    yield Seen.of(
        bucket.address,
        {
            "does not keep old versions": versioning.at("versioning_configuration", "status") != "Enabled",
            "is emptied by terraform destroy": scene.deployment.security.deletion_protection
            and bucket.at("force_destroy") is not False,
        },
    )


def images_stay_what_they_are(scene: Scene) -> Iterator[Seen]:
    """One repository for all images: tags cannot be moved, pushes are scanned, nobody else has access."""
    for name, container in scene.containers().items():
        if not container.built:
            continue
        repository = scene.bootstrap.get("aws_ecr_repository", "images")
        policies = scene.bootstrap.where("aws_ecr_repository_policy", repository=repository.values["name"])
        keys = [key.values["arn"] for key in scene.bootstrap.of("aws_kms_key")]
        yield Seen.of(
            name,
            {
                "tags can be moved": repository.at("image_tag_mutability") != "IMMUTABLE",
                "pushes are not scanned": repository.at("image_scanning_configuration", "scan_on_push") is not True,
                "others have access": bool(policies),
                "is encrypted with another key": scene.own_key
                and repository.at("encryption_configuration", "kms_key") not in keys,
            },
        )


def keys_rotate(scene: Scene) -> Iterator[Seen]:
    """Every key gets new material each year at least, and can be saved for a week at least."""
    for module in scene.modules:
        for key in module.of("aws_kms_key"):
            yield Seen.of(
                key.address,
                {
                    "never rotates": key.at("enable_key_rotation") is not True,
                    "is gone at once": (key.at("deletion_window_in_days") or 0) < 7,
                },
            )
