"""What Cloud Monitoring, Cloud Logging and workload identity refuse."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from rig.standin.configuration import Configuration
from rig.standin.shapes import duration, every, exactly_one, seconds, within
from rig.standin.violation import Violation

CONDITIONS = (
    "condition_threshold",
    "condition_absent",
    "condition_matched_log",
    "condition_monitoring_query_language",
    "condition_prometheus_query_language",
    "condition_sql",
)
SINKS = ("storage", "bigquery", "pubsub", "logging")
CHANNEL_LABELS = {"email": "email_address", "sms": "number", "pubsub": "topic", "webhook_tokenauth": "url"}
COLUMNS = 48
EXTRACTOR = re.compile(r"(EXTRACT|REGEXP_EXTRACT)\(.+\)")
EXTRACTED = re.compile(r"\$\{log\.extracted_label\.(\w+)\}")

one_condition = within("conditions", exactly_one(*CONDITIONS))
uptime_kind = every(
    exactly_one("http_check", "tcp_check", "synthetic_monitor"),
    exactly_one("monitored_resource", "resource_group", "synthetic_monitor"),
)
auto_close = seconds("alert_strategy.auto_close", 1800, 7 * 86400)
identity_kind = exactly_one("aws", "oidc", "saml", "x509")


def condition_times(resource: Configuration) -> Iterator[Violation]:
    """Durations are whole minutes; an alignment lasts at least one."""
    for block in ("condition_threshold", "condition_absent"):
        for path, value in resource.find(f"conditions.{block}.duration"):
            found = duration(value)
            if found is None or found % 60:
                yield Violation(path, f"{value!r} is not a multiple of 60s")
        for path, value in resource.find(f"conditions.{block}.aggregations.alignment_period"):
            if (duration(value) or 0) < 60:
                yield Violation(path, f"{value!r} is below 60s")
    for path, value in resource.find("conditions.condition_prometheus_query_language.evaluation_interval"):
        found = duration(value)
        if not found or found % 30:
            yield Violation(path, f"{value!r} is not a positive multiple of 30s")


def condition_filter(resource: Configuration) -> Iterator[Violation]:
    """A threshold watches one metric of one kind of resource."""
    for path, value in resource.find("conditions.condition_threshold.filter"):
        for word in ("metric.type", "resource.type"):
            if word not in value:
                yield Violation(path, f"must name a {word}")


def log_rate(resource: Configuration) -> Iterator[Violation]:
    """A policy on log entries says how often it tells of them."""
    name = "alert_strategy.notification_rate_limit.period"
    if resource.is_set("conditions.condition_matched_log") and not resource.is_set(name):
        yield Violation(resource.at(name), "is required for a condition on log entries")
    yield from seconds(name, 1, 7 * 86400)(resource)


def log_labels(resource: Configuration) -> Iterator[Violation]:
    """What is extracted from a log entry is said in one of two ways, and a mail names nothing else."""
    extracted: set[str] = set()
    for path, extractors in resource.find("conditions.condition_matched_log.label_extractors"):
        extracted |= set(extractors)
        for name, value in extractors.items():
            if isinstance(value, str) and not EXTRACTOR.fullmatch(value):
                yield Violation((*path, name), f"{value!r} is neither EXTRACT(…) nor REGEXP_EXTRACT(…, …)")
    for path, text in resource.find("documentation.content"):
        for name in sorted(set(EXTRACTED.findall(text)) - extracted):
            yield Violation(path, f"log.extracted_label.{name} stays empty: nothing extracts it")


def condition_count(resource: Configuration) -> Iterator[Violation]:
    """A policy has one to six conditions; PromQL stands alone."""
    found = list(resource.blocks("conditions"))
    if not 1 <= len(found) <= 6:
        yield Violation(resource.at("conditions"), f"{len(found)} conditions; 1 to 6 are allowed")
    alone = [item for item in found if item.is_set("condition_prometheus_query_language")]
    if alone and len(found) > 1:
        yield Violation(alone[0].path, "a PromQL condition must be the only one")


def channel(resource: Configuration) -> Iterator[Violation]:
    """Each kind of channel has its own address."""
    name = CHANNEL_LABELS.get(str(resource.get("type")))
    if name and name not in resource.get("labels", {name: ""}):
        yield Violation(resource.at("labels"), f"labels.{name} is needed for a channel of this type")


def uptime_times(resource: Configuration) -> Iterator[Violation]:
    """A check runs every 1, 5, 10 or 15 minutes and answers within a minute."""
    period = resource.get("period", "300s")
    if period not in ("60s", "300s", "600s", "900s"):
        yield Violation(resource.at("period"), f"{period!r} is not one of 60s, 300s, 600s, 900s")
    yield from seconds("timeout", 1, 60)(resource)


def uptime_regions(resource: Configuration) -> Iterator[Violation]:
    """A check runs from three places at least."""
    locations = {"USA": 3, "EUROPE": 1, "SOUTH_AMERICA": 1, "ASIA_PACIFIC": 1}
    for path, regions in resource.find("selected_regions"):
        if sum(locations.get(region, 1) for region in regions) < 3:
            yield Violation(path, f"{regions} are fewer than 3 locations")


def dashboard(resource: Configuration) -> Iterator[Violation]:
    """A dashboard is JSON with one layout, and its tiles lie inside the columns."""
    for path, text in resource.find("dashboard_json"):
        try:
            document: dict[str, Any] = json.loads(text)
        except ValueError as error:
            yield Violation(path, f"is not JSON: {error}")
            continue
        layouts = [name for name in document if name.endswith("Layout")]
        if not document.get("displayName") or len(layouts) != 1:
            yield Violation(path, f"displayName and exactly one layout are needed, found {layouts}")
        layout = document.get("mosaicLayout") or {}
        for number, tile in enumerate(layout.get("tiles", [])):
            right = tile.get("xPos", 0) + tile.get("width", 0)
            if right > layout.get("columns", COLUMNS):
                yield Violation(path, f"tile {number} ends in column {right} of {layout.get('columns')}")


def sink(resource: Configuration) -> Iterator[Violation]:
    """A sink's destination begins with the service that takes the logs."""
    for path, value in resource.find("destination"):
        if not value.startswith(tuple(f"{service}.googleapis.com/" for service in SINKS)):
            yield Violation(path, f"{value!r} does not begin with storage|bigquery|pubsub|logging.googleapis.com/")


def attribute_condition(resource: Configuration) -> Iterator[Violation]:
    """A provider for a shared issuer must say whose tokens it takes."""
    shared = "token.actions.githubusercontent.com" in str(resource.get("oidc.issuer_uri", ""))
    if shared and not resource.is_set("attribute_condition"):
        yield Violation(resource.at("attribute_condition"), "is needed: everybody on GitHub has tokens of this issuer")
    for path, mapping in resource.find("attribute_mapping"):
        if "google.subject" not in mapping:
            yield Violation(path, "google.subject must be mapped")
