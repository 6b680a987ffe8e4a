"""Which class stands in for which provider.

Terraform starts a provider some hundred times in a cycle, so that a process imports no more than its own.
"""

from __future__ import annotations

from importlib import import_module

from rig.standin.provider import Provider
from rig.standin.schema import RecordedSchema

PROVIDERS = {
    "aws": ("rig.standin.aws.provider", "AwsProvider"),
    "google": ("rig.standin.gcp.provider", "GcpProvider"),
    "random": ("rig.standin.random_provider", "RandomProvider"),
    "time": ("rig.standin.time_provider", "TimeProvider"),
}
"""The short name of a provider, as Terraform has it; the module and the class that stand in for it."""


def provider_for(recorded: RecordedSchema) -> Provider:
    """Return the stand-in for a recorded schema's provider."""
    module, name = PROVIDERS[recorded.name]
    kind: type[Provider] = getattr(import_module(module), name)
    return kind(recorded)
