"""What a mistyped word was probably meant to be."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

MOST = 100
"""Known words that are compared letter by letter. Where there are more, those with the same first letter are."""

_BREAKS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[\s-]+")


def suggest(word: str, known: Iterable[str], *, surely: bool = False) -> str | None:
    """Return the known word that is most like `word`, or None when none is much like it.

    Finds transposed and missing letters, other spellings of compounds (`healthCheck`, `load-balancer`) and
    abbreviations (`env`). `surely` leaves out what is only somewhat alike, which may be shown, but not acted upon.
    """
    names = list(known)
    plain = _BREAKS.sub("_", word[:64]).lower()
    for candidate in (word.lower(), plain, plain.replace("_", "-")):
        if candidate in names:
            return candidate
    close = difflib.get_close_matches(plain, names, n=1, cutoff=0.7)
    if close:
        return close[0]
    compact = plain.replace("_", "")
    same = [name for name in names if name.replace("_", "") == compact]
    starts = [name for name in names if len(compact) > 2 and name.replace("_", "").startswith(compact)]
    # Half of all words are somewhat alike (`vpc_id`, `cidr`; `sidecars`, `secrets`): few people mistype the first two
    # letters.
    alike = [] if surely else [name for name in names if name[:2] == plain[:2]]
    loose = difflib.get_close_matches(plain, alike, n=1, cutoff=0.6)
    return next(iter([*same, *starts, *loose]), None)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like a mistyped one, if any is like it at all."""
    names = list(known)
    if len(names) > MOST:
        names = [other for other in names if other[:1] == name[:1]][:MOST]
    matches = difflib.get_close_matches(name[:64], names, n=1, cutoff=0.6)
    return matches[0] if matches else None
