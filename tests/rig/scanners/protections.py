"""The fields of the spec that switch a protection off, so that a scanner reports it; specs with and without them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from cloudgen.pipeline import build, read_spec
from cloudgen.render import render
from cloudgen.spec.deployment import Deployment
from cloudgen.spec.values import values
from cloudgen.stack import TARGETS
from cloudgen.stack.parity import support_of

Spec = Mapping[str, Any]

SECTIONS = (
    "state",
    "compute",
    "containers",
    "load_balancer",
    "networking",
    "storage",
    "monitoring",
    "security",
    "scaling",
)
FIELD = re.compile(rf"\b(?:{'|'.join(SECTIONS)})(?:\.(?:\*|\w+))+")
"""A field of the spec, as the reason of a suppression writes it."""

YEAR = 365 * 86400


@dataclass(frozen=True)
class Protection:
    """When a field leaves its protection on, and a value that switches it off, as one writes it."""

    on: Callable[[Any], bool]
    off: Any


CHOICES = {"storage.databases.*.version"}
"""Fields that a scanner has an opinion on, and that switch no protection off: they choose between good values."""


def _is_true(value: Any) -> bool:
    return value is True


PROTECTIONS: Mapping[str, Protection] = {
    "containers.*.read_only": Protection(_is_true, False),
    "load_balancer.domain": Protection(lambda value: value is not None, None),
    "load_balancer.tls": Protection(lambda value: value == "managed", "none"),
    "load_balancer.waf": Protection(_is_true, False),
    "monitoring.logs.retention": Protection(lambda value: value >= YEAR, "30d"),
    "networking.flow_logs": Protection(_is_true, False),
    "security.deletion_protection": Protection(_is_true, False),
    "security.encryption": Protection(lambda value: value == "customer_managed", "provider_managed"),
    "storage.buckets.*.versioning": Protection(_is_true, False),
    "storage.databases.*.high_availability": Protection(_is_true, False),
}


def switched_off(deployment: Deployment, cloud: str) -> set[str]:
    """Return the fields that switch a protection off, among those that mean anything on this cloud."""
    parity = TARGETS[cloud].support()
    assert parity is not None
    table = parity.table()
    return {
        value.key
        for value in values(deployment)
        if value.key in PROTECTIONS
        and support_of(table, value.key)[1].level != "ignored"
        and not PROTECTIONS[value.key].on(value.value)
    }


def asked_for(reason: str) -> bool:
    """Whether a suppression's reason says that the spec wants it so: it begins with the field, and what that is."""
    field = FIELD.match(reason)
    return field is not None and field[0] in {*PROTECTIONS, *CHOICES} and reason.startswith(" is ", field.end())


SAFE: Spec = {
    "version": 1,
    "name": "shop",
    "targets": {"aws": {"region": "eu-west-1"}, "gcp": {"region": "europe-west1", "project": "acme-shop"}},
    # Connected to nothing: checkov cannot read the definition of a container with a variable such as "s3://${...}", and
    # lets it pass, whatever it says. Our own rules read them all.
    "containers": {"web": {"port": 8000, "writable": ["media:keep"]}},
    "load_balancer": {"domain": "shop.example.com"},
    "networking": {},
    "storage": {"databases": {"orders": {}}, "buckets": {"assets": {}}, "queues": {"jobs": {}}},
    "monitoring": {"logs": {}, "alerts": {"email": ["ops@example.com"]}},
    "security": {},
}
"""With all protections, and with everything that has one."""


def changed(spec: Spec, path: list[str], value: Any) -> dict[str, Any]:
    """Return a copy with one field set; `*` is the only entry that there is."""
    head, *rest = path
    names = list(spec) if head == "*" else [head]
    return {**spec, **{name: changed(spec.get(name, {}), rest, value) if rest else value for name in names}}


def _all_off() -> Spec:
    spec = SAFE
    for field, protection in PROTECTIONS.items():
        spec = changed(spec, field.split("."), protection.off)
    return spec


BESIDE_GOLDEN: Mapping[str, Spec] = {
    # Without any protection.
    "all-off": _all_off(),
    # The audit trail of an account where nothing has a log of access that it could join.
    "audit-alone": {
        **{key: SAFE[key] for key in ("version", "name", "targets")},
        "containers": {"worker": {"command": ["work"]}},
        "monitoring": {"audit": True, "alerts": {"email": ["ops@example.com"]}},
    },
    # A function of Lambda without a key of one's own.
    "function-without-key": {
        **{key: SAFE[key] for key in ("version", "name", "targets")},
        "containers": {"index": {"build": {"app": "shop.index:app"}, "trigger": {"queue": "jobs"}}},
        "storage": {"queues": {"jobs": {}}},
        "security": {"encryption": "provider_managed"},
    },
}
"""Specs with what no golden one has, so that each suppression of a template is in some tree."""


def render_spec(spec: Spec, cloud: str, folder: Path) -> Path:
    """Write a spec into a new folder and render it there; return the folder of what was rendered."""
    folder.mkdir(parents=True)
    file = folder / "cloudgen.yaml"
    file.write_text(yaml.safe_dump(dict(spec)), encoding="utf-8")
    for made in render(build(read_spec(str(file)), cloud)):
        path = folder / "out" / made.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made.text, encoding="utf-8")
    return folder / "out"
