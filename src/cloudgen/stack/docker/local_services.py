"""What stands in for a cloud's databases, buckets, caches and queues on one machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cloudgen.dataclass import dataclass, field
from cloudgen.spec.deployment import Deployment
from cloudgen.spec.storage import Database
from cloudgen.stack import contract
from cloudgen.stack.base import Variable
from cloudgen.stack.docker.versions import (
    AWS_CLI_IMAGE,
    ELASTICMQ_IMAGE,
    RUSTFS_IMAGE,
    VALKEY_IMAGE,
    database_image,
    postgres_folder,
)

LOCAL = ("databases", "buckets", "caches", "queues")
"""The kinds of storage that have a local service; any other one is refused at its line."""

LOCAL_KEY = "local-only"
"""Access key, secret key and password of every stand-in: good for this machine only, and says so."""

SETUP_SCRIPT = "setup.sh"
"""What makes buckets and queues, as a file of the output."""

REGION = "us-east-1"
BUCKETS_PORT = 9000
QUEUES_PORT = 9324
QUEUES_ACCOUNT = "000000000000"
DEAD_LETTERS = "_dead_letters"
"""What follows a queue's name in that of its dead-letter queue; no name of the spec has an underscore."""

HARDENED: Mapping[str, Any] = {"cap_drop": ["ALL"], "security_opt": ["no-new-privileges:true"]}
"""No privileges beyond those of an ordinary process."""

AS_ROOT_AT_FIRST = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"]
"""What the official database images need to hand their data folder to an ordinary user and to become it."""

HEALTHY = "service_healthy"
COMPLETED = "service_completed_successfully"


@dataclass(frozen=True)
class LocalService:
    """A thing of `storage` on this machine: what a container that uses it is told, and what it waits for."""

    name: str
    variables: tuple[Variable, ...]
    waits_for: Mapping[str, str]
    """Compose services, with the condition of each."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """What `{from: …}` may ask for beside the variables."""


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

    buckets: tuple[LocalBucket, ...]
    queues: tuple[LocalQueue, ...]


@dataclass(frozen=True)
class LocalServices:
    """All of them, with the compose services and volumes that they are made of."""

    things: Mapping[str, LocalService]
    """By name; a thing of a kind without a local service is refused, and missing here."""
    services: Mapping[str, Mapping[str, Any]]
    volumes: tuple[str, ...]
    setup: Setup | None


class _Names:
    """Names of compose services. A container keeps its own; a stand-in of the same name gets another one."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)

    def unique(self, name: str) -> str:
        while name in self._taken:
            name += "-local"
        self._taken.add(name)
        return name


def local_services(deployment: Deployment) -> LocalServices:
    """Decide the stand-ins of everything in `storage`."""
    storage = deployment.storage
    names = _Names(deployment.containers)
    things: dict[str, LocalService] = {}
    services: dict[str, Mapping[str, Any]] = {}
    volumes: list[str] = []
    for name, database in storage.databases.items():
        service = names.unique(name)
        services[service] = _database(name, service, database)
        volumes.append(service)
        things[name] = LocalService(name, _database_variables(name, service, database), {service: HEALTHY})
    for name in storage.caches:
        service = names.unique(name)
        services[service] = _cache()
        variables = contract.cache(name, host=service, port=str(contract.CACHE_PORT), tls=False)
        things[name] = LocalService(name, variables, {service: HEALTHY})
    setup = None
    if storage.buckets or storage.queues:
        _add_object_store_and_queue(deployment, names, things, services, volumes)
        setup = _setup(deployment)
    return LocalServices(things, services, tuple(volumes), setup)


def _database_variables(name: str, host: str, database: Database) -> tuple[Variable, ...]:
    # The official Postgres image has no certificate; MySQL makes one for itself when it first starts.
    sslmode = {"postgres": "disable", "mysql": "prefer"}[database.engine]
    port = str(contract.DATABASE_PORTS[database.engine])
    password = Variable(contract.database_password_name(name), LOCAL_KEY)
    return (*contract.database(name, host=host, port=port, sslmode=sslmode), password)


def _database(name: str, service: str, database: Database) -> Mapping[str, Any]:
    inner, user = contract.database_name(name), contract.DATABASE_USER
    # Both images first start a server without TCP to set themselves up; the checks over TCP wait for the real one.
    if database.engine == "postgres":
        environment = {"POSTGRES_DB": inner, "POSTGRES_USER": user, "POSTGRES_PASSWORD": LOCAL_KEY}
        test = ["CMD", "pg_isready", "--host=127.0.0.1", f"--username={user}", f"--dbname={inner}"]
        folder = postgres_folder(database.major_version)
    else:
        environment = {
            "MYSQL_DATABASE": inner,
            "MYSQL_USER": user,
            "MYSQL_PASSWORD": LOCAL_KEY,
            "MYSQL_RANDOM_ROOT_PASSWORD": "yes",
        }
        test = ["CMD", "mysqladmin", "ping", "--host=127.0.0.1", f"--user={user}", f"--password={LOCAL_KEY}"]
        folder = "/var/lib/mysql"
    return {
        "image": database.local_image or database_image(database.engine, database.major_version),
        "environment": environment,
        "volumes": [f"{service}:{folder}"],
        "healthcheck": _health(test),
        **HARDENED,
        "cap_add": AS_ROOT_AT_FIRST,
    }


