"""A package index beside PyPI, such as the private one of a company."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from cloudgen.spec.types import Boolean, StrictModel, invalid, single_line

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)"
    r"(?::\d{1,5})?(?:/[A-Za-z0-9._~+-]*)*"
)
WITHOUT_CREDENTIALS = (
    "write the address without them; whoever builds has them in the file ~/.netrc, which the build reads as a build "
    "secret that stays in no image"
)
"""What to do about a user or password in the address."""

_LOOPBACK = frozenset({"localhost", "127.0.0.1"})


def _index_url(value: object) -> str:
    text = single_line(value)
    if re.match(r"[A-Za-z]+://[^/]*@", text):
        raise invalid(
            "literal-secret",
            "the address of a package index has a user or password in it",
            WITHOUT_CREDENTIALS,
        )
    found = _URL.fullmatch(text)
    if found is None or len(text) > 500:
        raise invalid(
            "bad-value",
            "is not the address of a package index",
            "write that of its simple API, like https://pypi.example.com/simple/, without query",
        )
    if found["scheme"] == "http" and found["host"] not in _LOOPBACK:
        raise invalid(
            "bad-value",
            "would send packages and passwords without encryption",
            "write https://; http:// is for an index on this machine",
        )
    return text


IndexUrl = Annotated[
    str,
    BeforeValidator(_index_url),
    WithJsonSchema({"type": "string", "format": "uri", "examples": ["https://pypi.example.com/simple/"]}),
]
"""The address of a simple API, without user and password.
https://packaging.python.org/en/latest/specifications/simple-repository-api/
"""


class Index(StrictModel):
    """A package index beside PyPI."""

    url: IndexUrl = Field(
        description="Address of its simple API, such as https://pypi.example.com/simple/, without user and password. "
        "A package that it has is taken from there."
    )
    default: Boolean = Field(False, description="Ask it instead of PyPI, not beside it.")
    login: Literal["netrc", "none"] = Field(
        "netrc",
        description="netrc: whoever builds has user and password in the file ~/.netrc, and the build reads it as a "
        "build secret, which stays in no image. none: it asks for none.",
    )
