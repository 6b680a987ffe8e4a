"""What must never be printed: values that are a secret, or look like one.

An error message and the source line under it end up in terminals, chat and CI logs. A value is therefore masked by
its place (below `environment` or `secrets`), by its key (`DB_PASSWORD`) and by its look (`ghp_…`), and masked
wrongly rather than shown wrongly.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from cloudgen.errors import SpecPath

MASK = "***"

_SECTIONS = frozenset({"environment", "secrets", "env"})
_KEY = re.compile(r"pass|token|secret|key|credential|pwd|dsn", re.IGNORECASE)
# Keys of the spec that hold one of the words above, or name a thing rather than hold a value.
_HARMLESS_KEYS = frozenset({"secrets"})
_TEXT = re.compile(
    r"""
    \b(?:AKIA|ASIA)[A-Z0-9]{12,}                      # AWS access key id
    | \bgh[pousr]_\w{16,} | \bgithub_pat_\w{16,}      # GitHub
    | \bglpat-[\w-]{16,}                              # GitLab
    | \b[sr]k_(?:live|test)_\w{8,}                    # Stripe
    | \bxox[abposr]-[\w-]{8,}                         # Slack
    | \bAIza[\w-]{30,}                                # Google API key
    | \beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*               # JSON web token
    | -----BEGIN[ ][A-Z ]+-----.*                     # PEM
    | (?<=://)[^/\s@]*:[^/\s]+(?=@)                   # the user information of a URL
    """,
    re.VERBOSE,
)
_WORD = re.compile(r"[A-Za-z0-9+/=_\-]{20,}")
_ASSIGNMENT = re.compile(r"""(?P<key>["']?[\w.\-]+["']?)\s*:(?:\s+|(?=["']))(?P<value>\S.*)""")

Span = tuple[int, int]
"""Start and end of a stretch of a line, 0-based, the end excluded."""


def is_secret_key(key: str) -> bool:
    """Tell whether the name of a key suggests that its value is a secret, such as `DB_PASSWORD`."""
    return key.lower() not in _HARMLESS_KEYS and _KEY.search(key) is not None


def is_secret_text(text: str) -> bool:
    """Tell whether a text has the form of a well-known credential, or is long and random."""
    return any(True for _ in _secret_spans(text))


def is_secret(path: SpecPath, text: str) -> bool:
    """Tell whether the scalar at this path must not be printed."""
    last = path[-1] if path else None
    # `environment` at the root is the name of the profile.
    if len(path) > 1 and any(item in _SECTIONS for item in path):
        return True
    if isinstance(last, str) and is_secret_key(last):
        return True
    return is_secret_text(text)


def mask(line: str, spans: Sequence[Span]) -> tuple[str, list[tuple[Span, int]]]:
    """Replace the spans of a line, and whatever else on it looks like a secret, by `***`.

    Returns the text that may be printed and, for each masked stretch, its old place and where it starts now.
    """
    shown: list[str] = []
    moved: list[tuple[Span, int]] = []
    done = length = 0
    for start, end in _merged([*spans, *_secret_spans(line)]):
        shown += [line[done:start], MASK]
        length += start - done
        moved.append(((start, end), length))
        length += len(MASK)
        done = end
    return "".join([*shown, line[done:]]), moved


def unparsed_spans(lines: Sequence[str], number: int) -> list[Span]:
    """Find what to mask on a line (0-based) of which the parser saw nothing, by its key and its indentation."""
    line = lines[number]
    match = _ASSIGNMENT.search(line)
    if _below_secret_section(lines, number):
        start = match.start("value") if match else len(line) - len(line.lstrip())
        return [(start, len(line))]
    while match:
        key = match["key"].strip("\"'")
        if key in _SECTIONS or is_secret_key(key):
            return [(match.start("value"), len(line))]
        match = _ASSIGNMENT.search(line, match.start("value"))
    return []


def redact(message: str, value: str) -> str:
    """Take a secret value out of a message that quotes it."""
    text = value.strip()
    return re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", MASK, message) if text else message


def _below_secret_section(lines: Sequence[str], number: int) -> bool:
    line = lines[number]
    indent = len(line) - len(line.lstrip())
    for above in reversed(lines[:number]):
        text = above.strip()
        if not text or text.startswith("#"):
            continue
        width = len(above) - len(above.lstrip())
        if width < indent:
            indent = width
            key = text.removeprefix("- ").split(":", 1)[0].strip("\"' ")
            if key in _SECTIONS or is_secret_key(key):
                return True
    return False


def _secret_spans(text: str) -> list[Span]:
    spans = [match.span() for match in _TEXT.finditer(text)]
    spans += [match.span() for match in _WORD.finditer(text) if _is_random(match[0])]
    return spans


def _is_random(word: str) -> bool:
    """Tell random text from names: letters of both cases and digits, mixed, with at least 3.5 bits a character.

    Names, paths and image digests (lower case hexadecimal) have fewer changes between the kinds of characters.
    """
    kinds = [("d" if c.isdigit() else "u" if c.isupper() else "l") for c in word if c.isalnum()]
    if len(set(kinds)) < 3 or sum(a != b for a, b in pairwise(kinds)) < len(kinds) / 4:
        return False
    entropy = -sum(n / len(word) * math.log2(n / len(word)) for n in Counter(word).values())
    return entropy >= 3.5


def _merged(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
