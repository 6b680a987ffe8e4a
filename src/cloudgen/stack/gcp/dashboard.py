"""The dashboard: what users feel first (requests, errors, latency), then what runs, then what stores.

https://cloud.google.com/monitoring/api/ref_v3/rest/v1/projects.dashboards
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cloudgen.dataclass import dataclass
from cloudgen.stack.gcp.alarms import Alarm, Text, Threshold
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.jobs import Jobs
from cloudgen.stack.gcp.load_balancer import LoadBalancer
from cloudgen.stack.gcp.resource import Resource
from cloudgen.stack.gcp.services import Service

WIDTH = 48
"""Columns of a dashboard."""
HEIGHT = 16
"""Rows that a graph takes."""
HEADING = 4
"""Rows that a heading takes."""
PER_ROW = 3

Graph = Mapping[str, Any]


@dataclass(frozen=True)
class Dashboard:
    """A dashboard of Cloud Monitoring. `body` is its source, in the words of the API."""

    body: Mapping[str, Any]


@dataclass(frozen=True)
class _Section:
    title: str
    graphs: tuple[Graph, ...]


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
    services: Sequence[Service],
    jobs: Jobs | None,
    resources: Sequence[Resource],
) -> Dashboard:
    """Lay the graphs out, section by section, three graphs in a row."""
    sections = [
        *(_requests(balancer) if balancer else ()),
        *_containers(services),
        *(_jobs(jobs) if jobs else ()),
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


def _tile(left: int, top: int, width: int, height: int, widget: Graph) -> Mapping[str, Any]:
    """A widget in its place. The API forgets a coordinate that is 0, and Terraform would add it in every plan."""
    place = {"xPos": left, "yPos": top, "width": width, "height": height}
    return {**{key: value for key, value in place.items() if value}, "widget": widget}


def _graph(title: str, lines: Sequence[_Line], limit: float | None = None) -> Graph:
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


def _containers(services: Sequence[Service]) -> Iterator[_Section]:
    """https://cloud.google.com/monitoring/api/metrics_gcp_p_z#gcp-run."""
    for worker, resource, name, title in (
        (False, "cloud_run_revision", "service_name", "Services"),
        (True, "cloud_run_worker_pool", "worker_pool_name", "Worker pools"),
    ):
        names = [f'"{each.workload.run_name}"' for each in services if each.worker is worker]
        if not names:
            continue
        which = f'resource.type = "{resource}" AND resource.labels.{name} = one_of({", ".join(names)})'
        grouped = (f"resource.label.{name}",)

        def line(metric: str, aligner: str, reducer: str, which: str = which, by: Sequence[str] = grouped) -> _Line:
            return _Line(f'metric.type = "run.googleapis.com/container/{metric}" AND {which}', aligner, reducer, by)

        yield _Section(
            title,
            (
                _graph("Instances", [line("instance_count", "ALIGN_MAX", "REDUCE_SUM")]),
                _graph("CPU, share in use", [line("cpu/utilizations", "ALIGN_DELTA", "REDUCE_MEAN")]),
                _graph("Memory, share in use", [line("memory/utilizations", "ALIGN_DELTA", "REDUCE_PERCENTILE_95")]),
            ),
        )


def _jobs(jobs: Jobs) -> Iterator[_Section]:
    names = ", ".join(f'"{job.workload.run_name}"' for job in jobs.jobs)
    filter_ = (
        'metric.type = "run.googleapis.com/job/completed_execution_count"'
        f' AND resource.type = "cloud_run_job" AND resource.labels.job_name = one_of({names})'
    )
    by = ("resource.label.job_name", "metric.label.result")
    yield _Section("Jobs", (_graph("Executions", [_Line(filter_, "ALIGN_DELTA", "REDUCE_SUM", by)]),))


def _resource(resource: Resource) -> _Section:
    """What a resource is watched by is also what is drawn, so a new kind of resource needs no graph of its own."""
    watched = [(alarm, alarm.threshold) for alarm in resource.alarms]
    return _Section(resource.name, tuple(_watched(alarm, threshold) for alarm, threshold in watched if threshold))


def _watched(alarm: Alarm, threshold: Threshold) -> Graph:
    line = _Line(threshold.filter, threshold.aligner, threshold.reducer or "", threshold.group_by)
    return _graph(alarm.description, [line], threshold.value)
