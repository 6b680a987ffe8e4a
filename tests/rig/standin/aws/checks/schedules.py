"""Schedules, and the limits within which a service is scaled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from zoneinfo import available_timezones

from rig.standin.configuration import Configuration
from rig.standin.shapes import Check, at_most, every
from rig.standin.violation import Violation

RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (1, 7), (1970, 2199))
"""Minute, hour, day of the month, month, day of the week from Sunday, year."""
WORDS = {3: "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC", 4: "SUN MON TUE WED THU FRI SAT"}
RATE = re.compile(r"rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)")
AT = re.compile(r"at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)")


def _cron(text: str) -> str | None:
    """Return what is wrong with a cron expression of AWS, None if nothing is."""
    found = re.fullmatch(r"cron\((.+)\)", text)
    fields = found[1].split() if found else []
    if len(fields) != len(RANGES):
        return "is not cron(...) with six fields"
    if (fields[2] == "?") == (fields[4] == "?"):
        return "needs a ? either as day of the month or as day of the week"
    for at, (field, (low, high)) in enumerate(zip(fields, RANGES, strict=True)):
        if field == "?" and at not in (2, 4):
            return f"has a ? in place {at + 1}"
        plain = field
        for number, word in enumerate(WORDS.get(at, "").split()):
            plain = plain.replace(word, str(low + number))
        if not re.fullmatch(r"[\d*/,?#LW-]+", plain):
            return f"has {field} in place {at + 1}"
        # A step is no point in time, and neither is the number of a week in the month.
        if any(not low <= int(number) <= high for number in re.findall(r"(?<![/#\d])\d+", plain)):
            return f"has {field} in place {at + 1}, which is not between {low} and {high}"
    return None


def expression(name: str) -> Check:
    """A schedule is a rate, a time, or a cron expression with AWS's six fields."""

    def check(resource: Configuration) -> Iterator[Violation]:
        for path, text in resource.find(name):
            if not (RATE.fullmatch(text) or AT.fullmatch(text)) and (wrong := _cron(text)):
                yield Violation(path, f"{text!r} {wrong}")

    return check


def zone(name: str) -> Check:
    """A time zone is one of the tz database."""

    def check(resource: Configuration) -> Iterator[Violation]:
        for path, text in resource.find(name):
            if text not in available_timezones():
                yield Violation(path, f"{text!r} is no time zone")

    return check


def action(resource: Configuration) -> Iterator[Violation]:
    """A scheduled action changes a bound."""
    for block in resource.blocks("scalable_target_action"):
        # Terraform's provider takes these as text, and 0 is a bound.
        if all(block.values.get(name) is None for name in ("min_capacity", "max_capacity")):
            yield Violation(block.path, "neither min_capacity nor max_capacity is set")


bounds = at_most("min_capacity", "max_capacity")
scheduled = every(expression("schedule"), zone("timezone"))
by_clock = every(expression("schedule_expression"), zone("schedule_expression_timezone"))
