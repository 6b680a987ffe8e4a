r"""A kind of credential that is known by its look: a name for messages, what must be there at the least, and a pattern.

Every pattern costs linear time whatever it is given. It is tried only where one of its `marks` is in the text at all,
and it has the form `(?<![W])mark[W]{n,}+`: it can begin only where a run of its own characters begins, and it never
goes back. So a text that is one long run is looked at once, and not from each of its characters.
"""

from __future__ import annotations

import re
from functools import cached_property

from cloudgen.dataclass import dataclass

Span = tuple[int, int]
"""Start and end of a stretch of a text, 0-based, the end excluded."""


@dataclass(frozen=True)
class Kind:
    """A kind of credential. `title` follows "looks like"; `marks` are in lower case, one of them is in the text."""

    title: str
    marks: tuple[str, ...]
    source: str
    flags: re.RegexFlag = re.NOFLAG

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled pattern. Most specs need none of them, and compiling all takes as long as Python to start."""
        return re.compile(self.source, self.flags)


_WORD = r"A-Za-z0-9_-"


def token(title: str, *marks: str, least: int = 16, then: str = _WORD) -> Kind:
    """A token that begins with a mark and goes on with at least so many characters of a set."""
    begin = "|".join(re.escape(mark) for mark in marks)
    source = rf"(?<![A-Za-z0-9_])(?:{begin})[{then}]{{{least},}}+"
    return Kind(title, tuple(mark.lower() for mark in marks), source)


def form(title: str, marks: tuple[str, ...], pattern: str, flags: re.RegexFlag = re.NOFLAG) -> Kind:
    """Anything else that is known by its form; the pattern has to keep the rule above."""
    return Kind(title, marks, pattern, flags)
