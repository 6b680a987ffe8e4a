"""What stands in for a cloud's databases, buckets, caches and queues on one machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cloudgen.dataclass import dataclass, replace
from cloudgen.spec.deployment import Deployment
from cloudgen.spec.storage import Database
from cloudgen.stack import contract
from cloudgen.stack.base import Variable
from cloudgen.stack.docker.deliveries import Delivery
from cloudgen.stack.docker.local_service import HARDENED, HEALTHY, LOCAL_KEY, STARTED, LocalService, Names, health
from cloudgen.stack.docker.stand_ins import Setup, add_object_store_and_queue
from cloudgen.stack.docker.versions import VALKEY_IMAGE, database_image, postgres_folder

LOCAL = ("databases", "buckets", "caches", "queues")
"""The kinds of storage that have a local service; any other one is refused at its line."""

AS_ROOT_AT_FIRST = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"]
"""What the official database images need to hand their data folder to an ordinary user and to become it."""


@dataclass(frozen=True)
class LocalServices:
    """All of them, with the compose services and volumes that they are made of."""

    things: Mapping[str, LocalService]
    """By name; a thing of a kind without a local service is refused, and missing here."""
    services: Mapping[str, Mapping[str, Any]]
    volumes: tuple[str, ...]
    setup: Setup | None
    deliverer: str | None
    """The name of the compose service that delivers events; None where there is nothing to deliver."""


def local_services(deployment: Deployment, deliveries: Sequence[Delivery]) -> LocalServices:
    """Decide the stand-ins of everything in `storage`, with the queues that events wait in."""
    storage = deployment.storage
    names = Names(deployment.containers)
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
    deliverer = names.unique("events") if deliveries else None
    if storage.buckets or storage.queues:
        setup = add_object_store_and_queue(deployment, deliveries, names, things, services, volumes)
    for each in deliveries:
        if deliverer and each.bucket in things:
            # Only what is put there from now on is news.
            found = things[each.bucket]
            waits_for = {**found.waits_for, deliverer: STARTED}
            things[each.bucket] = replace(found, waits_for=waits_for)
    return LocalServices(things, services, tuple(volumes), setup, deliverer)


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
        "healthcheck": health(test),
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
        "healthcheck": health(["CMD", "valkey-cli", "ping"]),
        **HARDENED,
    }
