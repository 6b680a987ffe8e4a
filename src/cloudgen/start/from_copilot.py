"""The folder `copilot/` of AWS Copilot as a first spec (https://aws.github.io/copilot-cli/docs/manifest/overview/)."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from cloudgen.detect.stated import yamls
from cloudgen.detect.stated.process import words_of
from cloudgen.start.arguments import arguments
from cloudgen.start.draft import own_image
from cloudgen.start.imports import Imported, application_name, as_name, number, variables
from cloudgen.start.items import Block, Item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudgen.detect.stated.yamls import Yaml
    from cloudgen.detect.tree import Tree

_WEB = ("Load Balanced Web Service", "Request-Driven Web Service", "Backend Service")
_TYPES = (*_WEB, "Worker Service", "Scheduled Job")
_RESOURCES = {
    "AWS::RDS::DBCluster": "databases",
    "AWS::RDS::DBInstance": "databases",
    "AWS::S3::Bucket": "buckets",
    "AWS::ElastiCache::ReplicationGroup": "caches",
    "AWS::ElastiCache::ServerlessCache": "caches",
    "AWS::SQS::Queue": "queues",
}
_SIZES = ((256, "xsmall"), (512, "small"), (1024, "medium"), (2048, "large"), (4096, "xlarge"))
_MACROS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
}
_USED = frozenset(
    {"name", "type", "image", "command", "entrypoint", "variables", "secrets", "cpu", "memory", "count", "on", "http"}
)


def read(tree: Tree, name: str) -> Imported:
    """Read every manifest of a folder."""
    imported = Imported(name)
    workspace = yamls.read(tree, ".workspace")
    if workspace and isinstance(workspace.get("application"), str):
        imported.name = application_name(workspace.get("application"))
    for file in tree.files:
        if not re.fullmatch(r"[^/]+/manifest\.ya?ml", file):
            continue
        found = yamls.read(tree, file)
        if found is None:
            continue
        kind = str(found.get("type") or "")
        if kind in _TYPES:
            _service(tree, imported, found, kind)
        else:
            imported.unused.append(f"{kind or 'a manifest without type'}  ({found.place('type')})")
    for file in tree.files:
        if re.search(r"(^|/)environments/.*manifest\.ya?ml$|pipelines/", file):
            imported.unused.append(f"{file}: environments and pipelines are files of their own in cloudgen")
    return imported


def _service(tree: Tree, imported: Imported, found: Yaml, kind: str) -> None:  # noqa: C901 - one branch a key
    name = as_name(str(found.get("name") or posixpath.dirname(found.file)))
    entry = Block()
    _image(imported, found, entry)
    command = (*words_of(found.get("entrypoint")), *words_of(found.get("command")))
    if command:
        entry["command"] = Item(list(command))
    port = number(found.get("image", "port"))
    if kind in _WEB and port:
        entry["port"] = Item(port)
        path = _health(found)
        entry["health_check"] = Item(Block(path=Item(path, "Copilot's default" if not _stated_health(found) else "")))
    if kind == "Scheduled Job":
        _schedule(imported, found, entry)
    size = next((word for least, word in _SIZES if (number(found.get("cpu")) or 0) <= least), "2xlarge")
    if found.get("cpu"):
        entry["size"] = Item(size, f"cpu {found.get('cpu')}, memory {found.get('memory')} in Copilot")
    _count(imported, found, entry)
    variables(imported, {key: str(value or "") for key, value in _plain(found, "variables").items()}, entry)
    for variable in found.mapping("secrets"):
        secrets = entry.setdefault("secrets", Item({}))
        secrets.value[variable] = imported.secret(variable)
    stored = [*_addons(tree, imported, posixpath.dirname(found.file))]
    if stored:
        entry["connects_to"] = Item(stored)
    imported.containers[name] = Item(entry)
    imported.taken.append(f"containers.{name} from {kind}  ({found.place('name')})")
    _alias(imported, found)
    if isinstance(path := found.get("http", "path"), str):
        imported.paths[name] = f"/{path.strip('/')}"
    for key in found.mapping():
        if key not in _USED:
            imported.leave(found, key)
    for key in found.mapping("http"):
        if key not in ("healthcheck", "alias", "path"):
            imported.leave(found, "http", key)


def _plain(found: Yaml, key: str) -> dict[str, Any]:
    """Variables that are texts; those of CloudFormation (`from_cfn`) have no counterpart."""
    return {name: value for name, value in found.mapping(key).items() if not isinstance(value, dict | list)}


def _image(imported: Imported, found: Yaml, entry: Block) -> None:
    build, location = found.get("image", "build"), found.get("image", "location")
    if location:
        entry["image"] = Item(str(location))
    else:
        file = build.get("dockerfile", "Dockerfile") if isinstance(build, dict) else build
        known: dict[str, Any] = build if isinstance(build, dict) else {}
        path = str(file or "Dockerfile").removeprefix("./")
        # Where none is stated, the folder of the Dockerfile is the context.
        # https://aws.github.io/copilot-cli/docs/manifest/lb-web-service/#image-build
        stated = known.get("context") or posixpath.dirname(path)
        context = str(stated).removeprefix("./").strip("/") or "."
        args = arguments(known.get("args"))
        entry.update(own_image(path, context, known.get("target"), args))
        if known.get("args") and len(args) < len(known["args"]):
            imported.leave(found, "image", "build", "args")
        for key in known:
            if key not in ("context", "dockerfile", "target", "args"):
                imported.leave(found, "image", "build", key)
    for key in found.mapping("image"):
        if key not in ("build", "location", "port"):
            imported.leave(found, "image", key)


def _stated_health(found: Yaml) -> str | None:
    check = found.get("http", "healthcheck")
    stated = check.get("path") if isinstance(check, dict) else check
    return str(stated) if stated else None


def _health(found: Yaml) -> str:
    """Return the path; Copilot asks `/` where nothing is stated."""
    return _stated_health(found) or "/"


def _schedule(imported: Imported, found: Yaml, entry: Block) -> None:
    stated = str(found.get("on", "schedule") or "")
    cron = _MACROS.get(stated) or (stated if len(stated.split()) == 5 else None)
    if match := re.fullmatch(r"@every (\d+)([mh])", stated):
        cron = f"*/{match[1]} * * * *" if match[2] == "m" else f"0 */{match[1]} * * *"
    entry["schedule"] = Item(
        {"cron": cron} if cron else None, "" if cron else f"{stated}: no cron expression of five fields"
    )
    for key in found.mapping("on"):
        if key != "schedule":
            imported.leave(found, "on", key)


def _count(imported: Imported, found: Yaml, entry: Block) -> None:
    count = found.get("count")
    if fixed := number(count):
        entry["scaling"] = Item({"min": fixed, "max": fixed})
    elif isinstance(count, dict):
        limits = re.fullmatch(r"(\d+)-(\d+)", str(count.get("range") or ""))
        scaling: dict[str, Any] = {"min": max(1, int(limits[1])), "max": int(limits[2])} if limits else {}
        if cpu := number(str(count.get("cpu_percentage") or "").rstrip("%")):
            scaling["cpu"] = f"{cpu}%"
        if scaling:
            entry["scaling"] = Item(scaling)
        for key in count:
            if not (key == "range" and limits) and not (key == "cpu_percentage" and "cpu" in scaling):
                imported.leave(found, "count", key)


def _alias(imported: Imported, found: Yaml) -> None:
    alias = found.get("http", "alias")
    if isinstance(alias, str) and imported.domain is None:
        imported.domain = alias
    elif alias:
        imported.leave(found, "http", "alias")


def _addons(tree: Tree, imported: Imported, folder: str) -> Iterator[str]:
    """Yield the names of what a service's addons make; the rest of their CloudFormation is told."""
    for file in tree.files:
        if not re.fullmatch(rf"{re.escape(folder)}/addons/[^/]+\.ya?ml", file):
            continue
        found = yamls.read(tree, file)
        for label, resource in found.mapping("Resources").items() if found else ():
            kind = _RESOURCES.get(str(resource.get("Type")) if isinstance(resource, dict) else "")
            if kind is None or found is None:
                imported.unused.append(f"{label} of {file}")
                continue
            name = as_name(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", label))
            engine = str(found.get("Resources", label, "Properties", "Engine") or "")
            items: dict[str, dict[str, Any]] = {
                "databases": {"engine": "mysql" if "mysql" in engine else "postgres", "size": "small"},
                "buckets": {"versioning": True},
                "caches": {"engine": "valkey", "size": "small"},
                "queues": {},
            }
            imported.store(kind, name, Item(items[kind]))
            imported.taken.append(f"storage.{kind}.{name} from {label}  ({found.place('Resources', label)})")
            yield f"{name}:publish" if kind == "queues" else name
