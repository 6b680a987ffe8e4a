"""The coordinates of a deployment on AWS, as `targets.aws` has them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from cloudgen.spec.types import Line, StrictModel, invalid


class AwsTarget(StrictModel):
    """AWS: region and account."""

    region: Annotated[Line, Field(pattern=r"^[a-z]{2,4}(-[a-z]+)+-\d$")] = Field(
        description="AWS region, such as eu-west-1."
    )
    account: Annotated[Line, Field(pattern=r"^\d{12}$")] | None = Field(
        None, description="Account id, 12 digits. With it terraform refuses to run against any other account."
    )
    zones: list[Annotated[Line, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d[a-z]$")]] | None = Field(
        None,
        description="Availability zones, in the order that they are used. Default: the region's first ones.",
    )

    @model_validator(mode="after")
    def _zones_of_the_region(self) -> AwsTarget:
        if self.zones is not None:
            if any(zone[:-1] != self.region for zone in self.zones):
                raise invalid(
                    "conflict",
                    "a zone does not lie in the region",
                    f"zones of this region are written {self.region}a",
                )
            if len(set(self.zones)) != len(self.zones):
                raise invalid("duplicate", "a zone stands here twice", "remove one of the two")
        return self
