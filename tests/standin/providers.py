"""Which class stands in for which provider.

Terraform starts a provider some hundred times in a cycle, so that a process imports no more than its own.
"""

from __future__ import annotations

from importlib import import_module

from standin.provider import Provider
from standin.schema import RecordedSchema

PROVIDERS = {
    "aws": "AwsProvider",
    "google": "GoogleProvider",
    "random": "RandomProvider",
    "time": "TimeProvider",
}
"""The short name of a provider, and the class in the module `standin.<name>_provider`."""


def provider_for(recorded: RecordedSchema) -> Provider:
    """Return the stand-in for a recorded schema's provider."""
    kind: type[Provider] = getattr(import_module(f"standin.{recorded.name}_provider"), PROVIDERS[recorded.name])
    return kind(recorded)
