"""The examples of each rule: good and bad configurations, and what exists, from `<cloud>/cases/`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from rig.standin.cloud import Cloud
from rig.standin.computed import default_value
from rig.standin.configuration import Configuration
from rig.standin.gcp.computed import GcpComputed
from rig.standin.schema import RecordedSchema, fill, find_schema, walk

FOLDER = Path(__file__).parent
PROJECT, REGION = "acme-shop", "europe-west1"


@dataclass(frozen=True)
class Bad:
    """A configuration that breaks the rule, the path of the error, and types that do not exist in this one."""

    config: dict[str, Any]
    at: str
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """A rule's examples. `cloud` is what exists before."""

    rule: str
    type: str
    good: dict[str, Any]
    bad: tuple[Bad, ...]
    cloud: tuple[dict[str, Any], ...]


def read_cases(cloud: str, *files: str) -> dict[str, Case]:
    """Read the cases of some files of a cloud's folder, by rule."""
    found: dict[str, Case] = {}
    for file in files:
        for name, entry in yaml.safe_load(
            (FOLDER / cloud / "cases" / f"{file}.yaml").read_text(encoding="utf-8")
        ).items():
            bad = tuple(Bad(item["config"], item["at"], tuple(item.get("without", ()))) for item in entry["bad"])
            found[name] = Case(name, entry["type"], entry["good"], bad, tuple(entry.get("cloud", ())))
    return found


@cache
def gcp() -> RecordedSchema:
    """Return the schema that Google's cases are written for."""
    return find_schema("google", "8")


@cache
def aws() -> RecordedSchema:
    """Return the schema that Amazon's cases are written for."""
    return find_schema("aws", "6")


def schema_of(resource_type: str) -> RecordedSchema:
    """Return the schema that has a type."""
    return aws() if resource_type.startswith("aws_") else gcp()


def resource(resource_type: str, config: dict[str, Any]) -> Configuration:
    """Return a configuration as the rules see it. Raises KeyError for what the schema does not have."""
    block = schema_of(resource_type).block("resource_schemas", resource_type)
    return Configuration(resource_type, fill(block, config), PROJECT, REGION)


def cloud_of(things: tuple[dict[str, Any], ...]) -> Cloud:
    """Return a cloud in which these resources exist, each `{type: attributes}`, made in this order."""
    cloud = Cloud()
    for thing in things:
        for resource_type, attributes in thing.items():
            put(cloud, resource_type, attributes)
    return cloud


def put(cloud: Cloud, resource_type: str, attributes: dict[str, Any]) -> None:
    """Create one resource with its computed values."""
    if not resource_type.startswith("google_"):
        cloud.put(resource_type, str(attributes.get("id", len(cloud.things))), attributes)
        return
    block = gcp().block("resource_schemas", resource_type)
    computed = GcpComputed(resource_type, attributes, {"project": PROJECT, "region": REGION})
    values = walk(
        block,
        fill(block, attributes),
        lambda path, attribute, value: (
            value
            if value is not None or not attribute.get("computed")
            else computed.value(str(path[-1]), attribute["type"], bool(attribute.get("optional")))
            if len(path) == 1
            else default_value(attribute["type"])
        ),
    )
    cloud.put(resource_type, str(values["id"]), values)
