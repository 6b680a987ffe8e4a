"""How events reach what they start on this machine: by a service that delivers them, and by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from cloudgen.dataclass import dataclass
from cloudgen.spec.build import Build
from cloudgen.spec.deployment import Deployment
from cloudgen.stack import contract, functions
from cloudgen.stack.docker.deliveries import Delivery
from cloudgen.stack.docker.local_service import COMPLETED, HARDENED, conditions
from cloudgen.stack.docker.local_services import LocalServices
from cloudgen.stack.docker.stand_ins import DEAD_LETTERS, SQS, Setup, bucket_name, client, queue_url
from cloudgen.stack.docker.versions import python_image
from cloudgen.stack.text import Markdown
from cloudgen.stack.workload import Wanted

SCRIPT = "deliver.py"
"""What delivers, as a file of the output."""


@dataclass(frozen=True)
class Event:
    """Commands for whoever tries what starts a container."""

    container: str
    post: Markdown
    """Posts an example of an event by hand."""
    send: Markdown | None = None
    """Sends a message, or puts an object, which is delivered; None for what the clock starts."""
    dead_letters: Markdown | None = None
    """Shows what failed every time."""


def deliverer(deployment: Deployment, deliveries: Sequence[Delivery], found: LocalServices) -> Mapping[str, Any]:
    """Return the compose service that delivers, by its name; nothing where there is nothing to deliver."""
    if found.deliverer is None or found.setup is None:
        return {}
    builds = [build for each in deliveries if (build := each.container.spec.build_or_default)]
    command = ["python", "-I", f"/{SCRIPT}"]
    for each in deliveries:
        address = f"http://{each.container.name}:{functions.port(each.container)}"
        place = [f"{bucket_name(deployment, each.bucket)}/{each.prefix}"] if each.bucket else []
        command += ["--bucket" if place else "--queue", *place, each.queue, address, str(each.seconds)]
    service = {
        # It is below their images anyway.
        "image": python_image((builds or [Build()])[0].python),
        "command": command,
        "volumes": [f"./{SCRIPT}:/{SCRIPT}:ro"],
        "environment": client(found.setup.endpoints),
        "user": f"{contract.IMAGE_USER}:{contract.IMAGE_USER}",
        "init": True,
        "read_only": True,
        "depends_on": conditions({found.setup.service: COMPLETED}),
        **HARDENED,
    }
    return {found.deliverer: service}


def event(
    deployment: Deployment, container: Wanted, port: int, deliveries: Sequence[Delivery], found: LocalServices
) -> Event:
    """Decide the commands for a container that events start and that answers at a port of this machine."""
    body = json.dumps(functions.example_event(container))
    # Names and prefixes of the spec have no quotes.
    header = "Content-Type: application/cloudevents+json"
    url = f"http://127.0.0.1:{port}{functions.PATH}"
    post = Markdown(f"curl --fail --header '{header}' --data '{body}' {url}")
    for each in deliveries:
        if each.container.name == container.name and found.setup:
            return Event(container.name, post, _send(deployment, each, found.setup), _dead_letters(each, found.setup))
    return Event(container.name, post)


def _send(deployment: Deployment, each: Delivery, setup: Setup) -> Markdown:
    if each.bucket:
        place = f"s3://{bucket_name(deployment, each.bucket)}/{each.prefix}example.txt"
        return Markdown(f"echo example | docker compose run -T {_aws(setup)} s3 cp - {place}")
    text = "the message, as it was sent"
    return Markdown(
        f"docker compose run {_sqs(setup)} send-message "
        f"--queue-url {queue_url(setup.endpoints, each.queue)} --message-body '{text}'"
    )


def _dead_letters(each: Delivery, setup: Setup) -> Markdown:
    url = queue_url(setup.endpoints, f"{each.queue}{DEAD_LETTERS}")
    # They stay where they are.
    return Markdown(
        f"docker compose run {_sqs(setup)} receive-message --queue-url {url} --max-number-of-messages 10 "
        "--visibility-timeout 0"
    )


def _sqs(setup: Setup) -> str:
    # Version 1 of the AWS CLI has another default endpoint for SQS.
    return f"{_aws(setup)} --endpoint-url {setup.endpoints[SQS]} sqs"


def _aws(setup: Setup) -> str:
    return f"--rm --no-deps --entrypoint aws {setup.service}"
