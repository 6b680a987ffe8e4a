"""The resolved view of a spec: what every container and resource gets, once profiles and defaults are applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from cloudgen.spec.fields import field_shape
from cloudgen.stack.base import Address, Ref, Template

if TYPE_CHECKING:
    from pydantic import BaseModel

    from cloudgen.spec.containers import Container
    from cloudgen.spec.deployment import Deployment
    from cloudgen.stack.base import Stack

_STORAGE = ("databases", "buckets", "caches", "queues")
_MAX_TEXT = 200


def resolved(deployment: Deployment) -> dict[str, Any]:
    """Return the values that hold on every target, as JSON data."""
    return {
        "name": deployment.name,
        "environment": deployment.environment,
        "prefix": deployment.prefix,
        "containers": {name: _container(deployment, container) for name, container in deployment.containers.items()},
        "routes": {route.path: route.container for route in deployment.routes},
        "storage": {
            kind: {name: _values(model) for name, model in getattr(deployment.storage, kind).items()}
            for kind in _STORAGE
        },
        "networking": _values(deployment.networking),
        "security": _values(deployment.security),
        "monitoring": _values(deployment.monitoring),
    }


def _container(deployment: Deployment, container: Container) -> dict[str, Any]:
    vcpu, memory = deployment.vcpu_and_memory(container)
    scaling = deployment.scaling_of(container)
    return {
        "kind": container.kind,
        "platform": deployment.platform(container),
        "capacity": deployment.capacity(container),
        "architecture": deployment.architecture(container),
        "vcpu": vcpu,
        "memory": f"{memory}Mi" if memory % 1024 else f"{memory // 1024}Gi",
        "port": container.port,
        "instances": {"min": scaling.min, "max": scaling.max} if container.kind in ("service", "worker") else None,
        "connects_to": [f"{c.name}:{c.verb}" if c.verb else c.name for c in container.connects_to],
        "secrets": sorted(container.secrets),
    }


def _values(model: BaseModel) -> dict[str, Any]:
    """Write a model's values as the spec has them."""
    found: dict[str, Any] = {}
    for name, info in type(model).model_fields.items():
        value, shape = getattr(model, name), field_shape(info)
        if shape.kind == "section":
            found[name] = None if value is None else _values(value)
        elif shape.kind == "names":
            found[name] = sorted(value)
        elif shape.kind == "list":
            found[name] = [str(item) for item in value or ()]
        else:
            found[name] = None if value is None else shape.written(value)
    return found


def stack_view(stack: Stack) -> dict[str, list[dict[str, Any]]]:
    """Return what a target makes of the spec: by part of its stack, each thing with its name and plain values."""
    parts: dict[str, list[dict[str, Any]]] = {}
    for name in _field_names(stack):
        value = getattr(stack, name)
        items = value if isinstance(value, tuple | list) else (value,)
        shown = [_thing(item) for item in items if is_dataclass(item) and not isinstance(item, type)]
        shown = [item for item in shown if "address" in item or "name" in item]
        if shown and name not in ("variables", "outputs"):
            parts[name] = shown
    return parts


def _thing(item: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in _field_names(item):
        value = getattr(item, name)
        if isinstance(value, Address | Ref):
            found[name] = str(value)
        elif isinstance(value, Template):
            found[name] = "".join(part if isinstance(part, str) else f"${{{part}}}" for part in value.parts)
        elif isinstance(value, str | int | float | bool) and len(str(value)) <= _MAX_TEXT:
            found[name] = value
    address = getattr(item, "address", None)
    if isinstance(address, Address):
        found = {"address": str(address), **{key: value for key, value in found.items() if key != "address"}}
    return found


def _field_names(item: Any) -> list[str]:
    return [field.name for field in fields(item)] if is_dataclass(item) else []


def text(view: dict[str, Any], parts: dict[str, dict[str, list[dict[str, Any]]]]) -> str:
    """Write the resolved view for people; `parts` are the stack views of the targets."""
    lines = [f"{view['name']} ({view['environment']}); resource names begin with {view['prefix']}", "", "containers"]
    for name, container in view["containers"].items():
        lines.append(f"  {name}: {_container_text(container)}")
    if view["routes"]:
        lines += ["", "routes", *(f"  {path} -> {container}" for path, container in view["routes"].items())]
    for kind, things in view["storage"].items():
        if things:
            lines += ["", kind, *(f"  {name}: {_flat(values)}" for name, values in things.items())]
    for section in ("networking", "security", "monitoring"):
        lines += ["", f"{section}: {_flat(view[section])}"]
    for target, groups in parts.items():
        for group, things in groups.items():
            lines += ["", f"{target}: {group}"]
            lines += [f"  {thing.get('address') or thing['name']}: {_flat(_rest(thing))}" for thing in things]
    return "\n".join(lines) + "\n"


def _rest(thing: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in thing.items() if key != "address"}


def _container_text(container: dict[str, Any]) -> str:
    port = f" on port {container['port']}" if container["port"] else ""
    parts = [
        f"{container['kind']}{port}",
        f"{container['platform']}, {container['capacity']}, {container['architecture']}",
    ]
    parts.append(f"{container['vcpu']:g} vCPU, {container['memory']}")
    if container["instances"]:
        parts.append(f"{container['instances']['min']} to {container['instances']['max']} instances")
    if container["connects_to"]:
        parts.append(f"connects to {', '.join(container['connects_to'])}")
    return "; ".join(parts)


def _flat(values: dict[str, Any], prefix: str = "") -> str:
    shown = []
    for key, value in values.items():
        if isinstance(value, dict):
            shown.append(_flat(value, f"{prefix}{key}."))
        elif isinstance(value, Sequence) and not isinstance(value, str):
            shown += [f"{prefix}{key} [{', '.join(map(str, value))}]"] if value else []
        elif value is not None:
            shown.append(f"{prefix}{key} {str(value).lower() if isinstance(value, bool) else value}")
    return ", ".join(part for part in shown if part)
