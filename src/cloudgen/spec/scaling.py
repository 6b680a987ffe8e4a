"""Section `scaling`: how many instances of a container run, and what changes their number."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from cloudgen.spec.cron import Cron
from cloudgen.spec.types import Integer, Percent, StrictModel, TimeZone, invalid

Count = Annotated[Integer, Field(ge=0, le=1000)]


class ScalingSchedule(StrictModel):
    """A change of the limits at a time of day."""

    cron: Cron = Field(description="When, as a five-field cron expression.")
    timezone: TimeZone = Field("UTC", description="IANA time zone of the cron expression.")
    min: Count | None = Field(None, description="The fewest instances from then on.")
    max: Count | None = Field(None, description="The most instances from then on.")

    @model_validator(mode="after")
    def _changes_something(self) -> ScalingSchedule:
        if self.min is None and self.max is None:
            raise invalid("missing-key", "a scaling schedule needs min, max or both", "add min: 4, for example")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise invalid("out-of-range", "min is greater than max", "make min at most max")
        return self


class ContainerScaling(StrictModel):
    """What a container says about its own scaling; the rest comes from the section `scaling`."""

    min: Count | None = Field(None, description="The fewest instances.")
    max: Annotated[Count, Field(ge=1)] | None = Field(None, description="The most instances.")
    cpu: Percent | None = Field(None, description="Average CPU use that scaling aims at.")
    requests_per_instance: Annotated[Integer, Field(ge=1, le=10000)] | None = Field(
        None,
        description="Concurrent requests that scaling aims at per instance (on a load balancer: requests a second).",
    )
    messages_per_instance: Annotated[Integer, Field(ge=1, le=100000)] | None = Field(
        None,
        description="Messages that wait, per instance, that scaling aims at: in the queue that the container consumes.",
    )
    schedules: list[ScalingSchedule] | None = Field(None, description="Changes of the limits at times of day.")

    @model_validator(mode="after")
    def _min_below_max(self) -> ContainerScaling:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise invalid("out-of-range", "min is greater than max", "make min at most max")
        return self


class Scaling(ContainerScaling):
    """How many instances run, unless a container says otherwise."""

    min: Count = Field(2, description="The fewest instances. Profiles: development 1, staging 1, production 2.")
    max: Annotated[Count, Field(ge=1)] = Field(
        10, description="The most instances. Profiles: development 2, staging 4, production 10."
    )
    cpu: Percent | None = Field(60.0, description="Average CPU use that scaling aims at.")
    schedules: list[ScalingSchedule] = Field([], description="Changes of the limits at times of day.")
