"""The dashboard: what users feel first (requests, errors, latency), then what runs, then what stores.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws.addresses import BALANCER
from cloudgen.stack.aws.alarms import Alarm, Metric, Query
from cloudgen.stack.aws.entrance.load_balancer import LoadBalancer
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.platforms.workload import Workload
from cloudgen.stack.aws.scheduler import Scheduler
from cloudgen.stack.aws.storage.resource import Resource

WIDTH = 24
"""Columns of a dashboard."""
HEIGHT = 6
"""Rows that a graph takes."""
PER_ROW = 3

Graph = Mapping[str, Any]


@dataclass(frozen=True)
class Dashboard:
    """A dashboard of CloudWatch. `body` is its source, in the words of the API."""

    name: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class _Section:
    title: str
    graphs: tuple[Graph, ...]


def dashboard(
    foundation: Foundation,
    balancer: LoadBalancer | None,
    workloads: Sequence[Workload],
    scheduler: Scheduler | None,
    resources: Sequence[Resource],
) -> Dashboard:
    """Lay the graphs out, section by section, three graphs in a row."""
    sections = [
        *(_requests(balancer) if balancer else ()),
        *_workloads(workloads),
        *(_starts(scheduler) if scheduler else ()),
        *(_resource(resource) for resource in resources if resource.alarms),
    ]
    widgets: list[Mapping[str, Any]] = []
    top = 0
    for section in sections:
        heading = {"markdown": f"## {section.title}"}
        widgets.append({"type": "text", "x": 0, "y": top, "width": WIDTH, "height": 1, "properties": heading})
        top += 1
        for start in range(0, len(section.graphs), PER_ROW):
            row = section.graphs[start : start + PER_ROW]
            width = WIDTH // PER_ROW
            for column, graph in enumerate(row):
                place = {"x": column * width, "y": top, "width": width, "height": HEIGHT}
                properties = {"region": foundation.account.region, **graph}
                widgets.append({"type": "metric", **place, "properties": properties})
            top += HEIGHT
    # Dashboards belong to all regions of an account.
    return Dashboard(f"{foundation.prefix}-{foundation.account.region}", {"widgets": widgets})


def _graph(title: str, metrics: Sequence[Sequence[Any]], limit: float | None = None, **properties: Any) -> Graph:
    """A line graph from zero up; `limit` draws the threshold of the alarm on it."""
    graph: dict[str, Any] = {
        "title": title,
        "view": "timeSeries",
        "metrics": metrics,
        "period": 60,
        "yAxis": {"left": {"min": 0}},
        **properties,
    }
    if limit is not None:
        graph["annotations"] = {"horizontal": [{"label": "Alarm", "value": limit}]}
    return graph


def _line(metric: Metric, **options: Any) -> list[Any]:
    """A metric as a dashboard writes it: namespace, name, the dimensions flattened, then the options."""
    flat = [item for dimension in metric.dimensions.items() for item in dimension]
    return [metric.namespace, metric.name, *flat, {"stat": metric.statistic, **options}]


def _requests(balancer: LoadBalancer) -> Iterator[_Section]:
    all_requests = {"LoadBalancer": BALANCER.arn_suffix}

    def per_service(name: str, statistic: str) -> list[list[Any]]:
        return [
            _line(
                Metric(
                    "AWS/ApplicationELB", name, statistic, {**all_requests, "TargetGroup": group.address.arn_suffix}
                ),
                label=f"{group.entry.container} {statistic}" if statistic.startswith("p") else group.entry.container,
            )
            for group in balancer.target_groups
        ]

    def total(name: str, label: str) -> list[Any]:
        return _line(Metric("AWS/ApplicationELB", name, "Sum", all_requests), label=label)

    yield _Section(
        "Requests",
        (
            _graph("Requests a minute", per_service("RequestCount", "Sum")),
            _graph(
                "Errors a minute",
                [
                    total("HTTPCode_Target_5XX_Count", "5xx of the containers"),
                    total("HTTPCode_ELB_5XX_Count", "5xx of the load balancer"),
                    total("HTTPCode_Target_4XX_Count", "4xx of the containers"),
                ],
            ),
            _graph(
                "Response time, seconds",
                [*per_service("TargetResponseTime", "p50"), *per_service("TargetResponseTime", "p95")],
            ),
        ),
    )


def _workloads(workloads: Sequence[Workload]) -> Iterator[_Section]:
    """A graph for each title, with a line for each workload that has such a metric."""
    titles = dict.fromkeys(title for workload in workloads for title in workload.graphs)
    if titles:
        yield _Section("Containers", tuple(_graph(title, list(_lines(workloads, title))) for title in titles))


def _lines(workloads: Sequence[Workload], title: str) -> Iterator[list[Any]]:
    for workload in workloads:
        if title in workload.graphs:
            yield _line(workload.graphs[title], label=workload.name)


def _starts(scheduler: Scheduler) -> Iterator[_Section]:
    lines = [_line(metric, label=title) for title, metric in scheduler.graphs.items()]
    yield _Section("Jobs", (_graph("Starts", lines, period=300),))


def _resource(resource: Resource) -> _Section:
    """What a resource is watched by is also what is drawn, so a new kind of resource needs no graph of its own."""
    return _Section(resource.name, tuple(_watched(alarm) for alarm in resource.alarms))


def _watched(alarm: Alarm) -> Graph:
    if alarm.metric is not None:
        lines = [_line(alarm.metric)]
        period = alarm.metric.period
    else:
        measured = [(query, query.metric) for query in alarm.queries if query.metric is not None]
        lines = [_line(metric, id=query.id, visible=query.return_data) for query, metric in measured]
        lines += [[_computed(query)] for query in alarm.expressions]
        period = max(metric.period for _, metric in measured)
    return _graph(alarm.description, lines, alarm.threshold, period=period)


def _computed(query: Query) -> Mapping[str, Any]:
    return {
        "expression": query.expression,
        "id": query.id,
        "label": query.label or query.id,
        "visible": query.return_data,
    }
