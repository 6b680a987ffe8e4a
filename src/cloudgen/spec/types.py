"""The scalar types of the spec: each parses its text once, into a typed value with a stated unit.

The loader guesses no type, so every value arrives as the text the user wrote; numbers and booleans made in
Python are accepted too. Messages never quote the value, which may be a secret.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, WithJsonSchema
from pydantic_core import PydanticCustomError

from cloudgen.spec.time_zones import is_time_zone
from cloudgen.spec.units import DAY, GIB


class StrictModel(BaseModel):
    """Base of every model of the spec: unknown keys are errors, values do not change after validation."""

    # Sections are validated as parts of the whole, so none needs a validator of its own before it is asked for one.
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, validate_default=False, defer_build=True)


def invalid(code: str, message: str, hint: str) -> PydanticCustomError:
    """Make the error of a validator: `code` is stable, `message` says what is wrong, `hint` what to do."""
    return PydanticCustomError("cloudgen", "{message}", {"code": code, "message": message, "hint": hint})


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise invalid("wrong-type", "expected text", "write a single value, in quotes if it has special characters")
    text = unicodedata.normalize("NFC", str(value))
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs"} and c not in "\n\t" for c in text):
        raise invalid("bad-character", "has a control or invisible character", "remove the character")
    return text


def single_line(value: object) -> str:
    """Return a text, normalised; raises the error of a validator when it is none or has more lines than one."""
    text = _text(value)
    if "\n" in text or "\t" in text:
        raise invalid("bad-character", "must be a single line", "write it on one line, without tabs")
    return text


Text = Annotated[str, BeforeValidator(_text)]
"""Any text, NFC normalised as Terraform does, without control characters except newline and tab."""

Line = Annotated[str, BeforeValidator(single_line)]
"""Text of one line."""


def _integer(value: object) -> object:
    if isinstance(value, str):
        if re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", value):
            return int(value)
        raise invalid("wrong-type", "expected a whole number", "write digits only, such as 3")
    return value


def _boolean(value: object) -> object:
    if isinstance(value, str):
        if value in ("true", "false"):
            return value == "true"
        raise invalid("wrong-type", "expected true or false", "write true or false, in lower case, without quotes")
    return value


Integer = Annotated[int, BeforeValidator(_integer)]
"""A whole number."""

Boolean = Annotated[bool, BeforeValidator(_boolean)]
"""`true` or `false`; the other YAML 1.1 spellings (`yes`, `on`) are refused rather than guessed."""

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": DAY}
_MEBIBYTES = {"Mi": 1, "Gi": GIB, "Ti": GIB * GIB}


def _measure(units: dict[str, int], example: str) -> Any:
    pattern = re.compile(rf"([1-9][0-9]{{0,8}})({'|'.join(units)})")

    def parse(value: object) -> object:
        if isinstance(value, str):
            match = pattern.fullmatch(value)
            if match is None:
                raise invalid(
                    "bad-value",
                    "expected a number with a unit",
                    f"write it like {example}; units are {', '.join(units)}",
                )
            return int(match[1]) * units[match[2]]
        return value

    schema = {"type": "string", "pattern": f"^{pattern.pattern}$", "examples": [example]}
    return BeforeValidator(parse), WithJsonSchema(schema)


_duration = _measure(_SECONDS, "15s")
_memory = _measure(_MEBIBYTES, "1Gi")

Seconds = Annotated[int, *_duration]
"""A duration, written `15s`, `5m`, `1h` or `7d`, held in seconds."""

Mebibytes = Annotated[int, *_memory]
"""An amount of memory or disk, written `512Mi` or `20Gi`, held in MiB."""


def _percent(value: object) -> object:
    if isinstance(value, str):
        match = re.fullmatch(r"(\d{1,3}(?:\.\d{1,3})?)%", value)
        if match is None:
            raise invalid("bad-value", "expected a percentage", "write it like 60%")
        value = float(match[1])
    if isinstance(value, (int, float)) and not 0 < value <= 100:
        raise invalid("out-of-range", "must be more than 0% and at most 100%", "write a percentage between the two")
    return float(value) if isinstance(value, int) else value


Percent = Annotated[
    float,
    BeforeValidator(_percent),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,3}(\.\d{1,3})?%$", "examples": ["60%"]}),
]
"""A percentage, written `60%`, held as 60.0."""


def _cpu(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(r"\d{1,2}(\.\d{1,3})?", value):
            raise invalid("bad-value", "expected a number of vCPU", "write it like 0.5 or 2")
        value = float(value)
    if isinstance(value, (int, float)) and not 0 < value <= 64:
        raise invalid("out-of-range", "must be more than 0 and at most 64 vCPU", "write it like 0.5 or 2")
    return float(value) if isinstance(value, int) else value


Vcpu = Annotated[float, BeforeValidator(_cpu), WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 64})]
"""An amount of virtual CPU: 0.5 is half a vCPU."""


def patterned(pattern: str, what: str, hint: str, code: str = "bad-name") -> Any:
    """The metadata of a text of one line that a pattern matches as a whole; else an error of this code."""
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise invalid(code, what, hint)
        return value

    return (
        BeforeValidator(single_line),
        AfterValidator(check),
        WithJsonSchema({"type": "string", "pattern": f"^(?:{pattern})$"}),
    )


Name = Annotated[
    str,
    *patterned(
        r"[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,23}",
        "is not a valid name",
        "use 1 to 24 lower-case letters, digits and single hyphens, and start with a letter",
    ),
]
"""The name of a thing in the spec. ASCII by white list, because names become labels, host names and file names."""

ApplicationName = Annotated[
    str,
    *patterned(
        r"[a-z](?:[a-z0-9]|-(?=[a-z0-9])){1,14}",
        "is not a valid application name",
        "use 2 to 15 lower-case letters, digits and single hyphens, and start with a letter",
    ),
]
"""The application's name: at most 15 characters, so that load balancer names (32) keep room for the environment."""

