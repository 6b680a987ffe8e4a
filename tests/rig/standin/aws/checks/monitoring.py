"""CloudWatch: alarms, logs and dashboards."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from rig.standin.configuration import Configuration
from rig.standin.shapes import one_of
from rig.standin.violation import Violation

DAY, WEEK, HOUR = 86400, 7 * 86400, 3600
MOST_ACTIONS, MOST_WIDGETS, WIDEST, LONGEST_PATH = 5, 500, 24, 255

retention = one_of(
    "retention_in_days",
    *(0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
)


def alarm_periods(resource: Configuration) -> Iterator[Violation]:
    """Periods are whole minutes, and an alarm looks back a day at most, or a week with long periods."""
    periods = [
        *resource.find("period"),
        *resource.find("metric_query.period"),
        *resource.find("metric_query.metric.period"),
    ]
    times = int(resource.get("evaluation_periods", 1))
    for path, period in periods:
        if int(period) not in (10, 20, 30) and int(period) % 60:
            yield Violation(path, f"{period} is not 10, 20, 30 or a multiple of 60 seconds")
        if int(period) * times > (WEEK if int(period) >= HOUR else DAY):
            yield Violation(path, f"{times} periods of {period} seconds are more than an alarm looks back")
    needed = resource.get("datapoints_to_alarm")
    if needed is not None and int(needed) > times:
        yield Violation(resource.at("datapoints_to_alarm"), f"{needed} of {times} periods")


def health_check(resource: Configuration) -> Iterator[Violation]:
    """Route 53 asks every 10 or 30 seconds, believes 1 to 10 answers, and takes a path of at most 255 characters."""
    interval, threshold = resource.get("request_interval"), resource.get("failure_threshold")
    if interval is not None and int(interval) not in (10, 30):
        yield Violation(resource.at("request_interval"), f"{interval} is neither 10 nor 30 seconds")
    if threshold is not None and not 1 <= int(threshold) <= 10:
        yield Violation(resource.at("failure_threshold"), f"{threshold} is not within 1 and 10")
    path = resource.get("resource_path")
    if isinstance(path, str) and (len(path) > LONGEST_PATH or not path.startswith("/")):
        yield Violation(resource.at("resource_path"), "the path begins with / and has at most 255 characters")


def alarm_queries(resource: Configuration) -> Iterator[Violation]:
    """An alarm watches one metric: by its name, or as the one query that returns data, of queries that are there."""
    queries = list(resource.blocks("metric_query"))
    if bool(queries) == resource.is_set("metric_name"):
        yield Violation(resource.at("metric_name"), "either a metric or queries are watched")
    if not queries or any(query.has_unknown(name) for query in queries for name in ("id", "return_data", "expression")):
        return
    ids = [str(query.get("id")) for query in queries]
    for query in queries:
        if not re.fullmatch(r"[a-z]\w*", str(query.get("id"))) or ids.count(str(query.get("id"))) > 1:
            yield Violation(query.at("id"), f"{query.get('id')!r} is no id, or that of two queries")
        if query.is_set("expression") == query.is_set("metric"):
            yield Violation(query.at("expression"), "a query is either an expression or a metric")
        names = re.findall(r"\b[a-z]\w*", re.sub(r'"[^"]*"', "", str(query.get("expression", ""))))
        if unknown := sorted(set(names) - set(ids)):
            yield Violation(query.at("expression"), f"there is no query {', '.join(unknown)}")
    if sum(query.get("return_data") is True for query in queries) != 1:
        yield Violation(resource.at("metric_query.return_data"), "exactly one query returns data")


def alarm_actions(resource: Configuration) -> Iterator[Violation]:
    """An alarm does few things, each of which has an ARN."""
    for name in ("alarm_actions", "ok_actions", "insufficient_data_actions"):
        for path, actions in resource.find(name):
            known = [action for action in actions if isinstance(action, str)]
            if len(actions) > MOST_ACTIONS or not all(action.startswith("arn:") for action in known):
                yield Violation(path, f"{known} are not at most {MOST_ACTIONS} ARNs")


def widgets(resource: Configuration) -> Iterator[Violation]:
    """The widgets of a dashboard are few, and lie within its width."""
    try:
        found = json.loads(resource.get("dashboard_body", "{}")).get("widgets", [])
    except ValueError:
        return
    if len(found) > MOST_WIDGETS:
        yield Violation(("dashboard_body",), f"{len(found)} widgets are more than {MOST_WIDGETS}")
    for widget in found:
        if int(widget.get("x", 0)) + int(widget.get("width", 6)) > WIDEST:
            yield Violation(("dashboard_body",), f"a widget ends beyond column {WIDEST}")
        if widget.get("type") == "metric" and not (widget.get("properties") or {}).get("region"):
            yield Violation(("dashboard_body",), "a widget of metrics has no region")
