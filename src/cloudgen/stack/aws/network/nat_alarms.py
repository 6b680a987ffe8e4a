"""What the way to the internet is watched by."""

from __future__ import annotations

from cloudgen.stack.aws.alarms import Alarm, Metric
from cloudgen.stack.aws.network.network import Network
from cloudgen.stack.base import Ref, label


def nat_alarms(network: Network) -> tuple[Alarm, ...]:
    """An alarm for each NAT gateway: it had no port left for a connection.

    https://docs.aws.amazon.com/vpc/latest/userguide/metrics-dimensions-nat-gateway.html
    """
    return tuple(
        Alarm(
            label=label(f"nat-ports-{zone}"),
            name=f"{network.name}-nat-ports-{zone}",
            description=f"The NAT gateway in {zone} has no port left: new connections to the internet fail",
            comparison="GreaterThanThreshold",
            threshold=0,
            evaluation_periods=1,
            datapoints_to_alarm=1,
            metric=Metric(
                "AWS/NATGateway",
                "ErrorPortAllocation",
                "Sum",
                {"NatGatewayId": Ref(f'aws_nat_gateway.main["{zone}"].id')},
                period=300,
            ),
        )
        for zone in network.nat_zones
    )
