"""The stand-in for hashicorp/random: passwords that live as long as one run."""

from __future__ import annotations

from standin.provider import Provider


class RandomProvider(Provider):
    """Nothing is special about it."""
