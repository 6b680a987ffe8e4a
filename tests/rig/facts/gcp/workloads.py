"""Containers: ports, variables, privileges, how many run, and when."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

from cloudgen.spec.containers import Schedule
from cloudgen.stack import contract
from rig.facts.gcp.events import started_by_events
from rig.facts.gcp.finding import on_cloud_run, run
from rig.facts.gcp.functions import Function
from rig.facts.gcp.runs import TYPES, Run, grants
from rig.facts.plan import PlannedResource
from rig.facts.scene import Scene, Seen, label, variable
from rig.facts.variables import expected, literals, referred, wrong_values

TRUSTED = "FORWARDED_ALLOW_IPS"
"""By which a server is told whose X-Forwarded headers count."""


def health_check_asks_the_port(scene: Scene) -> Iterator[Seen]:
    """Whoever asks, asks the path at the container's own port; on machines these are two, the patient one replaces."""
    for name, container in scene.containers("service").items():
        one = run(scene, name)
        groups = one.groups(scene.root)
        checks = [
            check
            for backend in scene.root.of("google_compute_backend_service")
            if [block["group"] for block in backend.blocks("backend")] == groups
            for check in scene.root.of("google_compute_health_check")
            if check.values["id"] in (backend.at("health_checks") or [])
        ]
        yield Seen.of(name, dict(one.asks(container, checks)))


def variables_arrive(scene: Scene) -> Iterator[Seen]:
    """The names are those of the contract, the values those of the spec or of the resources. Cloud Run sets PORT."""
    for name in scene.containers():
        one = run(scene, name)
        plain, secret = expected(scene, name)
        values = literals(scene, name)
        for _, database, _ in (item for item in scene.connections("databases") if item[0] == name):
            server = scene.root.get("google_sql_database_instance", label(database))
            values[variable(database, "HOST")] = server.values["private_ip_address"]
        for _, bucket, _ in (item for item in scene.connections("buckets") if item[0] == name):
            values[variable(bucket, "BUCKET")] = scene.root.get("google_storage_bucket", label(bucket)).values["name"]
        for _, queue, verb in (item for item in scene.connections("queues") if item[0] == name):
            type_ = {"publish": "google_pubsub_topic", "consume": "google_pubsub_subscription"}[verb]
            values[variable(queue, "QUEUE")] = scene.root.get(type_, label(queue)).values["id"]
        if behind_the_balancer(scene, name):
            address = scene.root.get("google_compute_global_address", "load_balancer").values["address"]
            plain.add(TRUSTED)
            values[TRUSTED] = ",".join((*contract.PROXIES, address))
        wrong = wrong_values(one.variables, set(one.secrets), plain, secret, values)
        yield Seen.of(name, {**wrong, **referred(scene, name, values, one.variables)})


def behind_the_balancer(scene: Scene, name: str) -> bool:
    """Whether a server has to believe the load balancer's X-Forwarded-For: that of an image of cloudgen's."""
    container = scene.deployment.containers[name]
    routed = name in {route.container for route in scene.deployment.routes}
    return routed and container.built and TRUSTED not in container.environment


def nothing_runs_with_privileges(scene: Scene) -> Iterator[Seen]:
    """A service account of its own, to which nothing is granted on the whole project but what a machine is heard by."""
    seen: set[str] = set()
    for name in scene.containers():
        one = run(scene, name)
        account = scene.root.get("google_service_account", label(name)).values["email"]
        held = [grant for grant in grants(scene, one.member) if grant.type.startswith("google_project_iam")]
        whole = [grant.address for grant in held if grant.at("role") not in one.wanted_on_project()]
        yield Seen.of(
            name,
            {
                "runs as another account, or as the default one": one.account != account,
                "shares its account with another container": account in seen,
                f"holds {whole} on the whole project": bool(whole),
                **dict(one.privileges()),
            },
        )
        seen.add(account)


def capacity_is_as_written(scene: Scene) -> Iterator[Seen]:
    """Machines are spot or not, as the spec says; Cloud Run has one kind of capacity."""
    for name, container in scene.containers().items():
        wanted = scene.deployment.capacity(container) in {"spot", "spot_instances"}
        yield Seen.of(
            name, {"runs on spot machines or on others, unlike the spec": run(scene, name).spot not in (None, wanted)}
        )


