"""What holds for functions on every cloud: what starts one, how an event arrives, and what cannot be one.

A function is a container that runs while a request, an event or a run by the clock is handled, and serves HTTP: events
arrive as `POST /events`, one CloudEvent each. docs/functions.md is the contract.
"""

from __future__ import annotations

from collections.abc import Mapping

from cloudgen.spec.containers import Container
from cloudgen.spec.deployment import Deployment
from cloudgen.stack.base import Problems
from cloudgen.stack.parity import Support, Table, exact, ignored, in_some_cases, unsupported
from cloudgen.stack.workload import Wanted

PATH = "/events"
"""Where events arrive."""

PORT = 8080
"""The port of a container that has none of its own: what events and times start."""

SERVER_PORT = 8081
"""The port of the server behind the part of the image that takes events at `PORT`."""

HAND_OVER = ("/usr/local/bin/python3", "-I", "/usr/local/bin/events.py")
"""The program in the image that takes events, starts the server in its arguments, and hands the events to it."""

SOURCE = "EVENT_SOURCE"
"""The variable that tells what starts the container, in the words of the spec: `/queues/jobs`."""

EVENT_TIMEOUT = 60
"""Seconds that the event of an object may take, where the trigger does not say."""

SPEC_VERSION = "1.0"
"""https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md."""


def by_events(deployment: Deployment, container: Container) -> bool:
    """Whether events or the clock start a container that serves, rather than visitors."""
    return container.trigger is not None or (container.schedule is not None and deployment.is_function(container))


def port(wanted: Wanted) -> int:
    """The port that the container listens on."""
    return wanted.spec.port or PORT


def source(wanted: Wanted) -> str | None:
    """What starts the container, as CloudEvents names a source; None for what visitors start.

    The same on every cloud, whatever a queue is called there.
    """
    trigger = wanted.spec.trigger
    if trigger is not None:
        return f"/queues/{trigger.queue}" if trigger.queue else f"/buckets/{trigger.bucket}"
    return f"/schedules/{wanted.name}" if wanted.spec.schedule else None


def event_timeout(wanted: Wanted) -> int | None:
    """The seconds that one event of a bucket or queue may take; None for what no trigger starts."""
    trigger = wanted.spec.trigger
    if trigger is None:
        return None
    if trigger.queue is not None:
        return wanted.storage.queues[trigger.queue].ack_deadline
    return trigger.timeout or EVENT_TIMEOUT


def scheduled_event(wanted: Wanted, time: str) -> Mapping[str, str]:
    """The event of a run by the clock; `time` is when it is due, or what a cloud puts that time in for.

    The time is the id, too: a run that is tried again has the same one.
    https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
    """
    return {
        "specversion": SPEC_VERSION,
        "id": time,
        "type": "schedule",
        "source": f"/schedules/{wanted.name}",
        "time": time,
    }


def example_event(wanted: Wanted) -> Mapping[str, object]:
    """An event as the server gets it, to be sent by hand."""
    time, trigger = "2026-11-30T02:00:00Z", wanted.spec.trigger
    if trigger is None:
        return scheduled_event(wanted, time)
    kind = "queue.message" if trigger.queue else "bucket.object.created"
    event = {"specversion": SPEC_VERSION, "id": "1", "type": kind, "source": source(wanted), "time": time}
    if trigger.queue:
        return {**event, "datacontenttype": "text/plain", "data": "the message, as it was sent"}
    key = f"{trigger.prefix or ''}example.txt"
    data = {"bucket": trigger.bucket, "key": key, "size": 5}
    return {**event, "subject": key, "datacontenttype": "application/json", "data": data}


def refuse_idle(wanted: Wanted, problems: Problems) -> None:
    """Record a problem for what nothing starts, and for a program that ends instead of answering."""
    if wanted.kind == "worker":
        problems.error(
            "unsupported",
            f"nothing starts `{wanted.name}`: a function runs for a request, an event or by the clock",
            wanted.at("platform"),
            "give it a port, a trigger or a schedule, or write platform: containers for it",
        )
    if wanted.kind == "job" and wanted.spec.command is not None:
        problems.error(
            "unsupported",
            f"`{wanted.name}` runs a command, and a function answers POST {PATH}",
            ("containers", wanted.name, "command"),
            "write platform: containers for it, which costs nothing between two runs either; "
            "or serve the app, without a command",
        )


