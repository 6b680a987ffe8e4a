"""Changes of the limits by the clock, as scaling schedules: the week that they make is the week that was asked for."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudgen.spec.cron import numbers
from cloudgen.spec.scaling import ScalingSchedule
from cloudgen.stack.base import Problems
from cloudgen.stack.gcp.platforms.virtual_machines.schedules import DAY, WEEK, Plan, plan

PATH = ("scaling", "schedules")


def decided(*schedules: tuple[str, int | None], zone: str = "UTC") -> tuple[Plan, Problems]:
    problems = Problems()
    found = [ScalingSchedule(cron=cron, timezone=zone, min=least, max=9) for cron, least in schedules]
    return plan(found, 2, PATH, problems), problems


def moments(cron: str) -> set[int]:
    minute, hour, _, _, day = cron.split(" ")
    days = {number % 7 for number in numbers(day, 0, 7)}
    return {a * DAY + b * 60 + c for a, b, c in product(days, numbers(hour, 0, 23), numbers(minute, 0, 59))}


def asked_for(schedules: list[tuple[str, int]]) -> list[int]:
    """How many are wanted at each minute of the week, by going through it twice."""
    changes = {moment: least for cron, least in schedules for moment in moments(cron)}
    now, week = 0, [0] * WEEK
    for minute in (*range(WEEK), *range(WEEK)):
        now = changes.get(minute, now)
        week[minute] = now
    return week


def made(found: Plan) -> list[int]:
    """How many an autoscaler keeps at each minute of the week."""
    week = [found.least] * WEEK
    for stretch in found.stretches:
        for start in moments(stretch.cron):
            for minute in range(start, start + stretch.duration // 60):
                week[minute % WEEK] = max(week[minute % WEEK], stretch.min)
    return week


def test_office_hours_are_one_schedule() -> None:
    found, problems = decided(("0 7 * * 1-5", 4), ("0 19 * * 1-5", 2))
    assert not problems.found
    assert found.least == 2
    assert [(each.cron, each.min, each.duration) for each in found.stretches] == [("0 7 * * 1-5", 4, 12 * 3600)]


def test_a_stretch_over_the_weekend_is_another_one() -> None:
    found, _ = decided(("0 7 * * *", 4), ("0 19 * * 1-5", 1))
    assert {(each.cron, each.duration // 3600) for each in found.stretches} == {("0 7 * * 2-5", 12), ("0 7 * * 6", 60)}


TIMES = st.tuples(st.integers(0, 59), st.integers(0, 23), st.sampled_from(["*", "1-5", "0,6", "3", "7"]))


@given(st.lists(st.tuples(TIMES, st.integers(0, 4)), min_size=1, max_size=4))
def test_the_week_is_the_one_that_was_asked_for(drawn: list[tuple[tuple[int, int, str], int]]) -> None:
    schedules = [(f"{minute} {hour} * * {days}", least) for (minute, hour, days), least in drawn]
    found, problems = decided(*schedules)
    if not problems.found:
        assert made(found) == asked_for(schedules)


@pytest.mark.parametrize(
    ("crons", "code"),
    [
        (("0 7 1 * *",), "unsupported"),
        (("0 7 * 6 *",), "unsupported"),
        (("0 7 * * *", "0 7 * * 1"), "duplicate"),
        (("0 7 * * *", "2 7 * * *"), "out-of-range"),
    ],
)
def test_what_an_autoscaler_cannot_do_is_refused(crons: tuple[str, ...], code: str) -> None:
    _, problems = decided(*((cron, 9 - number) for number, cron in enumerate(crons)))
    assert [problem.code for problem in problems.errors] == [code]


def test_two_time_zones_are_refused() -> None:
    problems = Problems()
    both = [
        ScalingSchedule(cron="0 7 * * *", timezone="UTC", min=3),
        ScalingSchedule(cron="0 19 * * *", timezone="Europe/Berlin", min=2),
    ]
    plan(both, 2, PATH, problems)
    assert [problem.path for problem in problems.errors] == [(*PATH, 1, "timezone")]
