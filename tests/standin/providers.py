"""Which class stands in for which provider."""

from __future__ import annotations

from standin.aws_provider import AwsProvider
from standin.google_provider import GoogleProvider
from standin.provider import Provider
from standin.random_provider import RandomProvider
from standin.schema import RecordedSchema
from standin.time_provider import TimeProvider

PROVIDERS: dict[str, type[Provider]] = {
    "aws": AwsProvider,
    "google": GoogleProvider,
    "random": RandomProvider,
    "time": TimeProvider,
}


def provider_for(recorded: RecordedSchema) -> Provider:
    """Return the stand-in for a recorded schema's provider."""
    return PROVIDERS[recorded.name](recorded)
