"""The stand-in for hashicorp/time: a sleep that takes no time, and is remembered so that its place can be checked."""

from __future__ import annotations

from rig.standin.provider import Provider


class TimeProvider(Provider):
    """Nothing is special about it."""
