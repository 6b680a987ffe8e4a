"""Five-field cron expressions, as crontab(5) has them, parsed into data that each cloud writes in its own dialect."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from cloudgen.spec.types import invalid, single_line

_FIELDS = (
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("day of month", 1, 31),
    ("month", 1, 12),
    ("day of week", 0, 7),
)
_ITEM = re.compile(r"(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/(\d{1,2}))?")


def _cron(value: object) -> str:
    text = " ".join(single_line(value).split())
    fields = text.split(" ")
    hint = 'write five fields, for example "0 2 * * *" (minute hour day-of-month month day-of-week)'
    if len(fields) != len(_FIELDS):
        raise invalid("bad-value", f"a cron expression has five fields, not {len(fields)}", hint)
    for field, (name, low, high) in zip(fields, _FIELDS, strict=True):
        for item in field.split(","):
            match = _ITEM.fullmatch(item)
            if match is None:
                raise invalid("bad-value", f"the {name} field is not understood", hint)
            numbers = [int(number) for number in match.groups()[:2] if number is not None]
            if any(not low <= number <= high for number in numbers) or numbers != sorted(numbers):
                raise invalid("out-of-range", f"the {name} field must be within {low} to {high}", hint)
            if match[3] is not None and (not 1 <= int(match[3]) <= high or (match[1] and not match[2])):
                raise invalid("bad-value", f"the step in the {name} field is not valid", hint)
    return text


Cron = Annotated[str, BeforeValidator(_cron), WithJsonSchema({"type": "string", "examples": ["0 2 * * *"]})]
"""A five-field cron expression of numbers, `*`, ranges, lists and steps."""


def numbers(field: str, low: int, high: int) -> list[int]:
    """The numbers that a field of a checked expression stands for, in order; `low` and `high` are those of `*`."""
    values: set[int] = set()
    for item in field.split(","):
        span, _, step = item.partition("/")
        first, _, last = span.partition("-")
        start, stop = (low, high) if span == "*" else (int(first), int(last or first))
        values.update(range(start, stop + 1, int(step or 1)))
    return sorted(values)


def every(field: str) -> bool:
    """Whether a field is the star: a full range such as 1-31 is a restriction to crontab(5), like any other."""
    return field in {"*", "*/1"}
