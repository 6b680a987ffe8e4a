"""Alert policies of Cloud Monitoring: what a resource offers to be watched, and the channels to whoever is told."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address, Ref, Template
from cloudgen.stack.gcp.addresses import APIS_READY
from cloudgen.stack.gcp.foundation import Foundation

Text = str | Ref | Template


@dataclass(frozen=True)
class Channel:
    """Somebody who is told, rendered by the partial `_channel.tf.j2`."""

    label: str
    email: str
    before: tuple[Address, ...] = (APIS_READY,)

    @property
    def address(self) -> Address:
        """The channel's address."""
        return Address("google_monitoring_notification_channel", self.label)


def channels(foundation: Foundation) -> tuple[Channel, ...]:
    """Decide who is told: each address of the spec once. Every module has channels of its own."""
    return tuple(
        Channel(channel_label(email), email) for email in dict.fromkeys(foundation.deployment.monitoring.alerts.email)
    )


def channel_label(email: str) -> str:
    """The Terraform label of whom an address belongs to: of the address alone, wherever it stands in the list.

    The hash tells `a.b@example.com` and `a-b@example.com` apart.
    """
    words = re.sub(r"[^a-z0-9]+", "_", email.lower()).strip("_")
    return f"email_{words}_{hashlib.sha256(email.encode()).hexdigest()[:4]}"


@dataclass(frozen=True)
class Graph:
    """A line of a graph on the dashboard. Lines that differ by `value` only are drawn by one query.

    https://cloud.google.com/monitoring/api/v3/aggregation
    """

    section: str
    """The heading that the graph stands below."""
    title: str
    metric: str
    """The metric's type: `run.googleapis.com/container/instance_count`."""
    resource: str
    """The type of the monitored resource."""
    label: str
    """The label of the monitored resource that has its name, or the path of what else has it:
    `metadata.system_labels.instance_group`."""
    value: str
    """The name."""
    aligner: str
    reducer: str
    by: tuple[str, ...] = ()
    """Further labels that lines are told apart by."""
    where: str = ""
    """A further condition: `metric.labels.state = "used"`."""

    @property
    def path(self) -> str:
        """What has the name, in a filter."""
        return self.label if "." in self.label else f"resource.labels.{self.label}"

    @property
    def grouped(self) -> str:
        """What has the name, in a list of what lines are told apart by."""
        return self.label if "." in self.label else f"resource.label.{self.label}"


@dataclass(frozen=True)
class Threshold:
    """A condition on one metric. Times are in seconds.

    https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies#MetricThreshold
    """

    filter: Text
    """Which time series: always names `metric.type` and `resource.type`."""
    aligner: str
    """How the points of one series become one point a period: ALIGN_MEAN, ALIGN_RATE, ALIGN_PERCENTILE_95 and so on."""
    value: float
    comparison: str = "COMPARISON_GT"
    period: int = 300
    """The alignment period."""
    reducer: str | None = None
    """How several series become one: REDUCE_SUM, REDUCE_MEAN; None keeps them apart."""
    group_by: Sequence[str] = ()

    @property
    def period_text(self) -> str:
        """The alignment period as the API writes it: `300s`."""
        return f"{self.period}s"


@dataclass(frozen=True)
class Query:
    """A condition in PromQL, for what needs arithmetic over metrics: it holds while the query returns anything."""

    query: Text
    interval: int = 60
    """Seconds between two evaluations."""

    @property
    def interval_text(self) -> str:
        """The interval as the API writes it: `60s`."""
        return f"{self.interval}s"


@dataclass(frozen=True)
class Alarm:
    """An alert policy with one condition: either a threshold or a query."""

    label: str
    name: str
    """What is in the subject of the mail: `shop-prod: orders-db is short of disk`."""
    description: str
    """What is wrong and where to look, in one or two sentences."""
    condition: Threshold | Query
    duration: int = 0
    """Seconds that the condition has to hold."""
    severity: str = "ERROR"
    """CRITICAL, ERROR or WARNING."""
    before: Sequence[object] = ()
    """What has to exist first, for metrics that appear with their resource."""
    replaced_with: Ref | None = None
    """What Google does not delete while this policy names it; None where it is created before its forerunner goes."""

    @property
    def address(self) -> Address:
        """The policy's address."""
        return Address("google_monitoring_alert_policy", self.label)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The policy."""
        return (self.address,)

    @property
    def threshold(self) -> Threshold | None:
        """The condition, if it is a threshold."""
        return self.condition if isinstance(self.condition, Threshold) else None

    @property
    def query(self) -> Query | None:
        """The condition, if it is a query."""
        return self.condition if isinstance(self.condition, Query) else None

    @property
    def duration_text(self) -> str:
        """The duration as the API writes it: `300s`."""
        return f"{self.duration}s"
