"""The facts, one line each; the function that checks one has its name, in the module of its room, for each cloud.

`subjects` says how many things there are to look at, by the spec alone: a fact that sees fewer is broken, so none can
hold because it has looked at nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

from rig.facts.scene import Check, Scene

CLOUDS = ("aws", "gcp")
ROOMS = ("entrance", "workloads", "permissions", "data", "kept", "watching", "audit", "order", "foundation")


@dataclass(frozen=True)
class Fact:
    """Something that is true of every plan of every cloud."""

    room: str
    name: str
    demand: str
    subjects: Callable[[Scene], int]
    """How many things the spec has that the fact is about, at least."""
    clouds: tuple[str, ...] = CLOUDS
    """The clouds that have what it is about."""

    def on(self, cloud: str) -> Check:
        """Return what shows it on a cloud."""
        check: Check = getattr(room(cloud, self.room), self.name)
        return check


def room(cloud: str, name: str) -> ModuleType:
    """Return the module that shows the facts of a room on a cloud."""
    return import_module(f"rig.facts.{cloud}.{name}")


def containers(scene: Scene) -> int:
    return len(scene.containers())


def services(scene: Scene) -> int:
    return len(scene.containers("service"))


def routed(scene: Scene) -> int:
    return len({route.container for route in scene.deployment.routes})


def running(scene: Scene) -> int:
    return len(scene.containers("service", "worker"))


def on_containers(scene: Scene) -> int:
    """What runs always on the platform `containers`."""
    found = scene.containers("service", "worker", "function").values()
    return sum(1 for container in found if scene.deployment.platform(container) == "containers")


def jobs(scene: Scene) -> int:
    return len(scene.containers("job"))


def started(scene: Scene) -> int:
    """What events start, and what the clock starts as a function."""
    found = scene.containers("job", "function").values()
    return sum(1 for container in found if container.trigger or scene.deployment.is_function(container))


def balancer(scene: Scene) -> int:
    return 1 if scene.deployment.load_balancer else 0


def names(scene: Scene) -> int:
    """The listener or the URL map, and each alias that it knows."""
    balancer_ = scene.deployment.load_balancer
    return 1 + len(balancer_.aliases) if balancer_ and scene.deployment.routes else 0


def routes(scene: Scene) -> int:
    return len(scene.deployment.routes)


def databases(scene: Scene) -> int:
    return len(scene.deployment.storage.databases)


def caches(scene: Scene) -> int:
    return len(scene.deployment.storage.caches)


def queues(scene: Scene) -> int:
    return len(scene.deployment.storage.queues)


def buckets(scene: Scene) -> int:
    return len(scene.deployment.storage.buckets)


def buckets_and_state(scene: Scene) -> int:
    return buckets(scene) + state(scene)


def state(scene: Scene) -> int:
    return 1 if scene.deployment.state.backend == "remote" else 0


def connections(scene: Scene) -> int:
    return sum(1 for section in ("databases", "caches") for _ in scene.connections(section))


def secrets(scene: Scene) -> int:
    return sum(len(container.secrets) for container in scene.containers().values()) + sum(
        1 for _ in scene.connections("databases")
    )


def built(scene: Scene) -> int:
    return sum(1 for container in scene.containers().values() if container.built)


def addresses(scene: Scene) -> int:
    return len(scene.deployment.monitoring.alerts.email)


def watched(scene: Scene) -> int:
    """Each that runs always, each database, cache and queue has an alarm at least, if there is anybody to tell."""
    return running(scene) + databases(scene) + caches(scene) + queues(scene) if addresses(scene) else 0


def kept(scene: Scene) -> int:
    return sum(1 for _ in scene.kept())


def audit(scene: Scene) -> int:
    return 1 if scene.deployment.monitoring.audit else 0


def audit_alarms(scene: Scene) -> int:
    """Each has to tell every address; without addresses there are none."""
    return addresses(scene) * audit(scene)


FACTS = (
    Fact("entrance", "only_the_balancer_is_reachable", "nothing else takes a request from the internet", containers),
    Fact("entrance", "routes_lead_to_their_container", "each path ends at the container that the spec names", routes),
    Fact(
        "entrance", "plain_http_is_redirected", "HTTP answers with a redirect to HTTPS, where there is HTTPS", balancer
    ),
    Fact("entrance", "aliases_redirect", "further names lead here and redirect to the domain", names),
    Fact("entrance", "tls_is_modern", "TLS 1.2 at least, with a certificate for the domain", balancer),
    Fact("workloads", "health_check_asks_the_port", "the health check asks the container's port and path", services),
    Fact(
        "workloads", "variables_arrive", "each container gets its variables, and those of its connections", containers
    ),
    Fact("workloads", "nothing_runs_with_privileges", "an identity of its own, no root, no privileges", containers),
    Fact("workloads", "capacity_is_as_written", "on what the spec asks for, interruptible or not", containers),
    Fact("workloads", "scaling_is_as_written", "between min and max of the spec", running),
    Fact("workloads", "jobs_run_as_written", "by the clock, in the time zone and for the time of the spec", jobs),
    Fact(
        *("workloads", "commands_run_as_their_container", "with its image, account, network and environment"),
        on_containers,
        # On AWS they run in a task of the container's own definition.
        clouds=("gcp",),
    ),
    Fact("workloads", "events_start_their_function", "what the trigger names, and nothing is lost", started),
    Fact(
        "permissions", "containers_hold_only_their_grants", "exactly what connects_to implies, on it alone", containers
    ),
    Fact("permissions", "secrets_have_only_their_readers", "the right secret, readable by its containers", secrets),
    Fact("data", "databases_are_private", "no public address, no way in from outside of the network", databases),
    Fact("data", "databases_are_encrypted", "at rest with the key that the spec asks for, and in transit", databases),
    Fact("data", "databases_can_be_restored", "backups, point in time, standby and protection of the spec", databases),
    Fact("data", "only_connected_containers_get_through", "a network rule for each connection, no other", connections),
    Fact("data", "buckets_are_private", "no public access, whatever a policy says later", buckets_and_state),
    Fact("data", "buckets_are_encrypted", "with the key that the spec asks for", buckets_and_state),
    Fact("data", "buckets_keep_versions", "versioning and its end as in the spec", buckets),
    Fact("data", "caches_are_private_and_encrypted", "inside of the network, encrypted at rest", caches),
    Fact("data", "queues_keep_what_fails", "a dead-letter queue after max_deliveries, times of the spec", queues),
    Fact("kept", "kept_folders_are_mounted", "each at its path, on a store of its own", kept),
    Fact("kept", "kept_folders_are_private", "for their container alone, encrypted at rest and on the way", kept),
    Fact("kept", "kept_folders_can_be_restored", "backups, or older versions of what is in them", kept),
    Fact("watching", "alarms_watch_what_exists", "each label of an alarm names a thing of the plan", watched),
    Fact("watching", "alarms_tell_somebody", "each alarm reaches every address of the spec", watched),
    Fact("watching", "logs_are_kept_as_written", "the logs of each container, as long as the spec says", containers),
    Fact("audit", "changes_are_recorded", "by everybody, of every service, everywhere in the account", audit),
    Fact("audit", "records_are_guarded", "private, encrypted, for a year at least, not destroyed by mistake", audit),
    Fact("audit", "tampering_is_told", "whoever switches the record off is told of, to every address", audit_alarms),
    Fact("order", "logs_exist_before_their_writers", "what writes a log depends on where it goes", containers),
    Fact("order", "the_way_in_exists_first", "what traffic comes through is there in time", routed),
    Fact(
        "order", "grants_exist_before_their_users", "a container waits for its permissions and connections", containers
    ),
    Fact("order", "foundations_exist_first", "APIs, gateways and keys come before what uses them", containers),
    Fact("foundation", "labels_reach_everything", "the labels of the spec are on all that can have some", containers),
    Fact("foundation", "state_is_guarded", "the state is private, versioned and not destroyed by mistake", state),
    Fact("foundation", "images_stay_what_they_are", "a registry for the images that are built, kept private", built),
    Fact(
        "foundation",
        "keys_rotate",
        "a key of one's own is renewed, and not destroyed at once",
        lambda scene: scene.own_key,
    ),
)
"""What holds on every cloud that has what it is about."""


def facts_of(cloud: str) -> tuple[Fact, ...]:
    """The facts of a cloud."""
    return tuple(fact for fact in FACTS if cloud in fact.clouds)