EnvironmentVariableName = Annotated[
    str,
    *patterned(
        r"[A-Za-z_][A-Za-z0-9_]{0,127}",
        "is not a valid environment variable name",
        "use letters, digits and underscores, and do not start with a digit",
    ),
]
"""The name of an environment variable, as POSIX has it."""

LabelKey = Annotated[
    str,
    *patterned(
        r"[a-z][a-z0-9_-]{0,62}",
        "is not a valid label key",
        "use at most 63 lower-case letters, digits, - and _",
    ),
]
"""A label's key, within the rules of both clouds (Google Cloud allows lower case only)."""

LabelValue = Annotated[
    str,
    *patterned(
        r"[a-z0-9_-]{0,63}",
        "is not a valid label value",
        "use at most 63 lower-case letters, digits, - and _",
        "bad-value",
    ),
]
"""A label's value, within the rules of both clouds."""

_HOST = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
Domain = Annotated[
    str,
    *patterned(
        rf"(?=.{{4,253}}$){_HOST}",
        "is not a domain name",
        "write it like shop.example.com, in lower case",
        "bad-value",
    ),
]
"""A fully qualified domain name in lower case, without a trailing dot."""

Email = Annotated[
    str,
    *patterned(
        r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}",
        "is not an e-mail address",
        "write it like ops@example.com",
        "bad-value",
    ),
]
"""An e-mail address."""

UrlPath = Annotated[
    str,
    *patterned(
        r"/[A-Za-z0-9._~/-]{0,127}",
        "is not a URL path",
        "start with / and use letters, digits and . _ ~ / -",
        "bad-value",
    ),
]
"""The path part of a URL, without query."""

FilePath = Annotated[
    str,
    *patterned(
        r"(?![/-])(?!.*(?:^|/)\.\.(?:/|$))[A-Za-z0-9._/-]{1,200}",
        "is not a path below the folder of the spec",
        "write a relative path of letters, digits and . _ - / that does not lead upwards",
        "bad-value",
    ),
]
"""A relative path below the folder that holds the spec."""

Image = Annotated[
    str,
    *patterned(
        r"(?:[a-z0-9.-]+(?::\d{2,5})?/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[a-f0-9]{64})?",
        "is not an image reference",
        "write it like registry.example.com/team/web@sha256:<digest> or nginx:1.29",
        "bad-value",
    ),
]
"""A container image, with a tag or a digest."""


def _timezone(value: object) -> str:
    text = single_line(value)
    if not is_time_zone(text):
        raise invalid("bad-value", "is not a known time zone", "use an IANA name such as Europe/Berlin or UTC")
    return text


TimeZone = Annotated[str, BeforeValidator(_timezone), WithJsonSchema({"type": "string", "examples": ["Europe/Berlin"]})]
"""An IANA time zone."""

Size = Literal["xsmall", "small", "medium", "large", "xlarge", "2xlarge"]
"""A size step. What it means for containers stands in `spec/compute.py`, and for databases and caches in
`stack/<cloud>/sizes.py`."""
