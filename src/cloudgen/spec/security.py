"""Section `security`: encryption, secrets, protection against deletion, and who may deploy."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cloudgen.spec.types import Boolean, Integer, Line, Name, StrictModel, patterned

Place = Annotated[
    str,
    *patterned(
        r"[A-Za-z_][\w-]{0,127}(?:\.[\w-]{1,128}){1,12}",
        "is not the place of a value",
        "write it as `cloudgen explain --json` does, such as containers.web.environment.SITE_KEY",
        "bad-value",
    ),
]
"""The place of a value in the spec: names and list indexes, joined by dots."""

Reason = Annotated[
    str,
    *patterned(r"\S.{8,198}\S", "is not a reason", "say in a few words why it is no secret", "bad-value"),
]
"""A sentence for whoever reviews the spec, of 10 to 200 characters."""


class Secret(StrictModel):
    """A secret that containers read. Its value never stands in the spec."""

    version: Annotated[Integer, Field(ge=1, le=1000000)] = Field(
        1, description="Raise it, and hand the new value to terraform, to replace the value that is stored."
    )


class ContinuousDeployment(StrictModel):
    """Who may deploy from a pipeline, without a stored key."""

    github: Line = Field(
        description="The repository, owner/name.", pattern=r"^[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}$"
    )


class Security(StrictModel):
    """Encryption, secrets, protection against deletion, and who may deploy."""

    encryption: Literal["customer_managed", "provider_managed"] = Field(
        "customer_managed",
        description="Whose key encrypts data at rest: one of your own in the cloud's key service, or the cloud's. "
        "Profiles: development provider_managed, others customer_managed.",
    )
    secrets: dict[Name, Secret] = Field({}, description="Secrets that containers read; values never stand in the spec.")
    not_secrets: dict[Place, Reason] = Field(
        {},
        description="What looks like a secret and is none: its place, such as containers.web.environment.SITE_KEY, "
        "and why.",
    )
    deletion_protection: Boolean = Field(
        True,
        description="Refuse to destroy databases, buckets with content and load balancers. "
        "Profiles: production true, others false.",
    )
    continuous_deployment: ContinuousDeployment | None = Field(
        None, description="Let a pipeline deploy by OpenID Connect, without a stored key."
    )
