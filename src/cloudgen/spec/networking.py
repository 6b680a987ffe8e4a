"""Section `networking`: the private network that everything runs in."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cloudgen.spec.types import Boolean, Cidr, Integer, StrictModel


class Networking(StrictModel):
    """The private network that everything runs in."""

    cidr: Cidr = Field("10.20.0.0/16", description="Private IPv4 range of the network.")
    zones: Annotated[Integer, Field(ge=2, le=6)] = Field(
        3, description="Number of availability zones. Profiles: development 2, staging 2, production 3."
    )
    nat: Literal["none", "single", "per_zone"] = Field(
        "per_zone",
        description="How containers reach the internet: none (not at all), one NAT gateway, or one per zone. "
        "Profiles: development single, staging single, production per_zone.",
    )
    private_endpoints: Boolean = Field(
        True,
        description="Reach the cloud's own services (registry, storage, logs, secrets) from inside the network. "
        "Profiles: development false, staging false, production true.",
    )
    flow_logs: Boolean = Field(
        True,
        description="Keep logs of all connections in the network. Profiles: development false, others true.",
    )
