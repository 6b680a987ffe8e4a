"""Tells text that was drawn by chance from names, paths and digests."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise

_WORD = re.compile(r"[A-Za-z0-9+/=_\-]{20,}+")
_AWS_SECRET = 40
"""Characters of a secret access key of AWS, which has no prefix."""
_SAMPLE = 256
"""Characters of a word that are looked at: enough to tell, and no word costs more."""


def words(text: str) -> list[tuple[int, int]]:
    """Return the stretches of a text that are random words of at least 20 characters."""
    return [match.span() for match in _WORD.finditer(text) if is_random(match[0])]


def is_random(word: str) -> bool:
    """Tell random text from names: letters of both cases and digits, mixed, with at least 3.5 bits a character.

    Digests and UUIDs have letters of one case. In a name (`Http2ServerConfigV3`) a capital begins a word, so the step
    from a capital to a small letter does not count.
    """
    sample = word[:_SAMPLE]
    kinds = [("d" if c.isdigit() else "u" if c.isupper() else "l") for c in sample if c.isalnum()]
    if len(set(kinds)) < 3:
        return False
    steps = [pair for pair in pairwise(kinds) if pair[0] != pair[1]]
    counted = steps if len(word) == _AWS_SECRET else [pair for pair in steps if pair != ("u", "l")]
    if len(counted) < len(kinds) / 4:
        return False
    entropy = -sum(n / len(sample) * math.log2(n / len(sample)) for n in Counter(sample).values())
    return entropy >= 3.5
