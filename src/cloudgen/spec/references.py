"""Cross-references of the spec: routes, connections, secrets and triggers must name things that exist.

It works on plain data, so that references are checked in the same run as shapes, even when a shape is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cloudgen.errors import Problem, SpecPath
from cloudgen.spec import neighbours, secrecy
from cloudgen.spec.containers import DEFAULT_VERBS, VERBS
from cloudgen.spec.environment import PARTS, WITH_OPTIONS
from cloudgen.spec.load_balancer import is_registry, is_unclear, lies_in, zone_of
from cloudgen.spec.scaling import ContainerScaling
from cloudgen.spec.suggest import nearest


def check(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield a problem for every reference that leads nowhere, with the path of the reference."""
    yield from _names(data)
    yield from _containers(data)
    yield from _triggers(data)
    yield from _routes(data)
    yield from _aliases(data)


def _mapping(data: object, *keys: str) -> Mapping[str, Any]:
    for key in keys:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data if isinstance(data, Mapping) else {}


def _list(data: object, key: str) -> list[Any]:
    value = data.get(key) if isinstance(data, Mapping) else None
    return value if isinstance(value, list) else []


def _unknown(what: str, name: str, known: Iterable[str], path: SpecPath, where: str) -> Problem:
    names = sorted(known)
    close = nearest(name, names)
    if close:
        hint = f"did you mean `{close}`?"
    elif names:
        hint = f"{where} has {', '.join(names[:8])}"
    else:
        hint = f"declare it under {where}"
    return Problem("unknown-reference", f"there is no {what} `{secrecy.shown(name, 40)}`", path, hint=hint)


