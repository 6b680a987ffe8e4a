"""How well functions on Cloud Run do what the fields below `compute`, `containers` and `scaling` ask for."""

from __future__ import annotations

from cloudgen.stack.functions import parity
from cloudgen.stack.gcp.cloud_run.parity import PARITY as ON_CLOUD_RUN
from cloudgen.stack.parity import Table, approximated, exact, ignored, in_some_cases

RUNS = "services of Cloud Run that run while something comes"
"""What a container is on this platform."""

MIN = exact("the least number of instances of what visitors start, where the spec says it; else none runs")
MAX = exact("the greatest number of instances; each handles one event at once")
SCHEDULES = ignored("a function needs no capacity beforehand")

PARITY: Table = {
    **parity("gcp"),
    **ON_CLOUD_RUN,
    "containers.*.health_check.path": approximated("a startup probe asks it; nobody asks between requests"),
    "containers.*.health_check.interval": approximated("nobody asks between requests"),
    "containers.*.schedule.timeout": in_some_cases("unsupported", "Cloud Scheduler waits 30 minutes at most"),
    "containers.*.schedule.retries": in_some_cases("approximated", "Cloud Scheduler tries a run 5 times more at most"),
    "containers.*.scaling.min": MIN,
    "containers.*.scaling.max": MAX,
    "containers.*.scaling.schedules": SCHEDULES,
    "scaling.schedules": SCHEDULES,
    "scaling.min": MIN,
    "scaling.max": MAX,
}
