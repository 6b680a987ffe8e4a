"""KMS: rotation of keys."""

from __future__ import annotations

import json

from moto.kms.responses import KmsResponse as Response

YEARLY = 365
"""Days; what AWS takes when none are stated."""

_periods: dict[tuple[str, str], int] = {}


def mend_rotation_period() -> None:
    """Keep the number of days that EnableKeyRotation is given, and return it with the status."""
    enable = Response.enable_key_rotation
    status = Response.get_key_rotation_status

    def key(self: Response) -> tuple[str, str]:
        return self.region, self._get_param("KeyId").rpartition("/")[2]

    def enable_with_period(self: Response) -> str:
        answer = enable(self)
        _periods[key(self)] = int(self._get_param("RotationPeriodInDays") or YEARLY)
        return answer

    def status_with_period(self: Response) -> str:
        answer = json.loads(status(self))
        if answer["KeyRotationEnabled"]:
            answer["RotationPeriodInDays"] = _periods.get(key(self), YEARLY)
        return json.dumps(answer)

    Response.enable_key_rotation = enable_with_period
    Response.get_key_rotation_status = status_with_period
