"""The stand-in for hashicorp/time: a sleep takes no time, and is recorded so that rules can check the order."""

from __future__ import annotations

from rig.standin.provider import Provider


class TimeProvider(Provider):
    """Another trigger is another sleep; how long it takes can change."""

    def forces_replacement(self, resource_type: str) -> tuple[str, ...]:
        """https://registry.terraform.io/providers/hashicorp/time/latest/docs/resources/sleep#triggers."""
        return ("triggers",) if resource_type == "time_sleep" else ()
