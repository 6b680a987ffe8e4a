"""The coordinates of a deployment on Google Cloud, as `targets.gcp` has them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cloudgen.spec.types import Line, StrictModel


class GcpTarget(StrictModel):
    """Google Cloud: region and project."""

    region: Annotated[Line, Field(pattern=r"^[a-z]+-[a-z]+\d+$")] = Field(
        description="Google Cloud region, such as europe-west1."
    )
    project: Annotated[Line, Field(pattern=r"^[a-z][a-z0-9-]{4,28}[a-z0-9]$")] = Field(description="Project id.")
