"""RDS: instances and their settings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from moto.rds.models import DBInstance, DBParameterGroup

KEPT = {
    "enable_performance_insights": "performance_insights_enabled",
    "performance_insights_kms_key_id": "performance_insights_kms_key_id",
    "performance_insights_retention_period": "performance_insights_retention_period",
    "database_insights_mode": "database_insights_mode",
    "engine_lifecycle_support": "engine_lifecycle_support",
}
"""Parameters that moto takes and forgets, and what they are called in its answer."""


def mend_resource_ids() -> None:
    """Give each instance an id of its own, made from its ARN so that a repeated run sees the same."""
    make = DBInstance.__init__

    def make_with_id(self: DBInstance, *arguments: Any, **settings: Any) -> None:
        make(self, *arguments, **settings)
        digest = hashlib.sha256(self.db_instance_arn.encode()).hexdigest()
        self.dbi_resource_id = f"db-{digest[:26].upper()}"

    DBInstance.__init__ = make_with_id


def mend_settings() -> None:
    """Keep the settings in `KEPT` when an instance is made or changed."""
    make, update = DBInstance.__init__, DBInstance.update

    def keep(instance: DBInstance, settings: dict[str, Any]) -> None:
        for parameter, attribute in KEPT.items():
            if parameter in settings:
                setattr(instance, attribute, settings[parameter])

    def make_and_keep(self: DBInstance, *arguments: Any, **settings: Any) -> None:
        make(self, *arguments, **settings)
        keep(self, settings)

    def update_and_keep(self: DBInstance, *arguments: Any, **settings: Any) -> None:
        update(self, *arguments, **settings)
        keep(self, settings)

    DBInstance.__init__ = make_and_keep
    DBInstance.update = update_and_keep


def mend_parameter_sources() -> None:
    """Say of parameters that were set that the user set them; the provider passes over all others."""
    update = DBParameterGroup.update_parameters

    def update_as_user(self: DBParameterGroup, new_parameters: Iterable[dict[str, Any]]) -> None:
        update(self, [{**parameter, "Source": "user"} for parameter in new_parameters])

    DBParameterGroup.update_parameters = update_as_user
