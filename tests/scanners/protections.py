"""The fields of the spec that switch a protection off, which a scanner then misses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cloudgen.spec.deployment import Deployment
from cloudgen.spec.values import values
from cloudgen.stack import TARGETS
from cloudgen.stack.parity import support_of

YEAR = 365 * 86400


@dataclass(frozen=True)
class Protection:
    """When a field leaves its protection on, and a value that switches it off, as one writes it."""

    on: Callable[[Any], bool]
    off: Any


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
    table = TARGETS[cloud].parity_table()
    assert table is not None
    return {
        value.key
        for value in values(deployment)
        if value.key in PROTECTIONS
        and support_of(table, value.key)[1].level != "ignored"
        and not PROTECTIONS[value.key].on(value.value)
    }
