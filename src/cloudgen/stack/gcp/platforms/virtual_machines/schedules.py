"""Changes of the limits by the clock, as scaling schedules of an autoscaler.

The spec says "from then on"; a scaling schedule keeps so many machines for so long. So the week is laid out, and each
stretch of it in which more machines are wanted than at its quietest is a schedule. A stretch ends where another begins.
https://cloud.google.com/compute/docs/autoscaler/scaling-schedules
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from cloudgen.dataclass import dataclass
from cloudgen.errors import SpecPath
from cloudgen.spec.cron import every, numbers
from cloudgen.spec.scaling import ScalingSchedule
from cloudgen.stack.base import Problems
from cloudgen.stack.naming import digest

DAY = 24 * 60
WEEK = 7 * DAY
"""Minutes."""
MOST = 128
"""Scaling schedules of one autoscaler."""
SHORTEST = 5
"""Minutes that a scaling schedule lasts at least."""


@dataclass(frozen=True)
class Stretch:
    """Times of the week from which on the group has at least so many machines, and for how long."""

    cron: str
    timezone: str
    min: int
    duration: int
    """Seconds."""

    @property
    def name(self) -> str:
        """What it is called: the time alone names it, not its place among others."""
        return f"schedule-{digest(f'{self.cron} {self.timezone}', 6)}"


@dataclass(frozen=True)
class Plan:
    """The fewest machines at the quietest time of the week, and what is more than that."""

    least: int
    stretches: tuple[Stretch, ...]


def plan(schedules: Sequence[ScalingSchedule], least: int, path: SpecPath, problems: Problems) -> Plan:
    """Lay out the week. `least` is the fewest where no schedule says anything; `path` leads to the schedules."""
    changes = [(index, each) for index, each in enumerate(schedules) if each.min is not None]
    if not changes:
        return Plan(least, ())
    if not _can_be_laid_out(changes, path, problems):
        return Plan(least, ())
    moments: dict[int, int] = {}
    for index, each in changes:
        for moment in _moments(each.cron):
            if moment in moments:
                problems.error(
                    "duplicate",
                    "another schedule has the same time",
                    (*path, index),
                    "write min and max into one schedule",
                )
                return Plan(least, ())
            moments[moment] = each.min or 0
    decided = _lay_out(moments, changes[0][1].timezone)
    _check(decided, path, problems)
    return decided


def _check(decided: Plan, path: SpecPath, problems: Problems) -> None:
    if len(decided.stretches) > MOST:
        found = len(decided.stretches)
        problems.error("over-limit", f"{found} scaling schedules; the limit is {MOST}", path, "use fewer times")
    if any(each.duration < SHORTEST * 60 for each in decided.stretches):
        problems.error(
            "out-of-range",
            f"on gcp a number of machines lasts {SHORTEST} minutes at least, and a schedule changes it sooner",
            path,
            "leave more time between two schedules",
        )


def _can_be_laid_out(changes: Sequence[tuple[int, ScalingSchedule]], path: SpecPath, problems: Problems) -> bool:
    """Whether all of it repeats each week, by one clock; what does not is an error."""
    good = True
    for index, each in changes:
        _, _, day, month, _ = each.cron.split(" ")
        if not (every(day) and every(month)):
            good = False
            problems.error(
                "unsupported",
                "a scaling schedule by day of month or month cannot be done for machines on gcp",
                (*path, index, "cron"),
                "write * in these two fields, and choose days of the week",
            )
        if each.timezone != changes[0][1].timezone:
            good = False
            problems.error(
                "unsupported",
                "scaling schedules of one container in several time zones cannot be done for machines on gcp",
                (*path, index, "timezone") if "timezone" in each.model_fields_set else (*path, index),
                f"write all of them in {changes[0][1].timezone}",
            )
    return good


def _moments(cron: str) -> Iterator[int]:
    """The minutes of the week, from Sunday on, at which an expression fires."""
    minute, hour, _, _, day = cron.split(" ")
    for week_day in sorted({number % 7 for number in numbers(day, 0, 7)}):
        for at in numbers(hour, 0, 23):
            for number in numbers(minute, 0, 59):
                yield week_day * DAY + at * 60 + number


def _lay_out(moments: Mapping[int, int], timezone: str) -> Plan:
    """Join moments that change nothing, and write what is above the least, the same on several days as one."""
    found = sorted(moments.items())
    changing = [(at, number) for (_, before), (at, number) in pairwise([found[-1], *found]) if number != before]
    if not changing:
        return Plan(found[0][1], ())
    least = min(number for _, number in changing)
    ends = [*(at for at, _ in changing[1:]), changing[0][0] + WEEK]
    days: dict[tuple[int, int, int], list[int]] = {}
    for (at, number), end in zip(changing, ends, strict=True):
        if number > least:
            days.setdefault((at % DAY, end - at, number), []).append(at // DAY)
    return Plan(
        least,
        tuple(
            Stretch(f"{start % 60} {start // 60} * * {_days(on)}", timezone, number, minutes * 60)
            for (start, minutes, number), on in days.items()
        ),
    )


def _days(days: Sequence[int]) -> str:
    """Days of the week in a cron expression, as short as it gets: `*`, `1-5` or `0,6`."""
    if len(days) == 7:
        return "*"
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{days[0]}-{days[-1]}"
    return ",".join(map(str, days))
