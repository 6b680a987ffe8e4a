"""The contract with the application: the environment variables that `connects_to` brings, the same on every target.

For a thing named `orders-db` every name begins with `ORDERS_DB`. A target fills in the values and nothing else, so
an application that reads these variables runs on each of them unchanged.

| In the spec | Variables |
|---|---|
| a container's port | `PORT` |
| a database | `_HOST` `_PORT` `_NAME` `_USER` `_PASSWORD` (a secret) `_SSLMODE` |
| a bucket | `_BUCKET` (its name) `_BUCKET_URL` (`s3://` or `gs://` and the name, which tells the client to use) |
| a cache | `_HOST` `_PORT` `_TLS` (`true` or `false`) |
| a queue | `_QUEUE` (what the client library wants: a queue URL, a topic, a subscription) |
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from cloudgen.stack.base import Ref, SecretVariable, Template, Variable, join, label

Value = str | Ref | Template

IMAGE_FOLDER = "/app"
"""The folder of the build's context in the images that cloudgen builds."""

FORWARDED = "FORWARDED_ALLOW_IPS"
"""The variable by which uvicorn and gunicorn are told whose X-Forwarded headers count.

https://www.uvicorn.org/settings/#http, https://docs.gunicorn.org/en/stable/settings.html#forwarded-allow-ips
"""

PROXIES = (
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "35.191.0.0/16",
    "130.211.0.0/22",
)
"""Whose X-Forwarded headers count: private networks, and Google's front ends.

Not everybody: with `*` uvicorn takes the client's address from the end of the header that the client itself can write.
https://cloud.google.com/load-balancing/docs/https#source_ip_addresses
"""

IMAGE_USER = 10001
"""The user id in the images that cloudgen builds, unless the spec has another one.

High, so that it is nobody's on the machine below.
"""

DATABASE_USER = "app"
"""The user that the application logs in as: no keyword of an engine, and reserved by neither RDS nor Cloud SQL."""

DATABASE_PORTS: Mapping[str, int] = {"postgres": 5432, "mysql": 3306}
"""The port of each engine."""

CACHE_PORT = 6379
"""The port of a cache."""

RESERVED_DATABASE_NAMES: Mapping[str, frozenset[str]] = {
    "postgres": frozenset({"postgres", "template0", "template1", "rdsadmin", "cloudsqladmin"}),
    "mysql": frozenset({"mysql", "sys", "information_schema", "performance_schema", "innodb", "tmp"}),
}
"""Databases that an engine or a cloud's managed service already has, by engine.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html (DBName),
https://cloud.google.com/sql/docs/postgres/create-manage-databases,
https://cloud.google.com/sql/docs/mysql/create-manage-databases
"""


def prefix(name: str) -> str:
    """What the variables of a thing of the spec begin with: `orders-db` -> `ORDERS_DB`.

    Names of the spec have no underscore, so two things never share a variable.
    """
    return label(name).upper()


def database_name(name: str) -> str:
    """The name of the database inside of the server: `orders-db` -> `orders_db`."""
    return label(name)


def port(number: int) -> Variable:
    """Tell a service which port to listen on."""
    return Variable("PORT", str(number))


def database(name: str, *, host: Value, port: Value, sslmode: str) -> tuple[Variable, ...]:
    """Tell how to reach a database; `database_password` completes it.

    `sslmode` is a word of libpq (`require`, `prefer`, `disable`), also for MySQL:
    https://www.postgresql.org/docs/current/libpq-ssl.html
    """
    start = prefix(name)
    return (
        Variable(f"{start}_HOST", host),
        Variable(f"{start}_PORT", port),
        Variable(f"{start}_NAME", database_name(name)),
        Variable(f"{start}_USER", DATABASE_USER),
        Variable(f"{start}_SSLMODE", sslmode),
    )


def database_password_name(name: str) -> str:
    """The variable that holds a database's password."""
    return f"{prefix(name)}_PASSWORD"


def database_password(
    name: str, secret: Ref, *, key: str | None = None, version: Ref | str | None = None
) -> SecretVariable:
    """Let the platform read a database's password from the secret store. See `SecretVariable`."""
    return SecretVariable(database_password_name(name), secret, key, version)


def bucket(name: str, bucket: str | Ref, scheme: Literal["s3", "gs"]) -> tuple[Variable, ...]:
    """Tell the bucket's name at the object store, and its URL as the store's own tools write it.

    `aws s3` reads `s3://name`, `gcloud storage` reads `gs://name`, so that an application learns from the scheme
    which of the two clients it needs: https://docs.aws.amazon.com/cli/latest/reference/s3/ (path argument type),
    https://cloud.google.com/storage/docs/gsutil (URI syntax).
    """
    start = f"{scheme}://"
    return (
        Variable(f"{prefix(name)}_BUCKET", bucket),
        Variable(f"{prefix(name)}_BUCKET_URL", start + bucket if isinstance(bucket, str) else join(start, bucket)),
    )


def cache(name: str, *, host: Value, port: Value, tls: bool) -> tuple[Variable, ...]:
    """Tell how to reach a cache."""
    start = prefix(name)
    return (
        Variable(f"{start}_HOST", host),
        Variable(f"{start}_PORT", port),
        Variable(f"{start}_TLS", "true" if tls else "false"),
    )


def queue(name: str, queue: Value) -> tuple[Variable, ...]:
    """Tell which queue to publish to or to consume from."""
    return (Variable(f"{prefix(name)}_QUEUE", queue),)
