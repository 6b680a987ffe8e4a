"""CloudWatch alarms, and events that are told: what a resource offers to be watched, rendered by monitoring.tf."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cloudgen.dataclass import dataclass, field
from cloudgen.stack.base import Address, Pair, Ref, Template, pairs

Text = str | Ref | Template


@dataclass(frozen=True)
class Metric:
    """One metric of CloudWatch: `statistic` is a basic one (Sum, Average, Maximum) or a percentile such as p95."""

    namespace: str
    name: str
    statistic: str
    dimensions: Mapping[str, Text]
    period: int = 60
    """Seconds."""


@dataclass(frozen=True)
class Query:
    """A part of metric math: a metric, or an expression over other queries."""

    id: str
    metric: Metric | None = None
    expression: str | None = None
    label: str | None = None
    return_data: bool = False

    @property
    def dimensions(self) -> tuple[Pair, ...]:
        """What the metric is about, where it is one."""
        return pairs(self.metric.dimensions) if self.metric else ()


@dataclass(frozen=True)
class Alarm:
    """An alarm on one metric, or on metric math when `queries` is given (`metric` is None then)."""

    label: str
    name: str
    description: str
    comparison: str
    threshold: float
    evaluation_periods: int
    datapoints_to_alarm: int
    metric: Metric | None = None
    queries: Sequence[Query] = field(default=())
    missing_data: str = "notBreaching"

    @property
    def address(self) -> Address:
        """The alarm's address."""
        return Address("aws_cloudwatch_metric_alarm", self.label)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The alarm alone."""
        return (self.address,)

    @property
    def percentile(self) -> bool:
        """Whether the metric's statistic is a percentile, which is another argument of the resource."""
        return self.metric is not None and self.metric.statistic.startswith("p")

    @property
    def expressions(self) -> tuple[Query, ...]:
        """The queries that compute."""
        return tuple(query for query in self.queries if query.metric is None)

    @property
    def measurements(self) -> tuple[Query, ...]:
        """The queries that read a metric."""
        return tuple(query for query in self.queries if query.metric is not None)


@dataclass(frozen=True)
class Notice:
    """An event of AWS that somebody is told of, by a rule of EventBridge."""

    label: str
    name: str
    description: str
    event_pattern: Mapping[str, Any]
    message_paths: Mapping[str, str]
    """What the message says of the event: a word -> its path in the event."""
    message: str
    """The message, as a JSON string with words in `<>`."""

    @property
    def rule(self) -> Address:
        """The rule's address."""
        return Address("aws_cloudwatch_event_rule", self.label)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The rule and its target."""
        return (self.rule, Address("aws_cloudwatch_event_target", self.label))
