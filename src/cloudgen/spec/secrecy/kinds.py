"""All credentials that are known by their look, wherever they stand in a text."""

from __future__ import annotations

import re
from functools import lru_cache

from cloudgen.spec.secrecy import randomness
from cloudgen.spec.secrecy.kind import Kind, Span, form
from cloudgen.spec.secrecy.vendors import VENDORS

# What stands for a value that comes from elsewhere is no password: ${NAME}, $NAME, $(NAME), {name}, <name>, %(name)s.
STANDS_FOR = r"(?:\$|\{|<|%\()"

KINDS: tuple[Kind, ...] = (
    *VENDORS,
    form(
        "a password in a URL",
        ("://",),
        rf"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{{0,30}}://[^/\s:@\"'<>]{{0,256}}:(?!{STANDS_FOR})[^/\s@\"'<>]{{1,1024}}@",
        re.IGNORECASE,
    ),
    form(
        "credentials of HTTP",
        ("basic", "bearer"),
        r"(?<![\w])(?:[Bb]asic|BASIC)\s{1,4}(?=[a-z+/]{0,256}[A-Z0-9+/=])[A-Za-z0-9+/]{8,}+={0,2}(?![\w.-])"
        r"|(?<![\w])(?:[Bb]earer|BEARER)\s{1,4}(?=[A-Za-z_.~+/-]{0,256}[0-9])[\w.~+/-]{8,}+=*+",
    ),
    form(
        "a login of .netrc",
        ("machine",),
        r"(?<![\w])machine\s{1,4}\S{1,253}\s{1,4}login\s{1,4}\S{1,253}\s{1,4}password\s{1,4}\S+",
    ),
    form(
        "a login of .pgpass",
        (":",),
        r"(?<![\w.:*-])[\w.*-]{1,253}:[0-9]{2,5}:[\w*-]{1,63}:[\w*-]{1,63}:[^\s:/$<{]{4,128}+(?!\S)",
    ),
)
"""Every kind; the first that fits gives the name in a message."""

# Made to be published: they hold no secret although they look random.
_PUBLIC = r"""
    (?<![\w])pk_(?:live|test)_\w++                                   # Stripe's publishable key
    | (?<![\w])pk\.eyJ[\w.-]++                                       # Mapbox's public token
    | (?<![\w])phc_\w++                                              # PostHog's project key
    | (?<![\w])sb_publishable_\w++                                   # Supabase
    | (?<![\w])sha(?:256|384|512)-[A-Za-z0-9+/]{40,}+={0,2}          # subresource integrity
    | (?<![\w])SHA256:[A-Za-z0-9+/]{43}                              # the fingerprint of a key
    | (?<![\w])(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\w{1,20}|sk-(?:ssh|ecdsa)-[\w@.-]{1,60})\s{1,4}[A-Za-z0-9+/=]{16,}+
    | (?<![\w-])age1[a-z0-9]{50,}+                                   # a public key of age
    | (?<![\w-])arn:aws[\w:*/.+=,@-]++                               # the name of a thing of AWS
    | (?<![\w-])[0-9]{6,}-\w++\.apps\.googleusercontent\.com         # a client of Google OAuth
    | -----BEGIN[ ](?:CERTIFICATE(?:[ ]REQUEST)?|(?:RSA[ ]|EC[ ]|DSA[ ])?PUBLIC[ ]KEY
      |PGP[ ]PUBLIC[ ]KEY[ ]BLOCK|X509[ ]CRL)-----
      [A-Za-z0-9+/=\s:,.-]*+
"""
_SHORTEST = 13
"""No kind is shorter, but a password in a URL."""


@lru_cache(maxsize=1024)
def _spans_of(text: str) -> tuple[tuple[Span, str], ...]:
    lower = text.lower()
    found = []
    for kind in KINDS:
        for mark in kind.marks:
            if mark in lower:
                found += [(match.span(), kind.title) for match in kind.pattern.finditer(text)]
                break
    words = randomness.words(text)
    if words:
        public = [match.span() for match in re.finditer(_PUBLIC, text, re.VERBOSE)]
        found += [(span, "a random key") for span in words if not _is_inside(span, public)]
    return tuple(found)


def spans_of(text: str) -> list[tuple[Span, str]]:
    """Find every credential in a text, each with what it looks like."""
    if len(text) < _SHORTEST and "://" not in text:
        return []
    return list(_spans_of(text))


def _is_inside(span: Span, others: list[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in others)
