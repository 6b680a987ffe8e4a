"""Containers: ports, variables, privileges, how many run, and when."""

from __future__ import annotations

from collections.abc import Iterator

from rig.facts.aws.tasks import task
from rig.facts.scene import Scene, Seen, label, variable
from rig.facts.variables import expected, literals, referred, wrong_values

UNUSED_PORT = 80
"""Of a target group whose targets register by address, each with its own port."""


def health_check_asks_the_port(scene: Scene) -> Iterator[Seen]:
    """The target group asks the path at the container's own port."""
    routed = {route.container for route in scene.deployment.routes}
    for name, container in scene.containers("service").items():
        one = task(scene, name)
        ports = [mapping.get("containerPort") for mapping in one.container.get("portMappings", [])]
        faults = {"the task opens other ports": ports != [container.port]}
        if name in routed:
            group = scene.root.get("aws_lb_target_group", label(name))
            check = container.health_check
            faults |= {
                "the target group is replaced when the port changes": group.at("port") != UNUSED_PORT,
                "the load balancer talks to another port": one.runner.at("load_balancer", "container_port")
                != container.port,
                "another port is asked": group.at("health_check", "port")
                not in (None, "", "traffic-port", str(container.port)),
                "another path is asked": group.at("health_check", "path") != check.path,
                "it is asked at another interval": group.at("health_check", "interval") != check.interval,
                "another status than 200 counts": group.at("health_check", "matcher") != "200",
                "a new task has another time to start": one.runner.at("health_check_grace_period_seconds")
                != check.grace_period,
            }
        yield Seen.of(name, faults)


def variables_arrive(scene: Scene) -> Iterator[Seen]:
    """The names are those of the contract, and the values those of the spec or of the resources."""
    for name, container in scene.containers().items():
        one = task(scene, name)
        plain, secret = expected(scene, name)
        values = literals(scene, name)
        if container.port is not None:
            plain.add("PORT")
            values["PORT"] = str(container.port)
        for _, database, _ in (item for item in scene.connections("databases") if item[0] == name):
            server = scene.root.get("aws_db_instance", label(database))
            values[variable(database, "HOST")] = server.values["address"]
            values[variable(database, "PORT")] = str(server.values["port"])
        for _, bucket, _ in (item for item in scene.connections("buckets") if item[0] == name):
            values[variable(bucket, "BUCKET")] = scene.root.get("aws_s3_bucket", label(bucket)).values["bucket"]
        for _, cache, _ in (item for item in scene.connections("caches") if item[0] == name):
            group = scene.root.get("aws_elasticache_replication_group", label(cache))
            values[variable(cache, "HOST")] = group.values["primary_endpoint_address"]
            values[variable(cache, "TLS")] = "true"
        for _, queue, _ in (item for item in scene.connections("queues") if item[0] == name):
            values[variable(queue, "QUEUE")] = scene.root.get("aws_sqs_queue", label(queue)).values["url"]
        wrong = wrong_values(one.variables, set(one.secrets), plain, secret, values)
        yield Seen.of(name, {**wrong, **referred(scene, name, values, one.variables)})


def nothing_runs_with_privileges(scene: Scene) -> Iterator[Seen]:
    """Two roles of its own, no root, no new capabilities, nothing to write but /tmp, no shell from outside."""
    seen: set[str] = set()
    for name, container in scene.containers().items():
        one = task(scene, name)
        roles = {str(one.definition.at("task_role_arn")), str(one.definition.at("execution_role_arn"))}
        user = str(one.container.get("user", "")).partition(":")[0]
        ours = container.built or container.user is not None
        yield Seen.of(
            name,
            {
                "one role is both, or shared with another container": len(roles) != 2 or bool(roles & seen),
                "runs as root": user in {"0", "root"} or (ours and not user),
                "is privileged": bool(one.container.get("privileged")),
                "has additional capabilities": bool(
                    one.container.get("linuxParameters", {}).get("capabilities", {}).get("add")
                ),
                "its root file system is not as the spec says": bool(one.container.get("readonlyRootFilesystem"))
                != container.is_read_only,
                "does not have a network interface of its own": one.definition.at("network_mode") != "awsvpc",
                "people get a shell in it": bool(one.runner.at("enable_execute_command")),
            },
        )
        seen |= roles


def scaling_is_as_written(scene: Scene) -> Iterator[Seen]:
    """Application Auto Scaling keeps the service between min and max; it begins with min."""
    for name, container in scene.containers("service", "worker").items():
        service = task(scene, name).runner
        wanted = scene.deployment.scaling_of(container)
        targets = [
            target
            for target in scene.root.of("aws_appautoscaling_target")
            if target.at("resource_id").endswith(f"/{name}")
        ]
        found = [(target.at("min_capacity"), target.at("max_capacity")) for target in targets]
        # Where nothing would ever start the first task, there is one.
        least = wanted.min if any(change.min for change in wanted.schedules) else max(wanted.min, 1)
        fixed = least == wanted.max and not wanted.schedules
        policies = [
            policy
            for policy in scene.root.of("aws_appautoscaling_policy")
            if policy.at("resource_id").endswith(f"/{name}")
        ]
        yield Seen.of(
            name,
            {
                f"scales between {found}": found != [(least, wanted.max)] and not (fixed and not found),
                "begins with another number": service.at("desired_count") != least,
                "nothing changes the number": not fixed and not policies and not wanted.schedules,
                "what is broken is not rolled back": service.at("deployment_circuit_breaker", "rollback") is not True,
            },
        )


def jobs_run_as_written(scene: Scene) -> Iterator[Seen]:
    """EventBridge Scheduler starts the task at the times of the cron expression; timeout(1) ends it."""
    for name, container in scene.containers("job").items():
        one = task(scene, name)
        schedule = container.schedule
        assert schedule is not None
        found = str(one.runner.at("schedule_expression")).removeprefix("cron(").removesuffix(")").split()
        minute, hour, _day, month, _weekday = str(schedule.cron).split()
        wanted = [_times(minute, 0, 59), _times(hour, 0, 23), _times(month, 1, 12)]
        command = one.container.get("command", [])
        # Only what cloudgen builds is known to have timeout(1), as a warning says.
        limited = container.built and container.command is not None
        yield Seen.of(
            name,
            {
                "runs at other times": len(found) != 6
                or [_times(found[0], 0, 59), _times(found[1], 0, 23), _times(found[3], 1, 12)] != wanted,
                "runs in another time zone": one.runner.at("schedule_expression_timezone") != schedule.timezone,
                "is not stopped in time": limited
                and (command[:1] != ["timeout"] or f"{schedule.timeout}s" not in command),
                "its command is another one": container.command is not None
                and command[-len(container.command) :] != container.command,
                "its start is not tried again": one.runner.at("target", "retry_policy", "maximum_retry_attempts")
                != schedule.retries,
                "is started with another task definition": one.runner.at(
                    "target", "ecs_parameters", "task_definition_arn"
                )
                not in (one.definition.values["arn"], one.definition.values["arn_without_revision"]),
            },
        )


def _times(field: str, low: int, high: int) -> set[int]:
    """The numbers that a field of a cron expression stands for: AWS writes `0/5` for `*/5`."""
    found: set[int] = set()
    for item in field.split(","):
        span, _, step = item.partition("/")
        first, _, last = span.partition("-")
        start = low if first == "*" else int(first)
        stop = int(last) if last else high if first == "*" or step else start
        found.update(range(start, stop + 1, int(step or 1)))
    return found
