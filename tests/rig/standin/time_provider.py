"""The stand-in for hashicorp/time: a sleep takes no time, and is recorded so that rules can check the order."""

from __future__ import annotations

from rig.standin.provider import Provider


class TimeProvider(Provider):
    """Nothing is special about it."""