def _names(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Things of storage share one name space, because connections and environment variables use the bare name."""
    seen: dict[str, str] = {}
    for kind in VERBS:
        for name in _mapping(data, "storage", kind):
            if name in seen:
                yield Problem(
                    "duplicate-name",
                    f"`{name}` is the name of something in storage.{seen[name]} as well",
                    ("storage", kind, name),
                    at="key",
                    hint="give the two different names: connects_to uses the bare name",
                )
            seen.setdefault(name, kind)


def _containers(data: Mapping[str, Any]) -> Iterator[Problem]:
    storage = {name: kind for kind in VERBS for name in _mapping(data, "storage", kind)}
    secrets = _mapping(data, "security", "secrets")
    containers = _mapping(data, "containers")
    for name, container in containers.items():
        path: SpecPath = ("containers", name)
        seen: dict[str, int] = {}
        for index, connection in enumerate(_list(container, "connects_to")):
            if isinstance(connection, str):
                place = (*path, "connects_to", index)
                yield from neighbours.connection_to(connection, containers, storage, place) or _connection(
                    connection, storage, place, seen, index
                )
        connected = {name.partition(":")[0] for name in _list(container, "connects_to") if isinstance(name, str)}
        # A trigger is a connection.
        connected |= {name for name in _mapping(container, "trigger").values() if isinstance(name, str)}
        for variable, value in _mapping(container, "environment").items():
            if isinstance(value, Mapping) and isinstance(value.get("from"), str):
                place = (*path, "environment", variable)
                yield from neighbours.address(value, containers, storage, place) or _origin(
                    value, storage, connected, place
                )
        for variable, secret in _mapping(container, "secrets").items():
            if isinstance(secret, str) and secret not in secrets:
                yield _unknown("secret", secret, secrets, (*path, "secrets", variable), "security.secrets")
        yield from _messages(container, path)


def _triggers(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Each trigger names something that exists, and nothing else takes the messages of its queue."""
    containers = _mapping(data, "containers")
    started: dict[str, str] = {}
    for name in containers:
        trigger, path = _mapping(containers, name, "trigger"), ("containers", name, "trigger")
        for key, kind in (("bucket", "buckets"), ("queue", "queues")):
            known = _mapping(data, "storage", kind)
            if isinstance(trigger.get(key), str) and trigger[key] not in known:
                yield _unknown(key, trigger[key], known, (*path, key), f"storage.{kind}")
        queue = trigger.get("queue")
        if isinstance(queue, str):
            first = started.setdefault(queue, name)
            if first != name:
                yield _second_consumer(queue, first, (*path, "queue"))
        if trigger:
            yield from _capacity(_mapping(containers, name), ("containers", name, "scaling"))
    for name in containers:
        for index, connection in enumerate(_list(containers[name], "connects_to")):
            queue, _, verb = connection.partition(":") if isinstance(connection, str) else ("", "", "")
            if verb == "consume" and started.get(queue, name) != name:
                yield _second_consumer(queue, started[queue], ("containers", name, "connects_to", index))


def _second_consumer(queue: str, first: str, path: SpecPath) -> Problem:
    return Problem(
        "conflict",
        f"each message of `{secrecy.shown(queue, 40)}` starts `{secrecy.shown(first, 40)}`, and goes to nobody else",
        path,
        hint="use a queue for each of them",
    )


def _capacity(container: Mapping[str, Any], path: SpecPath) -> Iterator[Problem]:
    """Of a function that events start, only the most can be said: how many run follows from how many events there are.

    What runs always, by its own word, has what other containers have. Events that wait scale it by themselves.
    """
    always = container.get("platform") == "containers"
    message = "of a container with a trigger, scaling has only max: none runs while no event comes"
    if always:
        message = "what a trigger starts scales by the events that come: none of them waits to be counted"
    refused = {"messages_per_instance"} if always else ContainerScaling.model_fields.keys() - {"max"}
    for key in _mapping(container, "scaling"):
        if key in refused:
            yield Problem("conflict", message, (*path, key), at="key", hint=f"remove {key}")


def _messages(container: object, path: SpecPath) -> Iterator[Problem]:
    """A container that scales by the messages that wait consumes one queue: of several, none is the one to count."""
    if _mapping(container, "scaling").get("messages_per_instance") is None or _mapping(container, "trigger"):
        return
    consumed = [each for each in _list(container, "connects_to") if isinstance(each, str) and each.endswith(":consume")]
    if len(set(consumed)) != 1:
        message = "the container consumes several queues" if consumed else "the container consumes no queue"
        hint = "use a container for each queue" if consumed else 'add connects_to: ["jobs:consume"], with your queue'
        yield Problem("conflict", message, (*path, "scaling", "messages_per_instance"), hint=hint)


def _connection(
    connection: str, storage: Mapping[str, str], path: SpecPath, seen: dict[str, int], index: int
) -> Iterator[Problem]:
    name, _, verb = connection.partition(":")
    if name not in storage:
        yield _unknown("database, bucket, cache or queue", name, storage, path, "storage")
        return
    kind = storage[name]
    if not verb and DEFAULT_VERBS[kind] is None:
        choices = " or ".join(f"{name}:{verb}" for verb in VERBS[kind])
        yield Problem("missing-verb", f"say what the container does with `{name}`", path, hint=f"write {choices}")
    elif verb and verb not in VERBS[kind]:
        choices = ", ".join(VERBS[kind])
        close = nearest(verb, VERBS[kind])
        hint = f"did you mean `{name}:{close}`?" if close else f"use one of {choices}"
        yield Problem(
            "bad-choice",
            f"`{secrecy.shown(verb, 40)}` is nothing that can be done with one of the {kind}",
            path,
            hint=hint,
        )
    if connection in seen:
        yield Problem(
            "duplicate", f"`{secrecy.shown(connection, 40)}` stands here twice", path, hint="remove one of the two"
        )
    seen[connection] = index


def _origin(
    value: Mapping[str, Any], storage: Mapping[str, str], connected: set[str], path: SpecPath
) -> Iterator[Problem]:
    """What `{from: orders-db.url}` names: something that the container connects to, and a part that it has."""
    name, dot, part = value["from"].partition(".")
    place = (*path, "from")
    if not dot:
        return
    if name not in storage:
        yield _unknown("database, bucket, cache or queue", name, storage, place, "storage")
        return
    kind = storage[name]
    if part not in PARTS.get(kind, ()):
        close = nearest(part, PARTS.get(kind, ()))
        hint = f"did you mean `{name}.{close}`?" if close else f"use one of {', '.join(PARTS.get(kind, ()))}"
        yield Problem("bad-choice", f"{kind} have no part `{secrecy.shown(part, 40)}`", place, hint=hint)
    elif name not in connected:
        verb = "" if DEFAULT_VERBS[kind] else f":{VERBS[kind][0]}"
        yield Problem(
            "not-connected",
            f"the container does not connect to `{name}`",
            place,
            hint=f"add `{name}{verb}` to its connects_to, which opens the network and gives the permission",
        )
    for option in ("scheme", "query"):
        if part == "url" and kind not in WITH_OPTIONS and option in value:
            yield Problem(
                "conflict", f"the url of one of the {kind} has no {option}", (*path, option), hint=f"remove {option}"
            )


def _routes(data: Mapping[str, Any]) -> Iterator[Problem]:
    containers = _mapping(data, "containers")
    with_port = [name for name, container in containers.items() if _mapping(containers, name).get("port") is not None]
    balancer = data.get("load_balancer")
    routes = _list(balancer, "routes")
    if "load_balancer" in data and not routes and len(with_port) != 1:
        message = "there are several containers with a port" if with_port else "there is no container with a port"
        hint = "add routes: [{path: /, container: " + (with_port[0] if with_port else "web") + "}]"
        if not with_port:
            hint = "give a container a port, or remove load_balancer"
        yield Problem(
            "missing-route",
            f"{message}, so the load balancer does not know where to send requests",
            ("load_balancer",),
            at="key",
            hint=hint,
        )
    paths: dict[str, int] = {}
    for index, route in enumerate(routes):
        name, url = _mapping(route).get("container"), _mapping(route).get("path")
        at: SpecPath = ("load_balancer", "routes", index)
        if isinstance(name, str) and name not in containers:
            yield _unknown("container", name, containers, (*at, "container"), "containers")
        elif isinstance(name, str) and name not in with_port:
            yield Problem(
                "not-a-service",
                f"container `{name[:40]}` has no port",
                (*at, "container"),
                hint="add port: 8000 to the container",
            )
        # Both mean everything below, so `/api` and `/api/` are one path; nothing is left of `/`.
        below = url.rstrip("/") if isinstance(url, str) else None
        if below in paths:
            yield Problem("duplicate", "two routes have the same path", (*at, "path"), hint="keep one of them")
        elif below is not None:
            paths[below] = index
    if routes and "" not in paths:
        yield Problem(
            "missing-route",
            "no route answers /",
            ("load_balancer", "routes"),
            hint="add {path: /, container: …} as the last route",
        )


def _aliases(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Each alias is another name than the domain, stands there once, and lies in the zone of the domain."""
    balancer = _mapping(data, "load_balancer")
    domain, stated = balancer.get("domain"), balancer.get("dns_zone")
    if not isinstance(domain, str) or not isinstance(stated, str | None) or (not stated and is_unclear(domain)):
        return
    zone, seen = zone_of(domain, stated), set[str]()
    for index, alias in enumerate(_list(balancer, "aliases")):
        path: SpecPath = ("load_balancer", "aliases", index)
        if not isinstance(alias, str):
            continue
        name = secrecy.shown(alias, 60)
        if alias == domain:
            yield Problem("conflict", f"`{name}` is the domain itself", path, hint="remove it from aliases")
        elif alias in seen:
            yield Problem("duplicate", f"`{name}` stands here twice", path, hint="remove one of the two")
        elif not lies_in(alias, zone):
            message = f"`{name}` does not lie in the DNS zone {secrecy.shown(zone, 60)}, which holds the domain"
            yield Problem("conflict", message, path, hint=_zone_of_both(domain, alias))
        seen.add(alias)


def _zone_of_both(domain: str, alias: str) -> str:
    """What to do about an alias outside of the zone: name the zone that may hold both names, if there can be one."""
    labels: list[str] = []
    for one, other in zip(reversed(domain.split(".")), reversed(alias.split(".")), strict=False):
        if one != other:
            break
        labels.insert(0, one)
    shared = ".".join(labels)
    if "." in shared and not is_registry(shared):
        return f"write dns_zone: {shared}, if that zone holds both"
    return "let it redirect where it is registered, or give it a deployment of its own"
