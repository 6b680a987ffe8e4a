"""The stand-in for hashicorp/time: a sleep that takes no time, and is remembered so that its place can be checked."""

from __future__ import annotations

from rig.standin.provider import Provider


class TimeProvider(Provider):
    """Another trigger is another sleep; how long it takes can change."""

    def forces_replacement(self, resource_type: str) -> tuple[str, ...]:
        """https://registry.terraform.io/providers/hashicorp/time/latest/docs/resources/sleep#triggers."""
        return ("triggers",) if resource_type == "time_sleep" else ()
