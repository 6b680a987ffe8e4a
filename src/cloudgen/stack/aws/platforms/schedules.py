"""Cron expressions of the spec in the dialect of EventBridge Scheduler and Application Auto Scaling.

AWS has six fields, the last one a year, counts the days of the week from 1 (Sunday), and wants a `?` in that one
of the two day fields that does not decide.
https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html
"""

from __future__ import annotations

from collections.abc import Sequence

from cloudgen.spec.cron import every, numbers
from cloudgen.stack.aws.foundation import Foundation

DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


def expression(foundation: Foundation, cron: str, path: Sequence[str | int]) -> str:
    """Translate five fields: `0 2 * * 1-5` becomes `cron(0 2 ? * MON-FRI *)`.

    `path` leads to the cron expression in the spec. AWS cannot say "the first of the month or a Monday", which is
    what crontab(5) means when both day fields are restricted: that is reported as an error at this path.
    """
    minute, hour, day_of_month, month, day_of_week = cron.split(" ")
    any_month_day, any_week_day = every(day_of_month), every(day_of_week)
    if not any_month_day and not any_week_day:
        foundation.problems.error(
            "unsupported",
            "a schedule by day of month and day of week at once is not supported on aws",
            path,
            "restrict one of the two day fields and write * in the other",
        )
    week_days = sorted({day % 7 for day in numbers(day_of_week, 0, 7)})
    by_week_day = any_month_day and len(week_days) < len(DAYS)
    fields = (
        _write(numbers(minute, 0, 59), 0, 59),
        _write(numbers(hour, 0, 23), 0, 23),
        "?" if by_week_day else _write(numbers(day_of_month, 1, 31), 1, 31),
        _write(numbers(month, 1, 12), 1, 12),
        _write_days(week_days) if by_week_day else "?",
    )
    return f"cron({' '.join(fields)} *)"


def _write(values: Sequence[int], low: int, high: int) -> str:
    """Write numbers as short as AWS allows: all, a step from the lowest on, a range, or else a list.

    A step within a range (`8-18/2`) is not part of the dialect, so it becomes a list.
    """
    if len(values) == high - low + 1:
        return "*"
    if len(values) > 2:
        step = values[1] - values[0]
        if list(values) == list(range(low, high + 1, step)):
            return f"{low}/{step}"
        if _unbroken(values):
            return f"{values[0]}-{values[-1]}"
    return ",".join(str(value) for value in values)


def _write_days(days: Sequence[int]) -> str:
    """Write days of the week by name. `5-7` becomes a list: no range goes over the end of a week, Saturday."""
    if len(days) > 2 and _unbroken(days):
        return f"{DAYS[days[0]]}-{DAYS[days[-1]]}"
    return ",".join(DAYS[day] for day in days)


def _unbroken(values: Sequence[int]) -> bool:
    return values[-1] - values[0] == len(values) - 1


def unix_cron(cron: str) -> str:
    """Write five fields as EC2 Auto Scaling takes them: as crontab(5) has them, with Sunday as 0.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html
    """
    *others, day_of_week = cron.split(" ")
    if "7" in day_of_week:
        days = sorted({day % 7 for day in numbers(day_of_week, 0, 7)})
        day_of_week = "*" if len(days) == len(DAYS) else ",".join(map(str, days))
    return " ".join([*others, day_of_week])
