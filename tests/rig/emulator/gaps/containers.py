"""ECS: what a service keeps of its settings."""

from __future__ import annotations

from collections.abc import Callable

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.ecs.responses import EC2ContainerServiceResponse as Response

KEPT = (
    "availabilityZoneRebalancing",
    "capacityProviderStrategy",
    "deploymentConfiguration",
    "enableECSManagedTags",
    "enableExecuteCommand",
    "healthCheckGracePeriodSeconds",
    "placementStrategy",
)


def mend_service_settings() -> None:
    """Keep the settings that CreateService and UpdateService are given, for DescribeServices to return."""
    Response.create_service = _keeping(Response.create_service)
    Response.update_service = _keeping(Response.update_service)


def _keeping(operation: Callable[[Response], ActionResult]) -> Callable[[Response], ActionResult]:
    def keep(self: Response) -> ActionResult:
        answer = operation(self)
        for name in KEPT:
            value = self._get_param(name)
            if value is not None:
                # moto's serializer looks attributes up by their Python names.
                setattr(answer.result["service"], camelcase_to_underscores(name), value)
        return answer

    return keep
