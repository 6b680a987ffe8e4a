"""What is watched and drawn of a group of machines."""

from __future__ import annotations

from collections.abc import Iterator

from cloudgen.stack.aws.alarms import Alarm, Metric, Query
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.platforms.groups import group_metric
from cloudgen.stack.base import Address, label


def cpu(group: Address, period: int = 60) -> Metric:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html."""
    return Metric("AWS/EC2", "CPUUtilization", "Average", {"AutoScalingGroupName": group.name}, period)


def alarms(foundation: Foundation, name: str, group: Address) -> Iterator[Alarm]:
    """CPU in use, and machines that do not come up."""
    percent = foundation.deployment.monitoring.alerts.cpu
    yield Alarm(
        label=f"{label(name)}_service_cpu",
        name=f"{foundation.prefix}-{name}-service-cpu",
        description=f"{name} has used more than {percent:g}% of its CPU for 15 minutes",
        metric=cpu(group, period=300),
        comparison="GreaterThanThreshold",
        threshold=percent,
        evaluation_periods=3,
        datapoints_to_alarm=3,
    )
    yield Alarm(
        label=f"{label(name)}_service_machines",
        name=f"{foundation.prefix}-{name}-service-machines",
        description=f"Fewer machines of {name} than wanted have been in service for 15 minutes",
        queries=(
            Query("missing", expression="desired - FILL(working, 0)", label="Missing machines", return_data=True),
            Query("desired", metric=group_metric("GroupDesiredCapacity", group)),
            Query("working", metric=group_metric("GroupInServiceInstances", group)),
        ),
        comparison="GreaterThanOrEqualToThreshold",
        threshold=1,
        evaluation_periods=15,
        datapoints_to_alarm=15,
    )