def tell_loop(wanted: Wanted, problems: Problems) -> None:
    """Warn of a function that writes to the bucket whose new objects start it: what it writes may start it again."""
    trigger = wanted.spec.trigger
    if trigger is None or trigger.bucket is None or trigger.prefix is not None:
        return
    if any(use.name == trigger.bucket and use.verb in {None, "write"} for use in wanted.uses):
        problems.warning(
            "starts-itself",
            f"`{wanted.name}` may write to `{trigger.bucket}`, and each new object there starts it, its own too",
            ("containers", wanted.name, "trigger", "bucket"),
            "add a prefix to the trigger, such as uploads/, and write elsewhere; or write to another bucket",
        )


def refuse_foreign_image(wanted: Wanted, problems: Problems) -> None:
    """Record a problem where events would need what stands in the images that cloudgen makes."""
    if not wanted.spec.built and source(wanted) is not None:
        key = "image" if wanted.spec.image else "dockerfile" if wanted.spec.dockerfile else "build"
        problems.error(
            "unsupported",
            f"`{wanted.name}` is started by events, which a part of the image turns into requests, "
            "and cloudgen does not make this image",
            ("containers", wanted.name, key),
            'let cloudgen write the Dockerfile, or let a worker consume a queue, by connects_to: ["jobs:consume"]',
        )


def parity(cloud: str) -> Table:
    """What the platform `functions` does alike on every cloud; `cloud` is the name of the target."""
    capacity = exact(
        "a function is serverless",
        **{
            name: ignored("a function is serverless", "remove it, or write platform: containers")
            for name in ("instances", "spot", "spot_instances")
        },
    )
    dockerfile = exact("in the Dockerfile, which is the same for every target")
    built = ("python", "package_manager", "app", "interface", "packages", "build_packages", "requirements", "extras")
    front = tuple(f"front_end.{each}" for each in ("folder", "node", "package_manager", "script"))
    build = (*built, *front, "groups", "member", "index.url", "index.default", "workdir", "python_path", "steps")
    one = "as many run as requests and events take, up to max; none while none comes"
    own = in_some_cases("unsupported", "deploy.sh builds the image from it; events take an image of cloudgen's")
    scaling: dict[str, Support] = {}
    for section in ("scaling", "containers.*.scaling"):
        for field in ("cpu", "requests_per_instance", "messages_per_instance"):
            scaling[f"{section}.{field}"] = ignored(one)
        for field in ("cron", "timezone", "min", "max"):
            scaling[f"{section}.schedules.{field}"] = ignored("a function needs no capacity beforehand")
    return {
        "compute.capacity": capacity,
        "containers.*.capacity": capacity,
        "compute.kubernetes": unsupported(
            f"a cluster of Kubernetes is not supported on {cloud} yet", "remove the section"
        ),
        "containers.*.build.context": exact("the folder that deploy.sh builds the image from"),
        **{f"containers.*.build.{field}": dockerfile for field in build},
        "containers.*.build.index.login": exact("a build secret that deploy.sh hands to docker build"),
        "containers.*.build.dockerfile": own,
        "containers.*.build.target": exact("an option of docker build in deploy.sh"),
        "containers.*.build.args": exact("options of docker build in deploy.sh"),
        "containers.*.dockerfile": own,
        "containers.*.release": unsupported(
            f"a release command of a function is not supported on {cloud} yet",
            "give it to a container with platform: containers, or run it from your pipeline",
        ),
        "containers.*.replicas": unsupported(
            "exactly_one cannot be a function: another one starts for each request that comes meanwhile",
            "write platform: containers for it",
        ),
        "containers.*.trigger.bucket": exact(f"POST {PATH} for each new object"),
        "containers.*.trigger.queue": exact(f"POST {PATH} for each message: its text, without attributes"),
        "containers.*.trigger.prefix": exact("events of other objects are not sent"),
        "containers.*.trigger.timeout": exact("an event that takes longer has failed, and is tried again"),
        **scaling,
    }
