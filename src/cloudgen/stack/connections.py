"""What a container is told under its own names: `environment: {DATABASE_URL: {from: orders-db.url}}`.

Every part is one that the container is told anyway, by the names of `stack/contract.py`, so that a target does nothing
for it. A url with a password in it stands in the environment with a place for the password, `{ORDERS_DB_PASSWORD}`, and
the start script of the image fills it in: no platform puts a secret into the middle of a text, and quotes it there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from cloudgen.dataclass import replace
from cloudgen.spec.environment import WITH_OPTIONS, Reference
from cloudgen.stack import contract
from cloudgen.stack.base import Problems, Ref, SecretVariable, Template, Variable, join

if TYPE_CHECKING:
    from cloudgen.spec.containers import Container
    from cloudgen.spec.storage import Storage
    from cloudgen.stack.workload import Wanted

INCOMPLETE = "INCOMPLETE_URLS"
"""The variable that names the urls with a place for a password, with spaces between them."""

VARIABLES: Mapping[str, Mapping[str, str]] = {
    "databases": {
        "host": "HOST", "port": "PORT", "name": "NAME", "user": "USER", "password": "PASSWORD", "sslmode": "SSLMODE",
    },
    "buckets": {"name": "BUCKET", "url": "BUCKET_URL"},
    "caches": {"host": "HOST", "port": "PORT", "tls": "TLS"},
    "queues": {"id": "QUEUE"},
}  # fmt: skip
"""By kind of storage: the parts that are variables of the contract, each with the end of the variable's name."""

SCHEMES = {"postgres": "postgresql", "mysql": "mysql"}
"""What the url of a database begins with, by engine."""

SSL_OPTIONS = {"asyncpg": "ssl", "aiopg": "sslmode", "psycopg": "sslmode", "psycopg2": "sslmode"}
"""How drivers of PostgreSQL are told of TLS in the query of a url: those of SQLAlchemy by the end of its scheme.

https://docs.sqlalchemy.org/en/20/dialects/postgresql.html
"""

Value = str | Ref | Template


def own(
    container: Wanted,
    variables: Sequence[Variable],
    secrets: Sequence[SecretVariable],
    more: Mapping[str, Value],
    problems: Problems,
) -> tuple[tuple[Variable, ...], tuple[SecretVariable, ...]]:
    """Return what `environment` says: plain variables, and those whose values are secrets.

    `variables` and `secrets` are what the container is told by its connections, `more` has parts that only some clouds
    have, each by the words of the spec: `jobs.arn`.
    """
    known = {each.name: each.value for each in variables}
    hidden = {each.name: each for each in secrets}
    found: list[Variable] = []
    read: list[SecretVariable] = []
    for name, value in container.spec.environment.items():
        if not isinstance(value, Reference):
            found.append(Variable(name, value))
            continue
        source = _variable(container.storage, value)
        if source in hidden:
            read.append(replace(hidden[source], name=name))
        elif source in known:
            found.append(Variable(name, known[source]))
        elif value.origin in more:
            found.append(Variable(name, more[value.origin]))
        elif value.part == "url" and _kind(container.storage, value.thing) in WITH_OPTIONS:
            found += _url(container, name, value, known)
        elif value.thing in container.used:
            _refuse(container, name, value, problems)
    if incomplete := urls_with_password(container.spec, container.storage):
        found.append(Variable(INCOMPLETE, " ".join(incomplete)))
        if not container.spec.built:
            _refuse_images(container, incomplete, problems)
    return tuple(found), tuple(read)


def urls_with_password(container: Container, storage: Storage) -> tuple[str, ...]:
    """The variables of a container that the start script completes."""
    return tuple(
        name
        for name, value in container.environment.items()
        if isinstance(value, Reference) and value.part == "url" and value.thing in storage.databases
    )


def _kind(storage: Storage, thing: str) -> str:
    return next((kind for kind in VARIABLES if thing in getattr(storage, kind)), "")


def _variable(storage: Storage, value: Reference) -> str | None:
    end = VARIABLES.get(_kind(storage, value.thing), {}).get(value.part)
    return f"{contract.prefix(value.thing)}_{end}" if end else None


def _url(container: Wanted, name: str, value: Reference, known: Mapping[str, Value]) -> Iterator[Variable]:
    """The url of a database or a cache; nothing where the target has none, which is told elsewhere."""
    start = contract.prefix(value.thing)
    if f"{start}_HOST" not in known:
        return
    address = (known[f"{start}_HOST"], ":", known[f"{start}_PORT"])
    database = container.storage.databases.get(value.thing)
    if database is None:
        scheme = value.scheme or ("rediss" if known[f"{start}_TLS"] == "true" else "redis")
        yield Variable(name, _joined(f"{scheme}://", *address, "/0", _query(value.query or {})))
        return
    scheme = value.scheme or SCHEMES[database.engine]
    user = f"{known[f'{start}_USER']}:{{{contract.database_password_name(value.thing)}}}@"
    options = {} if database.engine != "postgres" else _tls(scheme, str(known[f"{start}_SSLMODE"]))
    query = _query(options if value.query is None else value.query)
    yield Variable(name, _joined(f"{scheme}://{user}", *address, f"/{known[f'{start}_NAME']}", query))


def _tls(scheme: str, mode: str) -> Mapping[str, str]:
    """How a driver is told of TLS; nothing for one whose url has no word for it."""
    _, plus, driver = scheme.partition("+")
    option = SSL_OPTIONS.get(driver) if plus else "sslmode"
    return {option: mode} if option else {}


def _query(options: Mapping[str, str]) -> str:
    return f"?{urlencode(options, quote_via=quote)}" if options else ""


def _joined(*parts: Value) -> Value:
    """One text of several; a plain one where all of them are."""
    flat = [piece for part in parts for piece in (part.parts if isinstance(part, Template) else (part,))]
    merged: list[str | Ref] = []
    for piece in flat:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        elif piece:
            merged.append(piece)
    return merged[0] if len(merged) == 1 else join(*merged)


def _refuse(container: Wanted, name: str, value: Reference, problems: Problems) -> None:
    instead = {"queues": "id", "buckets": "name"}.get(_kind(container.storage, value.thing), "host")
    problems.error(
        "unsupported",
        f"`{value.origin}`: this cloud has no {value.part} for it",
        ("containers", container.name, "environment", name, "from"),
        f"write {value.thing}.{instead}, which is there on every cloud",
    )


def _refuse_images(container: Wanted, names: Iterable[str], problems: Problems) -> None:
    """An image that cloudgen does not build has no start script, and no platform completes a url."""
    for name in names:
        value = container.spec.environment[name]
        thing = value.thing if isinstance(value, Reference) else ""
        problems.error(
            "unsupported",
            f"container `{container.name}` brings its own image, which cannot put the password into {name}",
            ("containers", container.name, "environment", name, "from"),
            f"give it the parts, such as {{from: {thing}.host}} and {{from: {thing}.password}}, for the program to put "
            "together; or let cloudgen build the image",
        )