def scaling_is_as_written(scene: Scene) -> Iterator[Seen]:
    """A service stays between min and max; so does a worker pool, with one instance at least, or it keeps them."""
    for name, container in scene.containers("service", "worker", "function").items():
        least, most, wanted = run(scene, name).limits(scene.deployment.scaling_of(container))
        yield Seen.of(name, {f"scales between {least} and {most}": (least, most) != wanted})


def jobs_run_as_written(scene: Scene) -> Iterator[Seen]:
    """Cloud Scheduler starts the job or function by the cron expression itself; what fails is repeated."""
    for name, container in scene.containers("job").items():
        clock = scene.root.get("google_cloud_scheduler_job", label(name))
        schedule = container.schedule
        assert schedule is not None
        yield Seen.of(
            name,
            {
                "runs at other times": clock.at("schedule") != str(schedule.cron),
                "runs in another time zone": clock.at("time_zone") != schedule.timezone,
                **(_function_run(scene, name, clock, schedule) or _job_run(scene, name, clock, schedule)),
            },
        )


def _job_run(scene: Scene, name: str, clock: PlannedResource, schedule: Schedule) -> dict[str, bool]:
    """Return what is wrong with a job: Cloud Run ends and repeats it."""
    one, command = on_cloud_run(scene, name), scene.deployment.containers[name].command
    return {
        "starts something else": f"{one.resource.values['id']}:run" not in str(clock.at("http_target", "uri")),
        "is not stopped in time": one.at("timeout") != f"{schedule.timeout}s",
        "its command is another one": command is not None
        and one.at("containers", "args") != command
        and one.at("containers", "command") != command,
        "is repeated another number of times": one.at("max_retries") != schedule.retries,
    }


def commands_run_as_their_container(scene: Scene) -> Iterator[Seen]:
    """A job beside what runs always: nothing but name and command is its own, and it is not repeated by itself."""
    for name, container in scene.containers("service", "worker", "function").items():
        if scene.deployment.platform(container) != "containers":
            continue
        label_ = f"{label(name)}_{'run' if container.release is None else 'release'}"
        one = on_cloud_run(scene, name)
        job = Run(scene.root.get(TYPES["job"], label_), ("template", "template"))
        network = ("vpc_access", "network_interfaces")
        yield Seen.of(
            name,
            {
                "runs another image": job.at("containers", "image") != one.at("containers", "image"),
                "runs as another account": job.account != one.account,
                "has other variables": job.variables != one.variables,
                "has other secrets": job.secrets != one.secrets,
                "has another size": any(
                    job.at("containers", "resources", "limits", what)
                    != one.at("containers", "resources", "limits", what)
                    for what in ("cpu", "memory")
                ),
                "carries another tag": job.at(*network, "tags") != one.at(*network, "tags"),
                "goes around the network": job.at("vpc_access", "egress") != "ALL_TRAFFIC",
                "runs something by itself": job.at("containers", "args") != (container.release or ["true"]),
                "is repeated": job.at("max_retries") != 0,
            },
        )


def _function_run(scene: Scene, name: str, clock: PlannedResource, schedule: Schedule) -> dict[str, bool]:
    """Return what is wrong with a function: Cloud Scheduler waits for it and repeats it, up to its own limits."""
    one = run(scene, name)
    if not isinstance(one, Function):
        return {}
    seconds = f"{min(schedule.timeout, 1800)}s"
    event = json.loads(base64.b64decode(str(clock.at("http_target", "body"))))
    return {
        "sends no event": (event.get("type"), event.get("source")) != ("schedule", f"/schedules/{name}"),
        "is not stopped in time": {one.at("timeout"), clock.at("attempt_deadline")} != {seconds},
        "is repeated another number of times": clock.at("retry_config", "retry_count") != min(schedule.retries, 5),
    }


def events_start_their_function(scene: Scene) -> Iterator[Seen]:
    """Pub/Sub pushes messages and the news of objects, and Cloud Scheduler sends an event; each may call."""
    yield from started_by_events(scene)
    for name in scene.containers("job"):
        one = run(scene, name)
        if isinstance(one, Function):
            clock = scene.root.get("google_cloud_scheduler_job", label(name))
            yield Seen.of(name, one.starts(scene, name, clock, "http_target.uri", "http_target.oidc_token"))
