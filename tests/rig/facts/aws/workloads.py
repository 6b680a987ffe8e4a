"""Containers: ports, variables, privileges, how many run, and when."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from cloudgen.spec.containers import Container, Schedule
from rig.facts.aws.functions import function, started
from rig.facts.aws.runners import runner
from rig.facts.aws.tasks import task
from rig.facts.plan import PlannedResource
from rig.facts.scene import Scene, Seen, label, variable
from rig.facts.variables import expected, literals, referred, wrong_values

TRACKING = ("target_tracking_scaling_policy_configuration", "target_tracking_configuration")
"""What policies of tasks and of machines call what they follow."""


def health_check_asks_the_port(scene: Scene) -> Iterator[Seen]:
    """The target group asks the path at the container's own port."""
    routed = {route.container for route in scene.deployment.routes}
    for name, container in scene.containers("service").items():
        group = scene.root.get("aws_lb_target_group", label(name)) if name in routed else None
        one = runner(scene, name)
        faults = one.port_faults(container, group)
        if group is not None and not one.invoked:
            check = container.health_check
            faults |= {
                "another port is asked": group.at("health_check", "port")
                not in (None, "", "traffic-port", str(container.port)),
                "another path is asked": group.at("health_check", "path") != check.path,
                "it is asked at another interval": group.at("health_check", "interval") != check.interval,
                "another status counts": group.at("health_check", "matcher") != check.success,
            }
        yield Seen.of(name, faults)


def variables_arrive(scene: Scene) -> Iterator[Seen]:
    """The names are those of the contract, and the values those of the spec or of the resources."""
    for name, container in scene.containers().items():
        one = runner(scene, name)
        plain, secret = expected(scene, name)
        values = literals(scene, name)
        if container.port is not None:
            plain.add("PORT")
            values["PORT"] = str(container.port)
        start = one.told_of_start(container)
        plain |= set(start)
        values |= start
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
    """Roles of its own, no root, no new capabilities, nothing to write but /tmp, no shell from outside."""
    seen: set[str] = set()
    for name, container in scene.containers().items():
        one = runner(scene, name)
        roles = one.identities()
        shared = {"its role is shared with another container": bool(roles & seen)}
        yield Seen.of(name, one.privileges(container) | shared)
        seen |= roles


def capacity_is_as_written(scene: Scene) -> Iterator[Seen]:
    """Tasks run on Fargate or on machines of the cluster, and machines are on demand or spot, as the spec says."""
    for name in scene.containers():
        yield Seen.of(name, runner(scene, name).capacity_faults(scene))


def scaling_is_as_written(scene: Scene) -> Iterator[Seen]:
    """What runs is kept between min and max; it begins with min."""
    for name, container in scene.containers("service", "worker", "function").items():
        one = runner(scene, name)
        wanted = scene.deployment.scaling_of(container)
        # Where nothing would ever start the first one, there is one.
        least = wanted.min if any(change.min for change in wanted.schedules) else max(wanted.min, 1)
        fixed = least == wanted.max and not wanted.schedules
        faults = one.scaling_faults(scene, least, wanted.max, fixed=fixed)
        policies = one.policies(scene)
        still = {"nothing changes the number": not fixed and not policies and not wanted.schedules}
        yield Seen.of(name, faults | still | _queue_faults(scene, container, policies))


def _queue_faults(scene: Scene, container: Container, policies: Sequence[PlannedResource]) -> dict[str, bool]:
    """What is wrong with how it follows the messages that wait; nothing, where it does not."""
    messages = scene.deployment.scaling_of(container).messages_per_instance
    if messages is None or container.trigger is not None:
        return {}
    (queue,) = (use.name for use in container.connects_to if use.verb == "consume")
    name = scene.root.get("aws_sqs_queue", label(queue)).values["name"]
    tracked = [block for policy in policies for kind in TRACKING for block in policy.values.get(kind) or ()]
    targets = [block["target_value"] for block in tracked if f'"value": "{name}"' in json.dumps(block)]
    return {f"does not follow {queue}": targets != [messages]}


def jobs_run_as_written(scene: Scene) -> Iterator[Seen]:
    """EventBridge Scheduler starts the task at the times of the cron expression; timeout(1) ends it."""
    for name, container in scene.containers("job").items():
        schedule = container.schedule
        assert schedule is not None
        if scene.deployment.is_function(container):
            clock = scene.root.get("aws_scheduler_schedule", label(name))
            invoked = function(scene, name).definition
            yield Seen.of(
                name,
                {
                    **_clock_faults(clock, schedule),
                    "has another time to run": invoked.at("timeout") != min(schedule.timeout, 900),
                    "its start is not tried again": clock.at("target", "retry_policy", "maximum_retry_attempts")
                    != min(schedule.retries, 2),
                },
            )
            continue
        one = task(scene, name)
        command = one.container.get("command", [])
        # Only what cloudgen builds is known to have timeout(1), as a warning says.
        limited = container.built and container.command is not None
        yield Seen.of(
            name,
            {
                **_clock_faults(one.runner, schedule),
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


def events_start_their_function(scene: Scene) -> Iterator[Seen]:
    """Messages, objects and times start the alias; what fails is tried again, and kept."""
    for name, container in scene.containers("job", "function").items():
        if scene.deployment.is_function(container):
            yield from started(scene, name, container)


def _clock_faults(clock: PlannedResource, schedule: Schedule) -> dict[str, bool]:
    found = str(clock.at("schedule_expression")).removeprefix("cron(").removesuffix(")").split()
    minute, hour, _day, month, _weekday = str(schedule.cron).split()
    wanted = [_times(minute, 0, 59), _times(hour, 0, 23), _times(month, 1, 12)]
    return {
        "runs at other times": len(found) != 6
        or [_times(found[0], 0, 59), _times(found[1], 0, 23), _times(found[3], 1, 12)] != wanted,
        "runs in another time zone": clock.at("schedule_expression_timezone") != schedule.timezone,
    }


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
