"""A compose file as a first spec (https://docs.docker.com/reference/compose-file/)."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from cloudgen.detect.stated import compose
from cloudgen.detect.stated.images import health_path
from cloudgen.detect.stated.process import words_of
from cloudgen.detect.stated.shell import expand
from cloudgen.spec.storage import VERSIONS
from cloudgen.start import addresses, volumes
from cloudgen.start.arguments import arguments
from cloudgen.start.draft import own_image
from cloudgen.start.imports import Imported, application_name, as_name, number, variables
from cloudgen.start.items import Block, Item
from cloudgen.start.shell import runnable

if TYPE_CHECKING:
    from cloudgen.detect.stated.compose import Service
    from cloudgen.detect.tree import Tree

_STORES = (
    (re.compile(r"(^|/)(postgres|postgis|pgvector|timescaledb)"), "databases", "postgres"),
    (re.compile(r"(^|/)(mysql|mariadb)"), "databases", "mysql"),
    (re.compile(r"(^|/)(redis|valkey|keydb)"), "caches", "valkey"),
    (re.compile(r"(^|/)(minio|localstack)"), "buckets", ""),
)
_HANDLED = frozenset(
    {
        "build",
        "command",
        "depends_on",
        "environment",
        "expose",
        "healthcheck",
        "image",
        "ports",
        "read_only",
        "user",
        "volumes",
    }
)


def read(tree: Tree, file: str, name: str) -> Imported:
    """Read a compose file of a folder."""
    imported = Imported(name)
    services = list(compose.services(tree, file))
    stores = {service.name: kind for service in services if (kind := _store(service)) is not None}
    for service in services:
        if service.name in stores:
            _add_store(imported, service, *stores[service.name])
    own = [service for service in services if service.name not in stores]
    shared = volumes.shared(services)
    for service in own:
        _add_container(imported, service, stores)
        _folders(imported, service, shared)
    kept = [volumes.kept(each, shared) for service in own for each in volumes.stated(service)]
    all_kept = all(kept) and not any(volumes.stated(service) for service in services if service.name in stores)
    for service in services[:1]:
        for key in service.file.mapping():
            if key == "name":
                imported.name = application_name(str(service.file.get("name")))
            elif key not in ("services", "version") and not (key == "volumes" and kept and all_kept):
                imported.leave(service.file, key)
    return imported


def _store(service: Service) -> tuple[str, str] | None:
    image = service.image.partition("@")[0].partition(":")[0]
    if service.is_ours:
        return None
    return next(((kind, engine) for pattern, kind, engine in _STORES if pattern.search(image)), None)


def _add_store(imported: Imported, service: Service, kind: str, engine: str) -> None:
    name = as_name(service.name)
    item: dict[str, Any] = {"versioning": True} if kind == "buckets" else {"engine": engine, "size": "small"}
    note = ""
    tag = re.match(r"(?:v)?(\d+(?:\.\d+)?)", service.image.partition(":")[2])
    if kind == "databases" and tag:
        fitting = [version for version in VERSIONS[engine] if tag[1] == version or tag[1].startswith(f"{version}.")]
        if fitting:
            item["version"] = fitting[-1]
        else:
            note = f"{tag[1]} is stated; offered are {', '.join(VERSIONS[engine])}"
    imported.store(kind, name, Item(item, note))
    imported.taken.append(f"storage.{kind}.{name} from services.{service.name}  ({service.place})")
    for key in service.data:
        if key not in ("image",):
            imported.leave(service.file, "services", service.name, key)


def _add_container(imported: Imported, service: Service, stores: dict[str, tuple[str, str]]) -> None:
    entry = Block()
    _image(imported, service, entry)
    command = words_of(service.data.get("command"))
    entrypoint = words_of(service.data.get("entrypoint"))
    if command or entrypoint:
        entry["command"] = Item(runnable([_filled(word) for word in (*entrypoint, *command)]))
    user = str(service.data.get("user") or "").partition(":")[0]
    if number(user):
        entry["user"] = Item(number(user))
    elif user:
        imported.leave(service.file, "services", service.name, "user")
    if service.data.get("read_only") is not None:
        entry["read_only"] = Item(service.data["read_only"] == "true")
    ports = service.ports()
    if ports:
        entry["port"] = Item(ports[0])
        _health(imported, service, entry)
        imported.unused += [f"services.{service.name}: port {port}, a container has one" for port in ports[1:]]
    elif service.data.get("healthcheck"):
        imported.leave(service.file, "services", service.name, "healthcheck")
    _environment(imported, service, entry, stores)
    _connections(imported, service, entry, stores)
    imported.containers[as_name(service.name)] = Item(entry)
    imported.taken.append(f"containers.{as_name(service.name)} from services.{service.name}  ({service.place})")
    for key in service.data:
        if key == "deploy":
            _deploy(imported, service, entry)
        elif key not in (*_HANDLED, "entrypoint"):
            imported.leave(service.file, "services", service.name, key)


def _filled(text: str) -> str:
    """Return a text as compose hands it on: defaults filled in, and `$$` is a dollar.

    https://docs.docker.com/reference/compose-file/interpolation/
    """
    return "$".join(expand(part, {}) for part in text.split("$$"))


def _environment(imported: Imported, service: Service, entry: Block, stores: dict[str, tuple[str, str]]) -> None:
    """Variables: those that say where a store is ask it, others stay, and what names another service is told."""
    stated = {key: _filled(value) for key, value in service.environment().items()}
    asked, dropped = addresses.take(imported, service.name, stated, stores)
    left = {key: value for key, value in stated.items() if key not in asked and key not in dropped}
    variables(imported, left, entry)
    if asked:
        plain = entry["environment"].value if "environment" in entry else {}
        ordered = {key: {**plain, **asked}[key] for key in stated if key in plain or key in asked}
        entry["environment"] = Item(ordered)
    others = {*service.file.mapping("services")} - {service.name}
    for key, value in (entry["environment"].value if "environment" in entry else {}).items():
        for name in addresses.names_neighbours(value, others) if isinstance(value, str) else []:
            imported.unused.append(f"services.{service.name}: {key} names the host {name}, which no cloud knows")


def _folders(imported: Imported, service: Service, shared: frozenset[str]) -> None:
    """Folders that are kept, for volumes that have a name and are this service's alone."""
    entry = imported.containers[as_name(service.name)].value
    found = {str(each): volumes.kept(each, shared) for each in volumes.stated(service)}
    if folders := list(dict.fromkeys(folder for folder in found.values() if folder)):
        entry["writable"] = Item(folders)
        left = (text for text, folder in found.items() if not folder)
        imported.unused += [f"services.{service.name}.volumes {text}  ({service.at('volumes')})" for text in left]
    elif "volumes" in service.data:
        imported.leave(service.file, "services", service.name, "volumes")


