"""What each container may do."""

from __future__ import annotations

from collections.abc import Iterator

from rig.facts.gcp.finding import run
from rig.facts.gcp.kept import wanted_grants as kept_grants
from rig.facts.gcp.machines import ON_THE_PROJECT, PULLS, Machine
from rig.facts.gcp.runs import grants
from rig.facts.plan import PlannedResource
from rig.facts.scene import Scene, Seen, label, variable

ROLES = {
    ("buckets", "read"): ("google_storage_bucket_iam_member", "bucket", "roles/storage.objectViewer"),
    ("buckets", "write"): ("google_storage_bucket_iam_member", "bucket", "roles/storage.objectUser"),
    ("queues", "publish"): ("google_pubsub_topic_iam_member", "topic", "roles/pubsub.publisher"),
    ("queues", "consume"): ("google_pubsub_subscription_iam_member", "subscription", "roles/pubsub.subscriber"),
}
"""What a connection brings: the kind of grant, its argument that names the thing, and the role."""

MACHINES = ("google_project_iam_member", "google_artifact_registry_repository_iam_member")
"""The kinds of grants that start a machine: on the project, and on the repository of its image."""

THINGS = {
    "bucket": ("google_storage_bucket", "name"),
    "topic": ("google_pubsub_topic", "id"),
    "subscription": ("google_pubsub_subscription", "name"),
}
SECRETS = ("google_secret_manager_secret_iam_member", "secret_id", "roles/secretmanager.secretAccessor")

Grant = tuple[str, str, str]
"""The type of a grant, the thing that it is about, and the role."""


def secret_ids(scene: Scene, name: str) -> dict[str, PlannedResource]:
    """Return the secrets that a container reads, by its environment variables. Raises MissingResourceError."""
    container = scene.deployment.containers[name]
    found = {
        key: scene.root.get("google_secret_manager_secret", label(secret)) for key, secret in container.secrets.items()
    }
    for _, database, _ in (item for item in scene.connections("databases") if item[0] == name):
        secret = scene.root.get("google_secret_manager_secret", f"{label(database)}_password")
        found[variable(database, "PASSWORD")] = secret
    return found


def pushed(scene: Scene, name: str, queue: str) -> bool:
    """Whether a queue starts a container: Pub/Sub pushes its messages, so the container may not pull any."""
    trigger = scene.deployment.containers[name].trigger
    return trigger is not None and trigger.queue == queue


def wanted_grants(scene: Scene, name: str) -> set[Grant]:
    """Return what is to be granted to a container."""
    found = {(SECRETS[0], secret.values["id"], SECRETS[2]) for secret in secret_ids(scene, name).values()}
    for section in ("buckets", "queues"):
        for _, thing, verb in (item for item in scene.connections(section) if item[0] == name):
            if pushed(scene, name, thing):
                continue
            type_, argument, role = ROLES[section, verb]
            kind, attribute = THINGS[argument]
            found.add((type_, scene.root.get(kind, label(thing)).values[attribute], role))
    found |= kept_grants(scene, name)
    one = run(scene, name)
    if isinstance(one, Machine):
        project = str(scene.deployment.targets.get("gcp").project)
        found |= {(MACHINES[0], project, role) for role in ON_THE_PROJECT}
        if scene.deployment.containers[name].image is None:
            found.add((MACHINES[1], scene.deployment.prefix, PULLS))
    return found


def containers_hold_only_their_grants(scene: Scene) -> Iterator[Seen]:
    """What is granted to the container's service account, on all things of all modules."""
    arguments = {type_: argument for type_, argument, _ in (*ROLES.values(), SECRETS)}
    arguments |= dict(zip(MACHINES, ("project", "repository"), strict=True))
    for name in scene.containers():
        member = run(scene, name).member
        found = {
            (grant.type, str(grant.at(arguments.get(grant.type, "id"))), str(grant.at("role")))
            for grant in grants(scene, member)
        }
        wanted = wanted_grants(scene, name)
        yield Seen.of(
            name,
            {
                f"lacks {sorted(wanted - found)}": bool(wanted - found),
                f"may do beside what the spec implies {sorted(found - wanted)}": bool(found - wanted),
            },
        )


def secrets_have_only_their_readers(scene: Scene) -> Iterator[Seen]:
    """Each secret variable comes from its secret, and nobody else is granted anything on a secret."""
    readers: dict[str, set[str]] = {}
    for name in scene.containers():
        one = run(scene, name)
        for key, secret in secret_ids(scene, name).items():
            readers.setdefault(secret.values["id"], set()).add(one.member)
            source = one.secrets.get(key, {})
            yield Seen.of(
                f"{key} of {name}",
                {
                    f"comes from {source.get('secret')}": source.get("secret") != secret.values["secret_id"],
                    "has no version, or whichever is the latest": source.get("version") in (None, "latest"),
                },
            )
    for secret in scene.root.of("google_secret_manager_secret"):
        granted = {
            (grant.at("member"), grant.at("role"))
            for grant in scene.root
            if grant.type.startswith("google_secret_manager_secret_iam")
            and grant.at("secret_id") == secret.values["id"]
        }
        wanted = {(member, SECRETS[2]) for member in readers.get(secret.values["id"], set())}
        yield Seen.of(secret.address, {f"is readable by {sorted(granted)}": granted != wanted})
