"""What is watched and drawn of a function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cloudgen.stack.aws.alarms import Alarm, Metric
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.base import Address, label
from cloudgen.stack.workload import Wanted


def metric(name: str, statistic: str, function: Address, period: int = 60) -> Metric:
    """https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html."""
    return Metric("AWS/Lambda", name, statistic, {"FunctionName": function.function_name}, period)


def graphs(function: Address) -> Mapping[str, Metric]:
    """How many run, how long they take, and how many fail."""
    return {
        "Functions at once": metric("ConcurrentExecutions", "Maximum", function),
        "Duration of functions, ms": metric("Duration", "p95", function),
        "Failed functions a minute": metric("Errors", "Sum", function),
    }


def alarms(foundation: Foundation, wanted: Wanted, function: Address) -> Iterator[Alarm]:
    """Runs that fail, more of them than may run at once, and answers that take long."""
    name, start = wanted.name, f"{label(wanted.name)}_function"
    yield Alarm(
        label=f"{start}_errors",
        name=f"{foundation.prefix}-{name}-function-errors",
        description=f"Function {name} has failed for 15 minutes: a crash, a timeout, or an event that it refused",
        metric=metric("Errors", "Sum", function, period=300),
        comparison="GreaterThanThreshold",
        threshold=0,
        evaluation_periods=3,
        datapoints_to_alarm=3,
    )
    yield Alarm(
        label=f"{start}_throttles",
        name=f"{foundation.prefix}-{name}-function-throttles",
        description=f"More is asked of function {name} than scaling.max of it may do at once, for 15 minutes",
        metric=metric("Throttles", "Sum", function, period=300),
        comparison="GreaterThanThreshold",
        threshold=0,
        evaluation_periods=3,
        datapoints_to_alarm=3,
    )
    if wanted.routed:
        milliseconds = foundation.deployment.monitoring.alerts.latency_p95
        yield Alarm(
            label=f"{start}_latency",
            name=f"{foundation.prefix}-{name}-function-latency",
            description=f"{name}: 5% of requests have taken longer than {milliseconds} ms for 15 minutes",
            metric=metric("Duration", "p95", function, period=300),
            comparison="GreaterThanThreshold",
            threshold=milliseconds,
            evaluation_periods=3,
            datapoints_to_alarm=3,
        )
