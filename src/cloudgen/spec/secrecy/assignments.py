"""Secrets inside a longer text: `host=db password=…`, `--token=…`, `{"apiKey": "…"}`, `X-Api-Key: …`."""

from __future__ import annotations

import re

from cloudgen.spec.secrecy.kind import Span
from cloudgen.spec.secrecy.kinds import spans_of
from cloudgen.spec.secrecy.names import tells_secret

# A name begins where a run of its characters begins, so a long run costs one look.
_NAME = r"(?<![\w.\-])-{0,2}(?P<name>[A-Za-z_][\w.\-]{0,80})"
_ASSIGNED = re.compile(rf"""{_NAME}["']?\s?=>?\s?(?P<value>"[^"\n]*+"?|'[^'\n]*+'?|[^\s;&,"'`|)]++)""")
_MEMBER = re.compile(rf"""["']{_NAME}["']\s{{0,4}}:\s{{0,4}}["'](?P<value>[^"'\n]++)""")
_HEADER = re.compile(
    r"(?<![\w\-])(?P<name>(?:X-[\w\-]{1,60}|Authorization|Proxy-Authorization|PRIVATE-TOKEN)):\s{0,4}(?P<value>[^\"'\n]++)",
    re.I,
)
_FLAG = re.compile(r"(?<![\w.\-])--(?P<name>[A-Za-z][\w.\-]{0,80})[\"',\s]{1,8}(?P<value>[^\s\-\"',][^\s\"',]*+)")


def secret_spans(text: str) -> list[tuple[Span, str]]:
    """Find all that looks like a secret in a text, each stretch with what it looks like."""
    found = spans_of(text)
    if "=" in text:
        found += _told(_ASSIGNED, text)
    if ":" in text:
        found += _told(_MEMBER, text)
        found += _told(_HEADER, text)
    if "--" in text:
        found += _told(_FLAG, text)
    return found


def _told(pattern: re.Pattern[str], text: str) -> list[tuple[Span, str]]:
    return [
        (match.span("value"), f"the value of {match['name']}")
        for match in pattern.finditer(text)
        if tells_secret(match["name"], match["value"].strip("\"'"))
    ]


def what_is(text: str) -> str | None:
    """Say what a text looks like, such as "a token of GitHub", or None when it holds nothing secret."""
    return next((title for _, title in secret_spans(text)), None)


def is_secret_text(text: str) -> bool:
    """Tell whether a text holds what has the form of a credential, or is long and random."""
    return what_is(text) is not None


def follows_flag(before: str, text: str) -> bool:
    """Tell whether an argument is the secret that the one before it, such as `--password`, asks for."""
    return before.startswith("--") and not text.startswith("-") and tells_secret(before[2:], text)
