"""What stands in for S3 and SQS: the servers, what makes buckets and queues in them, and how clients find them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cloudgen.dataclass import dataclass
from cloudgen.spec.deployment import Deployment
from cloudgen.stack import contract
from cloudgen.stack.base import Variable
from cloudgen.stack.docker.deliveries import Delivery
from cloudgen.stack.docker.local_service import (
    COMPLETED,
    HARDENED,
    HEALTHY,
    LOCAL_KEY,
    STARTED,
    LocalService,
    Names,
    conditions,
    health,
)
from cloudgen.stack.docker.versions import AWS_CLI_IMAGE, ELASTICMQ_IMAGE, RUSTFS_IMAGE

SETUP_SCRIPT = "setup.sh"
"""What makes buckets and queues, as a file of the output."""

REGION = "us-east-1"
BUCKETS_PORT = 9000
QUEUES_PORT = 9324
S3, SQS = "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_SQS"
"""The variables that AWS clients read the addresses of the stand-ins from."""

QUEUES_ACCOUNT = "000000000000"
DEAD_LETTERS = "_dead_letters"
"""What follows a queue's name in that of its dead-letter queue; no name of the spec has an underscore."""

NEWS_RETENTION = 24 * 60 * 60
"""Seconds that the news of an object are kept while the container that they are for does not run."""

NEWS_DELIVERIES = 3
"""How often they are delivered before they are among the dead letters: as often as by Lambda."""


@dataclass(frozen=True)
class LocalBucket:
    """A bucket that the script makes."""

    name: str
    versioning: str
    """In the words of S3: a bucket without versions has it `Suspended`."""


@dataclass(frozen=True)
class LocalQueue:
    """A queue that the script makes; durations in seconds."""

    name: str
    dead_letters: str
    ack_deadline: int
    retention: int
    max_deliveries: int


@dataclass(frozen=True)
class Setup:
    """The script that makes buckets and queues in the stand-ins."""

    service: str
    """The compose service that runs it. Its image has the AWS CLI, and its environment what talks to the stand-ins."""
    endpoints: Mapping[str, str]
    """The addresses of the stand-ins, by the variables that AWS clients read them from."""
    buckets: tuple[LocalBucket, ...]
    queues: tuple[LocalQueue, ...]


def add_object_store_and_queue(
    deployment: Deployment,
    deliveries: Sequence[Delivery],
    names: Names,
    things: dict[str, LocalService],
    services: dict[str, Mapping[str, Any]],
    volumes: list[str],
) -> Setup:
    """Add the servers behind buckets and queues, and one service that makes what is in them and ends."""
    storage = deployment.storage
    endpoints: dict[str, str] = {}
    needs: dict[str, str] = {}
    if storage.buckets:
        service = names.unique("buckets")
        services[service] = _object_store(service)
        volumes.append(service)
        needs[service] = HEALTHY
        endpoints[S3] = f"http://{service}:{BUCKETS_PORT}"
    if storage.queues or deliveries:
        service = names.unique("queues")
        services[service] = {"image": ELASTICMQ_IMAGE, **HARDENED}
        needs[service] = STARTED
        endpoints[SQS] = f"http://{service}:{QUEUES_PORT}"
    setup = names.unique("setup")
    services[setup] = {
        "image": AWS_CLI_IMAGE,
        "entrypoint": ["/bin/sh", "/setup.sh"],
        "volumes": [f"./{SETUP_SCRIPT}:/setup.sh:ro"],
        # The program wants a home folder that it can write to.
        "environment": {**client(endpoints), "HOME": "/tmp"},  # noqa: S108
        "user": "10001:10001",
        "read_only": True,
        "tmpfs": ["/tmp"],  # noqa: S108
        "depends_on": conditions(needs),
        **HARDENED,
    }
    for name in storage.buckets:
        variables = contract.bucket(name, bucket_name(deployment, name), "s3")
        more = _variables(client({S3: endpoints[S3]}))
        parts = {"arn": f"arn:aws:s3:::{bucket_name(deployment, name)}"}
        things[name] = LocalService(name, (*variables, *more), {setup: COMPLETED}, parts)
    for name in storage.queues:
        url = queue_url(endpoints, name)
        more = _variables(client({SQS: endpoints[SQS]}))
        parts = {"name": name, "url": url, "arn": f"arn:aws:sqs:{REGION}:{QUEUES_ACCOUNT}:{name}"}
        things[name] = LocalService(name, (*contract.queue(name, url), *more), {setup: COMPLETED}, parts)
    return _setup(deployment, deliveries, setup, endpoints)


def _object_store(service: str) -> Mapping[str, Any]:
    return {
        "image": RUSTFS_IMAGE,
        "command": ["/data"],
        "environment": {
            "RUSTFS_ACCESS_KEY": LOCAL_KEY,
            "RUSTFS_SECRET_KEY": LOCAL_KEY,
            "RUSTFS_ADDRESS": f":{BUCKETS_PORT}",
            "RUSTFS_CONSOLE_ENABLE": "false",
        },
        "volumes": [f"{service}:/data"],
        "healthcheck": health(["CMD", "curl", "--fail", "--silent", f"http://127.0.0.1:{BUCKETS_PORT}/health"]),
        **HARDENED,
    }


def bucket_name(deployment: Deployment, name: str) -> str:
    """The name of a bucket at the stand-in; at least three characters long, as S3 wants it."""
    return f"{deployment.name}-{name}"


def queue_url(endpoints: Mapping[str, str], name: str) -> str:
    """The address of a queue at the stand-in, by which clients name it."""
    return f"{endpoints[SQS]}/{QUEUES_ACCOUNT}/{name}"


def client(endpoints: Mapping[str, str]) -> dict[str, str]:
    """What an AWS client library needs to talk to the stand-ins, as boto3 reads it."""
    return {
        **endpoints,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": LOCAL_KEY,
        "AWS_SECRET_ACCESS_KEY": LOCAL_KEY,
    }


def _variables(values: Mapping[str, str]) -> tuple[Variable, ...]:
    return tuple(Variable(name, value) for name, value in values.items())


def _setup(deployment: Deployment, deliveries: Sequence[Delivery], service: str, endpoints: Mapping[str, str]) -> Setup:
    storage = deployment.storage
    buckets = tuple(
        LocalBucket(bucket_name(deployment, name), "Enabled" if bucket.versioning else "Suspended")
        for name, bucket in storage.buckets.items()
    )
    queues = tuple(
        LocalQueue(name, f"{name}{DEAD_LETTERS}", queue.ack_deadline, queue.retention, queue.max_deliveries)
        for name, queue in storage.queues.items()
    )
    news = tuple(
        LocalQueue(each.queue, f"{each.queue}{DEAD_LETTERS}", each.seconds, NEWS_RETENTION, NEWS_DELIVERIES)
        for each in deliveries
        if each.bucket
    )
    return Setup(service, endpoints, buckets, (*queues, *news))
