"""Section `networking`: the private network that everything runs in."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from cloudgen.spec.types import Boolean, Integer, StrictModel, invalid, single_line

# RFC 1918. Python's `is_private` says more (loopback, link-local, documentation), and not the same in each release.
_PRIVATE = tuple(ipaddress.IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))


def _cidr(value: object) -> str:
    text = single_line(value)
    try:
        network = ipaddress.IPv4Network(text)
    except ValueError as error:
        raise invalid(
            "bad-value", "is not an IPv4 range", "write the first address and the prefix, like 10.20.0.0/16"
        ) from error
    if not any(network.subnet_of(private) for private in _PRIVATE):
        raise invalid(
            "bad-value",
            "is not a private range",
            "use a range within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
        )
    return text


Cidr = Annotated[str, BeforeValidator(_cidr), WithJsonSchema({"type": "string", "examples": ["10.20.0.0/16"]})]
"""A private IPv4 range in CIDR notation (RFC 1918)."""


def _range(value: object) -> str:
    text = single_line(value)
    try:
        return str(ipaddress.IPv4Network(text))
    except ValueError as error:
        raise invalid(
            "bad-value", "is not an IPv4 range", "write the first address and the prefix, like 203.0.113.0/24"
        ) from error


Range = Annotated[str, BeforeValidator(_range), WithJsonSchema({"type": "string", "examples": ["203.0.113.0/24"]})]
"""An IPv4 range in CIDR notation, private or not; one address is a range, too."""

EVERYWHERE = "0.0.0.0/0"


class Egress(StrictModel):
    """A way out of a container beside HTTPS, by TCP."""

    port: Annotated[Integer, Field(ge=1, le=65535)] = Field(
        ..., description="Port that the other side listens on, such as 587 for mail."
    )
    to: Range = Field(EVERYWHERE, description="IPv4 range of the other side. Default: the whole internet.")

    @property
    def is_public(self) -> bool:
        """Whether the other side is, at least in part, outside of private networks."""
        return not any(ipaddress.IPv4Network(self.to).subnet_of(private) for private in _PRIVATE)

    @property
    def label(self) -> str:
        """The way out in the characters of a Terraform label: the port, and where to if it is not everywhere."""
        return str(self.port) if self.to == EVERYWHERE else re.sub(r"[./]", "_", f"{self.to}_{self.port}")

    @property
    def title(self) -> str:
        """The way out in the words of a rule's description."""
        return f"{'the internet' if self.to == EVERYWHERE else self.to}, port {self.port}"


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