def _cache() -> Mapping[str, Any]:
    return {
        "image": VALKEY_IMAGE,
        # A cache may forget: nothing is written to disk.
        "command": ["valkey-server", "--save", "", "--appendonly", "no"],
        "user": "10001:10001",
        "read_only": True,
        "healthcheck": _health(["CMD", "valkey-cli", "ping"]),
        **HARDENED,
    }


def _add_object_store_and_queue(
    deployment: Deployment,
    names: _Names,
    things: dict[str, LocalService],
    services: dict[str, Mapping[str, Any]],
    volumes: list[str],
) -> None:
    """Add the servers behind buckets and queues, and one service that makes what is in them and ends."""
    storage = deployment.storage
    endpoints: dict[str, str] = {}
    needs: dict[str, str] = {}
    if storage.buckets:
        service = names.unique("buckets")
        services[service] = _object_store(service)
        volumes.append(service)
        needs[service] = HEALTHY
        endpoints["AWS_ENDPOINT_URL_S3"] = f"http://{service}:{BUCKETS_PORT}"
    if storage.queues:
        service = names.unique("queues")
        services[service] = {"image": ELASTICMQ_IMAGE, **HARDENED}
        needs[service] = "service_started"
        endpoints["AWS_ENDPOINT_URL_SQS"] = f"http://{service}:{QUEUES_PORT}"
    setup = names.unique("setup")
    services[setup] = {
        "image": AWS_CLI_IMAGE,
        "entrypoint": ["/bin/sh", "/setup.sh"],
        "volumes": [f"./{SETUP_SCRIPT}:/setup.sh:ro"],
        # The program wants a home folder that it can write to.
        "environment": {**_client(endpoints), "HOME": "/tmp"},  # noqa: S108
        "user": "10001:10001",
        "read_only": True,
        "tmpfs": ["/tmp"],  # noqa: S108
        "depends_on": conditions(needs),
        **HARDENED,
    }
    for name in storage.buckets:
        key = "AWS_ENDPOINT_URL_S3"
        variables = contract.bucket(name, bucket_name(deployment, name), "s3")
        client = _variables(_client({key: endpoints[key]}))
        parts = {"arn": f"arn:aws:s3:::{bucket_name(deployment, name)}"}
        things[name] = LocalService(name, (*variables, *client), {setup: COMPLETED}, parts)
    for name in storage.queues:
        key = "AWS_ENDPOINT_URL_SQS"
        url = f"{endpoints[key]}/{QUEUES_ACCOUNT}/{name}"
        client = _variables(_client({key: endpoints[key]}))
        parts = {"name": name, "url": url, "arn": f"arn:aws:sqs:{REGION}:{QUEUES_ACCOUNT}:{name}"}
        things[name] = LocalService(name, (*contract.queue(name, url), *client), {setup: COMPLETED}, parts)


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
        "healthcheck": _health(["CMD", "curl", "--fail", "--silent", f"http://127.0.0.1:{BUCKETS_PORT}/health"]),
        **HARDENED,
    }


def bucket_name(deployment: Deployment, name: str) -> str:
    """The name of a bucket at the stand-in; at least three characters long, as S3 wants it."""
    return f"{deployment.name}-{name}"


def _client(endpoints: Mapping[str, str]) -> dict[str, str]:
    """What an AWS client library needs to talk to the stand-ins, as boto3 reads it."""
    return {
        **endpoints,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": LOCAL_KEY,
        "AWS_SECRET_ACCESS_KEY": LOCAL_KEY,
    }


def _variables(values: Mapping[str, str]) -> tuple[Variable, ...]:
    return tuple(Variable(name, value) for name, value in values.items())


def _setup(deployment: Deployment) -> Setup:
    storage = deployment.storage
    return Setup(
        tuple(
            LocalBucket(bucket_name(deployment, name), "Enabled" if bucket.versioning else "Suspended")
            for name, bucket in storage.buckets.items()
        ),
        tuple(
            LocalQueue(name, f"{name}{DEAD_LETTERS}", queue.ack_deadline, queue.retention, queue.max_deliveries)
            for name, queue in storage.queues.items()
        ),
    )


def _health(test: Sequence[str]) -> Mapping[str, Any]:
    return {"test": list(test), "interval": "2s", "timeout": "5s", "retries": 30}


def conditions(needs: Mapping[str, str]) -> Mapping[str, Any]:
    """The `depends_on` of a compose service."""
    return {service: {"condition": condition} for service, condition in needs.items()}
