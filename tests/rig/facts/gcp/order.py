"""What has to exist before what: the first apply works only if Terraform knows these dependencies."""

from __future__ import annotations

from collections.abc import Iterator

from rig.facts.gcp.entrance import serving
from rig.facts.gcp.finding import run
from rig.facts.gcp.permissions import pushed
from rig.facts.gcp.runs import grants
from rig.facts.scene import Scene, Seen, label

CONNECTED = {
    "databases": ("google_sql_database_instance", "google_sql_database", "google_sql_user"),
    "buckets": ("google_storage_bucket",),
    "caches": ("google_memorystore_instance",),
    "queues": ("google_pubsub_topic", "google_pubsub_subscription"),
}
WITHOUT_API = ("google_project_service", "time_sleep", "random_id", "terraform_data")
"""What needs no API of its own: the APIs themselves, and what is made by Terraform alone."""


def logs_exist_before_their_writers(scene: Scene) -> Iterator[Seen]:
    """Cloud Run writes to no resource of ours; what has to exist is the bucket, before the sink that fills it."""
    sink = scene.root.only("google_logging_project_sink")
    bucket = scene.root.only("google_logging_project_bucket_config")
    for name in scene.containers():
        yield Seen.of(name, {"the sink of its logs may come before their bucket": not sink.is_after(bucket.address)})


def the_way_in_exists_first(scene: Scene) -> Iterator[Seen]:
    """The address opens last: the forwarding rule waits for the URL map, and this for each backend and service."""
    if not scene.deployment.routes:
        return
    url_map = serving(scene)
    opening = scene.root.only("google_compute_global_forwarding_rule", port_range="443" if scene.https else "80")
    for name in sorted({route.container for route in scene.deployment.routes}):
        service = run(scene, name).resource.address
        yield Seen.of(
            name,
            {
                "its routes may exist before it": not url_map.is_after(service),
                "users may come before its routes": not opening.is_after(url_map.address, service),
            },
        )


def grants_exist_before_their_users(scene: Scene) -> Iterator[Seen]:
    """What is granted to it, the values of secrets, and what it connects to come before the first instance."""
    for name, container in scene.containers().items():
        one = run(scene, name)
        held = [grant.address for grant in grants(scene, one.member)]
        values = [f"google_secret_manager_secret_version.{label(secret)}" for secret in container.secrets.values()]
        things: list[str] = []
        for section, types in CONNECTED.items():
            for _, thing, _ in (item for item in scene.connections(section) if item[0] == name):
                # A subscription that starts it has its address, and so comes after it.
                started = section == "queues" and pushed(scene, name, thing)
                things += [f"{type_}.{label(thing)}" for type_ in types[: 1 if started else None]]
        late = sorted(address for address in (*held, *values, *things) if not one.resource.is_after(address))
        yield Seen.of(name, {f"{late} may come later": bool(late)})


def foundations_exist_first(scene: Scene) -> Iterator[Seen]:
    """All that has an API waits for the APIs; what runs waits for its way out, and for the rules that it needs."""
    for module in scene.modules:
        apis = [api.address for api in module.of("google_project_service")]
        for resource in module:
            if resource.type not in WITHOUT_API:
                yield Seen.of(
                    resource.address,
                    {
                        "its API may be off": not any(resource.is_after(api) for api in apis),
                        "its API may just be coming up": bool(module.of("time_sleep"))
                        and not resource.is_after("time_sleep.apis"),
                    },
                )
    ways = [nat.address for nat in scene.root.of("google_compute_router_nat")]
    for name in scene.containers():
        one = run(scene, name)
        rules = [
            rule.address
            for rule in scene.root.of("google_compute_firewall")
            if one.name in (rule.at("target_tags") or []) and rule.at("allow")
        ]
        late = sorted(address for address in (*ways, *rules) if not one.resource.is_after(address))
        yield Seen.of(name, {f"{late} may come later": bool(late)})
