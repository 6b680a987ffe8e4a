"""What a module tells whoever applies it."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import HclValue


@dataclass(frozen=True)
class Output:
    """An output of a module."""

    name: str
    description: str
    value: HclValue
