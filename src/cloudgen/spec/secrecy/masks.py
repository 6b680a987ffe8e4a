"""What must never be printed: values that are a secret, or look like one.

An error message and the source line under it end up in terminals, chat and CI logs. A value is therefore masked by
its place (below `environment` or `secrets`), by its key (`DB_PASSWORD`) and by its look (`ghp_…`), and masked
wrongly rather than shown wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cloudgen.errors import SpecPath
from cloudgen.spec.secrecy.assignments import is_secret_text, secret_spans
from cloudgen.spec.secrecy.kind import Span

MASK = "***"
_MARGIN = 4096
"""Characters behind what is shown that are looked at, so that a secret is known although its end is not shown."""

_SECTIONS = frozenset({"environment", "secrets", "env", "args"})
# Looser than `names`, which refuses: a value is better hidden once too often.
_KEY = re.compile(r"pass|token|secret|key|credential|creds|pwd|dsn|salt|mnemonic|auth(?!or)", re.IGNORECASE)
# Keys of the spec that hold one of the words above, or name a thing rather than hold a value.
_HARMLESS_KEYS = frozenset({"secrets", "not_secrets"})
_ORIGIN = re.compile(r"[a-z][a-z0-9-]{0,23}\.[a-z]{2,8}")
# A key begins where a run of its characters begins, so a long run costs one look.
_ASSIGNMENT = re.compile(
    r"""(?<![\w.\-"'])(?P<key>["']?[\w.\-]{1,200}+["']?)\s{0,64}+:(?:\s++|(?=["']))(?P<value>\S)"""
)


# An argument on a line of its own: the next line is what it asks for.
_FLAG = re.compile(r"""\s*+-\s++["']?--(?P<name>[\w.\-]{1,80})["']?,?\s*+""")


def is_secret_key(key: str) -> bool:
    """Tell whether the name of a key suggests that its value is a secret, such as `DB_PASSWORD`."""
    return key.lower() not in _HARMLESS_KEYS and _KEY.search(key) is not None


def is_secret(path: SpecPath, text: str) -> bool:
    """Tell whether the scalar at this path must not be printed."""
    last = path[-1] if path else None
    # `{from: orders-db.url}` names a part of a thing.
    if last == "from" and _ORIGIN.fullmatch(text):
        return False
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
    for start, end in _merged([*spans, *(span for span, _ in secret_spans(line))]):
        shown += [line[done:start], MASK]
        length += start - done
        moved.append(((start, end), length))
        length += len(MASK)
        done = end
    return "".join([*shown, line[done:]]), moved


def shown(text: str, width: int) -> str:
    """Quote a text of the user in a message: masked first, then cut, so that no half of a secret is left."""
    text = mask(text[: width + _MARGIN], ())[0]
    return text if len(text) <= width else f"{text[:width]}…"


def unparsed_spans(lines: Sequence[str], number: int) -> list[Span]:
    """Find what to mask on a line (0-based) of which the parser saw nothing, by its key and its indentation."""
    line = lines[number]
    flag = _FLAG.fullmatch(lines[number - 1]) if number else None
    if flag and is_secret_key(flag["name"]):
        return [(len(line) - len(line.lstrip()), len(line))]
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
    return re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", MASK, message) if text and text in message else message


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
