"""The dashboard: what users feel first (requests, errors, latency), then what runs, then what stores.

https://cloud.google.com/monitoring/api/ref_v3/rest/v1/projects.dashboards
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cloudgen.dataclass import dataclass, replace
from cloudgen.stack.gcp.alarms import Alarm, Graph, Text, Threshold
from cloudgen.stack.gcp.entrance.load_balancer import LoadBalancer
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.platforms.workload import Workload, by_kind
from cloudgen.stack.gcp.storage.resource import Resource

WIDTH = 48
"""Columns of a dashboard."""
HEIGHT = 16
"""Rows that a graph takes."""
HEADING = 4
"""Rows that a heading takes."""
PER_ROW = 3

Widget = Mapping[str, Any]


@dataclass(frozen=True)
class Dashboard:
    """A dashboard of Cloud Monitoring. `body` is its source, in the words of the API."""

    body: Mapping[str, Any]


@dataclass(frozen=True)
class _Section:
    title: str
    graphs: tuple[Widget, ...]


@dataclass(frozen=True)
class _Line:
    """Time series, and how they become lines."""

    filter: Text
    aligner: str
    reducer: str
    group_by: Sequence[str]
    title: str = ""


def dashboard(
    foundation: Foundation,
    balancer: LoadBalancer | None,
    workloads: Sequence[Workload],
    resources: Sequence[Resource],
) -> Dashboard:
    """Lay the graphs out, section by section, three graphs in a row."""
    sections = [
        *(_requests(balancer) if balancer else ()),
        *_running([graph for workload in by_kind(workloads) for graph in workload.graphs]),
        *(_resource(resource) for resource in resources if resource.alarms),
    ]
    tiles: list[Mapping[str, Any]] = []
    top = 0
    for section in sections:
        text = {"content": f"## {section.title}", "format": "MARKDOWN"}
        tiles.append(_tile(0, top, WIDTH, HEADING, {"text": text}))
        top += HEADING
        for start in range(0, len(section.graphs), PER_ROW):
            width = WIDTH // PER_ROW
            for column, graph in enumerate(section.graphs[start : start + PER_ROW]):
                tiles.append(_tile(column * width, top, width, HEIGHT, graph))
            top += HEIGHT
    return Dashboard(
        {"displayName": foundation.prefix, "mosaicLayout": {"columns": WIDTH, "tiles": tuple(tiles)}},
    )


def _tile(left: int, top: int, width: int, height: int, widget: Widget) -> Mapping[str, Any]:
    """A widget in its place. The API forgets a coordinate that is 0, and Terraform would add it in every plan."""
    place = {"xPos": left, "yPos": top, "width": width, "height": height}
    return {**{key: value for key, value in place.items() if value}, "widget": widget}


def _graph(title: str, lines: Sequence[_Line], limit: float | None = None) -> Widget:
    """A line graph; `limit` draws the threshold of the alarm on it, unless it is 0, which the API forgets."""
    chart: dict[str, Any] = {"dataSets": tuple(_data_set(line) for line in lines)}
    if limit:
        chart["thresholds"] = ({"label": "Alarm", "value": limit},)
    return {"title": title, "xyChart": chart}


def _data_set(line: _Line) -> Mapping[str, Any]:
    aggregation: dict[str, Any] = {"alignmentPeriod": "60s", "perSeriesAligner": line.aligner}
    if line.reducer:
        aggregation["crossSeriesReducer"] = line.reducer
    if line.group_by:
        aggregation["groupByFields"] = tuple(line.group_by)
    query = {"timeSeriesFilter": {"filter": line.filter, "aggregation": aggregation}}
    legend = {"legendTemplate": line.title} if line.title else {}
    return {"timeSeriesQuery": query, "plotType": "LINE", **legend}


def _requests(balancer: LoadBalancer) -> Iterator[_Section]:
    """https://cloud.google.com/monitoring/api/metrics_gcp_i_o#gcp-loadbalancing."""
    backend = "resource.label.backend_target_name"

    def filter_(metric: str, *conditions: str) -> str:
        return " AND ".join(
            (
                f'metric.type = "loadbalancing.googleapis.com/https/{metric}"',
                'resource.type = "https_lb_rule"',
                f'resource.labels.url_map_name = "{balancer.name}"',
                *conditions,
            )
        )

    def errors(code: int) -> _Line:
        condition = f"metric.labels.response_code_class = {code}"
        title = f"{code // 100}xx"
        return _Line(filter_("request_count", condition), "ALIGN_RATE", "REDUCE_SUM", (), title)

    def latency(percentile: int) -> _Line:
        reducer = f"REDUCE_PERCENTILE_{percentile:02d}"
        return _Line(filter_("backend_latencies"), "ALIGN_DELTA", reducer, (backend,), f"p{percentile}")

    yield _Section(
        "Requests",
        (
            _graph("Requests a second", [_Line(filter_("request_count"), "ALIGN_RATE", "REDUCE_SUM", (backend,))]),
            _graph("Errors a second", [errors(500), errors(400)]),
            _graph("Response time, milliseconds", [latency(50), latency(95)]),
        ),
    )


def _running(drawn: Sequence[Graph]) -> Iterator[_Section]:
    """What runs: a section for each heading, a graph for each title, and one query for all that differ by name only."""
    for section in dict.fromkeys(graph.section for graph in drawn):
        below = [graph for graph in drawn if graph.section == section]
        titles = dict.fromkeys(graph.title for graph in below)
        yield _Section(
            section,
            tuple(_graph(title, list(_lines([graph for graph in below if graph.title == title]))) for title in titles),
        )


def _lines(graphs: Sequence[Graph]) -> Iterator[_Line]:
    for alike in dict.fromkeys(replace(graph, value="") for graph in graphs):
        names = ", ".join(f'"{graph.value}"' for graph in graphs if replace(graph, value="") == alike)
        yield _Line(
            f'metric.type = "{alike.metric}" AND resource.type = "{alike.resource}"'
            f" AND {alike.path} = one_of({names}){f' AND {alike.where}' if alike.where else ''}",
            alike.aligner,
            alike.reducer,
            (alike.grouped, *alike.by),
        )


def _resource(resource: Resource) -> _Section:
    """What a resource is watched by is also what is drawn, so a new kind of resource needs no graph of its own."""
    watched = [(alarm, alarm.threshold) for alarm in resource.alarms]
    return _Section(resource.name, tuple(_watched(alarm, threshold) for alarm, threshold in watched if threshold))


def _watched(alarm: Alarm, threshold: Threshold) -> Widget:
    line = _Line(threshold.filter, threshold.aligner, threshold.reducer or "", threshold.group_by)
    return _graph(alarm.description, [line], threshold.value)
