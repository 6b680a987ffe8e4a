"""Containers: ports, variables, privileges, how many run, and when."""

from __future__ import annotations

from collections.abc import Iterator

from cloudgen.stack import contract
from rig.facts.gcp.runs import grants, run
from rig.facts.scene import Scene, Seen, label, variable
from rig.facts.variables import expected, literals, referred, wrong_values

MOST_PATIENCE = 240
"""Seconds that Cloud Run gives a new instance at most, as a warning tells."""
TRUSTED = "FORWARDED_ALLOW_IPS"
"""By which a server is told whose X-Forwarded headers count."""


def health_check_asks_the_port(scene: Scene) -> Iterator[Seen]:
    """Both probes ask the path at the container's own port, which Cloud Run takes where none is named."""
    for name, container in scene.containers("service").items():
        one = run(scene, name)
        check = container.health_check
        probes = ("startup_probe", "liveness_probe")
        ports = [one.at("containers", probe, "http_get", "port") for probe in probes]
        paths = [one.at("containers", probe, "http_get", "path") for probe in probes]
        starting = one.at("containers", "startup_probe") or [{}]
        patience = (starting[0].get("period_seconds") or 0) * (starting[0].get("failure_threshold") or 0)
        yield Seen.of(
            name,
            {
                "listens on another port": one.at("containers", "ports", "container_port") != container.port,
                "another port is asked": any(port not in (None, 0, container.port) for port in ports),
                f"the paths {paths} are asked": paths != [check.path, check.path],
                "it is asked at another interval": one.at("containers", "liveness_probe", "period_seconds")
                != check.interval,
                "a new instance has less time to start": patience < min(check.grace_period, MOST_PATIENCE),
            },
        )


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
    """Whether a server reads X-Forwarded-For and so has to believe the load balancer: that of an ASGI application."""
    container = scene.deployment.containers[name]
    build = container.build_or_default if container.built and container.command is None else None
    routed = name in {route.container for route in scene.deployment.routes}
    return routed and build is not None and build.interface == "asgi" and TRUSTED not in container.environment


def nothing_runs_with_privileges(scene: Scene) -> Iterator[Seen]:
    """A service account of its own, to which nothing is granted on the whole project."""
    seen: set[str] = set()
    for name in scene.containers():
        one = run(scene, name)
        account = scene.root.get("google_service_account", label(name)).values["email"]
        whole = [grant.address for grant in grants(scene, one.member) if grant.type.startswith("google_project_iam")]
        yield Seen.of(
            name,
            {
                "runs as another account, or as the default one": one.at("service_account") != account,
                "shares its account with another container": account in seen,
                f"holds {whole} on the whole project": bool(whole),
                "people get a shell in it": one.resource.at("ssh_enabled") is True,
            },
        )
        seen.add(account)


def scaling_is_as_written(scene: Scene) -> Iterator[Seen]:
    """A service stays between min and max; so does a worker pool, with one instance at least, or it keeps them."""
    for name, container in scene.containers("service", "worker").items():
        one = run(scene, name)
        wanted = scene.deployment.scaling_of(container)
        service = container.kind == "service"
        found = (one.at("scaling", "min_instance_count") or 0, one.at("scaling", "max_instance_count"))
        limits = (max(wanted.min, 1), max(wanted.max, 1))
        pool = [one.resource.at("scaling", f"{which}_instance_count") for which in ("manual", "min", "max")]
        kept = (pool[0], pool[0]) if one.resource.at("scaling", "scaling_mode") == "MANUAL" else (pool[1], pool[2])
        yield Seen.of(
            name,
            {
                f"scales between {found}": service and found != (wanted.min, wanted.max),
                f"keeps {kept} instances": not service and kept != limits,
            },
        )


def jobs_run_as_written(scene: Scene) -> Iterator[Seen]:
    """Cloud Scheduler starts the job by the cron expression itself; Cloud Run ends and repeats it."""
    for name, container in scene.containers("job").items():
        one = run(scene, name)
        clock = scene.root.get("google_cloud_scheduler_job", label(name))
        schedule = container.schedule
        assert schedule is not None
        yield Seen.of(
            name,
            {
                "runs at other times": clock.at("schedule") != str(schedule.cron),
                "runs in another time zone": clock.at("time_zone") != schedule.timezone,
                "starts something else": f"{one.resource.values['id']}:run" not in str(clock.at("http_target", "uri")),
                "is not stopped in time": one.at("timeout") != f"{schedule.timeout}s",
                "its command is another one": container.command is not None
                and one.at("containers", "args") != container.command
                and one.at("containers", "command") != container.command,
                "is repeated another number of times": one.at("max_retries") != schedule.retries,
            },
        )
