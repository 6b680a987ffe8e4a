"""The dashboard: what users feel first (requests, errors, latency), then what runs, then what stores.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws.alarms import Alarm, Metric, Query
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.jobs import CLUSTER, Jobs
from cloudgen.stack.aws.load_balancer import LoadBalancer
from cloudgen.stack.aws.resource import Resource
from cloudgen.stack.aws.services import Service
from cloudgen.stack.base import Address

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
    services: Sequence[Service],
    jobs: Jobs | None,
    resources: Sequence[Resource],
) -> Dashboard:
    """Lay the graphs out, section by section, three graphs in a row."""
    sections = [
        *(_requests(balancer) if balancer else ()),
        *(_services(services) if services else ()),
        *(_jobs() if jobs else ()),
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
    return Dashboard(foundation.prefix, {"widgets": widgets})


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
    all_requests = {"LoadBalancer": Address("aws_lb", "main").arn_suffix}

    def per_service(name: str, statistic: str) -> list[list[Any]]:
        return [
            _line(
                Metric(
                    "AWS/ApplicationELB", name, statistic, {**all_requests, "TargetGroup": group.address.arn_suffix}
                ),
                label=f"{group.container} {statistic}" if statistic.startswith("p") else group.container,
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


def _services(services: Sequence[Service]) -> Iterator[_Section]:
    def lines(namespace: str, name: str, statistic: str) -> list[list[Any]]:
        return [
            _line(
                Metric(namespace, name, statistic, {"ClusterName": CLUSTER.name, "ServiceName": service.address.name}),
                label=service.name,
            )
            for service in services
        ]

    yield _Section(
        "Containers",
        (
            _graph("Running tasks", lines("ECS/ContainerInsights", "RunningTaskCount", "Average")),
            _graph("CPU, %", lines("AWS/ECS", "CPUUtilization", "Average")),
            _graph("Memory, %", lines("AWS/ECS", "MemoryUtilization", "Average")),
        ),
    )


def _jobs() -> Iterator[_Section]:
    group = {"ScheduleGroup": Address("aws_scheduler_schedule_group", "main").name}
    started = Metric("AWS/Scheduler", "InvocationAttemptCount", "Sum", group)
    failed = Metric("AWS/Scheduler", "TargetErrorCount", "Sum", group)
    yield _Section(
        "Jobs", (_graph("Starts", [_line(started, label="attempts"), _line(failed, label="errors")], period=300),)
    )


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
