"""Values of `containers.*.environment`: a text, or what a thing of `storage` is reached by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, GetPydanticSchema, model_validator
from pydantic_core import CoreSchema, ErrorDetails, core_schema

from cloudgen.spec.types import Line, StrictModel, Text, invalid, patterned

PARTS: Mapping[str, tuple[str, ...]] = {
    "databases": ("url", "host", "port", "name", "user", "password", "sslmode"),
    "buckets": ("name", "url", "arn"),
    "caches": ("url", "host", "port", "tls"),
    "queues": ("id", "name", "url", "arn"),
}
"""What each kind of storage can tell. `id` of a queue is what the cloud's client library wants; `arn`, and the `url` of
a queue, are there on clouds that have one."""

WITH_OPTIONS = ("databases", "caches")
"""The kinds whose `url` has a scheme and a query that the application chooses."""


class Reference(StrictModel):
    """What a thing of `storage` is reached by, such as `{from: orders-db.url}`."""

    origin: Annotated[
        str,
        *patterned(
            r"[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,23}\.[a-z]+",
            "is no part of a thing in storage",
            "write its name, a dot and the part, such as orders-db.url",
            "bad-value",
        ),
    ] = Field(alias="from", description="A thing of storage and one of its parts, such as orders-db.url.")
    scheme: (
        Annotated[
            str,
            *patterned(
                r"[a-z][a-z0-9+.-]{0,39}",
                "is not the scheme of a URL",
                "write it as the library wants it, such as postgresql+asyncpg",
                "bad-value",
            ),
        ]
        | None
    ) = Field(
        None,
        description="What a url begins with, as the library wants it: postgresql+asyncpg, postgis, mysql+pymysql. "
        "Default: postgresql, mysql, redis (rediss with TLS).",
    )
    query: dict[Line, Text] | None = Field(
        None,
        description="What stands behind the ? of a url, instead of what cloudgen puts there: sslmode for PostgreSQL "
        "(ssl with asyncpg), else nothing.",
    )

    @model_validator(mode="after")
    def _options_of_a_url(self) -> Reference:
        stated = [key for key in ("scheme", "query") if getattr(self, key) is not None]
        if stated and self.part != "url":
            raise invalid("conflict", f"only a url has a {stated[0]}", f"remove {stated[0]}, or write from: {self.url}")
        return self

    def __str__(self) -> str:
        options = {"scheme": self.scheme, "query": self.query}
        stated = "".join(f", {key}: {value}" for key, value in options.items() if value is not None)
        return f"{{from: {self.origin}{stated}}}"

    @property
    def thing(self) -> str:
        """The name in `storage`."""
        return self.origin.partition(".")[0]

    @property
    def part(self) -> str:
        """Which part of it: `url`, `host` and so on."""
        return self.origin.partition(".")[2]

    @property
    def url(self) -> str:
        """The same thing's url, as `from` names it."""
        return f"{self.thing}.url"


TAG = "\0"
"""What the choices of a union begin with in the path of an error, where no key of a spec can be."""


def _text_or_reference(_: Any, handler: Any) -> CoreSchema:
    """A mapping is a reference, everything else a text: so that a mistake in one is not told of the other as well."""
    return core_schema.tagged_union_schema(
        {f"{TAG}text": handler(Text), f"{TAG}reference": handler(Reference)},
        discriminator=lambda value: TAG + ("reference" if isinstance(value, Mapping | Reference) else "text"),
    )


def without_choices(error: ErrorDetails) -> ErrorDetails:
    """The same error without the choice of a union in its path, which leads into the spec."""
    error["loc"] = tuple(item for item in error["loc"] if not str(item).startswith(TAG))
    return error


Value = Annotated[str | Reference, GetPydanticSchema(_text_or_reference)]
"""The value of an environment variable."""