def _image(imported: Imported, service: Service, entry: Block) -> None:
    build = service.data.get("build")
    if build is None:
        entry["image"] = Item(service.image or None, "" if service.image else "not stated: the image to run")
        return
    context = str(build.get("context", ".") if isinstance(build, dict) else build).removeprefix("./").strip("/") or "."
    file = str(build.get("dockerfile", "Dockerfile")) if isinstance(build, dict) else "Dockerfile"
    known: dict[str, Any] = build if isinstance(build, dict) else {}
    args = arguments(known.get("args"))
    path = posixpath.normpath(posixpath.join(context, file))
    entry.update(own_image(path, context, known.get("target"), args))
    if known.get("args") and len(args) < len(known["args"]):
        imported.leave(service.file, "services", service.name, "build", "args")
    for key in known:
        if key not in ("context", "dockerfile", "target", "args"):
            imported.leave(service.file, "services", service.name, "build", key)


def _health(imported: Imported, service: Service, entry: Block) -> None:
    check = service.data.get("healthcheck")
    path = health_path(" ".join(words_of(check.get("test")))) if isinstance(check, dict) else None
    entry["health_check"] = Item(Block(path=Item(path, "" if path else "not stated: a path that answers 200")))
    if isinstance(check, dict):
        for key in check:
            if key != "test" or not path:
                imported.leave(service.file, "services", service.name, "healthcheck", key)


def _connections(imported: Imported, service: Service, entry: Block, stores: dict[str, tuple[str, str]]) -> None:
    """What a service depends on, or names in its variables, it connects to."""
    stated = service.data.get("depends_on")
    names = list(stated) if isinstance(stated, list | dict) else []
    values = " ".join(service.environment().values())
    variables_of = entry["environment"].value.values() if "environment" in entry else ()
    asked = {value["from"].partition(".")[0] for value in variables_of if isinstance(value, dict)}
    used = [
        name
        for name in stores
        if name in names or as_name(name) in asked or re.search(rf"\b{re.escape(name)}\b", values)
    ]
    if used:
        entry["connects_to"] = Item([as_name(name) for name in used])
    for name in names:
        if name not in stores:
            imported.unused.append(f"services.{service.name}.depends_on {name}  ({service.at('depends_on')})")


def _deploy(imported: Imported, service: Service, entry: Block) -> None:
    stated = service.data.get("deploy")
    deploy: dict[str, Any] = stated if isinstance(stated, dict) else {}
    for key in deploy:
        if key == "replicas" and (count := number(deploy["replicas"])):
            entry["scaling"] = Item({"min": count, "max": count})
        else:
            imported.leave(service.file, "services", service.name, "deploy", key)
