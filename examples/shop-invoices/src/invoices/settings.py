"""What the application is told by its environment: the variables that cloudgen sets, the same on every cloud."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Everything that differs from place to place."""

    bucket_url: str
    """`s3://NAME` or `gs://NAME`."""
    currency: str = "EUR"


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; raises `KeyError` with the name of a variable that is not set."""
    return Settings(environment["DOCUMENTS_BUCKET_URL"], environment.get("CURRENCY", "EUR"))
