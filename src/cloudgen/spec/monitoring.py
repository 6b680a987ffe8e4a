"""Section `monitoring`: logs, alerts, dashboard, uptime checks and the audit trail."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from cloudgen.spec.types import Boolean, Email, Percent, Seconds, StrictModel, invalid
from cloudgen.spec.units import DAY


def _milliseconds(value: object) -> object:
    if isinstance(value, str):
        match = re.fullmatch(r"([1-9]\d{0,5})(ms|s)", value)
        if match is None:
            raise invalid("bad-value", "expected a response time", "write it like 800ms or 2s")
        return int(match[1]) * (1000 if match[2] == "s" else 1)
    return value


Milliseconds = Annotated[
    int,
    BeforeValidator(_milliseconds),
    WithJsonSchema({"type": "string", "pattern": r"^[1-9]\d{0,5}(ms|s)$", "examples": ["800ms"]}),
]
"""A response time, written `800ms` or `2s`, held in milliseconds."""


class Logs(StrictModel):
    """What containers print."""

    retention: Annotated[Seconds, Field(ge=DAY, le=3650 * DAY)] = Field(
        365 * DAY,
        description="How long logs are kept; rounded up to what the cloud offers. "
        "Profiles: development 30d, staging 90d, production 365d.",
    )


class Alerts(StrictModel):
    """When to tell somebody, and whom."""

    email: list[Email] = Field([], description="Who is told. Each address has to confirm once.")
    error_rate: Percent = Field(1.0, description="Share of requests that end in a server error (5xx).")
    latency_p95: Milliseconds = Field(1000, description="Response time that 95% of requests stay below.")
    cpu: Percent = Field(80.0, description="CPU use of a container or database over 15 minutes.")
    database_disk: Percent = Field(80.0, description="Share of a database's disk in use.")


class Monitoring(StrictModel):
    """Logs, alerts, dashboard, uptime checks and the audit trail."""

    logs: Logs = Field(Logs(), description="What containers print.")
    alerts: Alerts = Field(Alerts(), description="When to tell somebody, and whom.")
    dashboard: Boolean = Field(
        True,
        description="A dashboard with requests, errors, latency and saturation. Profiles: development false.",
    )
    uptime_checks: Boolean = Field(False, description="Ask the domain from outside, from several places.")
    audit: Boolean = Field(
        False,
        description="Record who changed what in the account or project, and keep the record for a year at least. "
        "Once for an account: in one environment only.",
    )
