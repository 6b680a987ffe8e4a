"""Cron expressions in AWS's dialect, against what crontab(5) would run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudgen.stack.aws.platforms.schedules import DAYS, expression
from rig.parts.aws import WEB, make_foundation

PATH = ("containers", "nightly", "schedule", "cron")


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("0 2 * * *", "cron(0 2 * * ? *)"),
        ("*/15 * * * *", "cron(0/15 * * * ? *)"),
        ("*/1 * * * *", "cron(* * * * ? *)"),
        ("0-59 0-23 * 1-12 *", "cron(* * * * ? *)"),
        ("*/30 8-18 * * *", "cron(0,30 8-18 * * ? *)"),
        ("0 8-18/2 * * *", "cron(0 8,10,12,14,16,18 * * ? *)"),
        ("5,35 1,2,3 * * *", "cron(5,35 1-3 * * ? *)"),
        ("0 0 1 */3 *", "cron(0 0 1 1/3 ? *)"),
        ("0 0 1,15 * *", "cron(0 0 1,15 * ? *)"),
        ("0 0 */2 * *", "cron(0 0 1/2 * ? *)"),
        ("0 7 * * 1-5", "cron(0 7 ? * MON-FRI *)"),
        ("0 7 * * 0", "cron(0 7 ? * SUN *)"),
        ("0 7 * * 7", "cron(0 7 ? * SUN *)"),
        ("0 7 * * 0,7", "cron(0 7 ? * SUN *)"),
        ("0 7 * * 5-7", "cron(0 7 ? * SUN,FRI,SAT *)"),
        ("0 7 * * 0-2", "cron(0 7 ? * SUN-TUE *)"),
        ("0 7 * * 1-5/2", "cron(0 7 ? * MON,WED,FRI *)"),
        ("0 7 * * 0-6", "cron(0 7 * * ? *)"),
        ("0 7 * * 1-7", "cron(0 7 * * ? *)"),
    ],
)
def test_translates(cron: str, expected: str) -> None:
    foundation = make_foundation(WEB)
    assert expression(foundation, cron, PATH) == expected
    assert not foundation.problems.found


@pytest.mark.parametrize("cron", ["0 0 1 * 1", "0 0 1-31 * 1", "0 0 13 * 5-7"])
def test_both_day_fields_cannot_be_said(cron: str) -> None:
    foundation = make_foundation(WEB)
    expression(foundation, cron, PATH)
    (problem,) = foundation.problems.errors
    assert problem.code == "unsupported"
    assert problem.path == PATH
    assert "not supported on aws" in problem.message


def _aws_values(field: str, low: int, high: int) -> set[int]:
    """Read a field as EventBridge does: its own grammar, written anew here so that a mistake shows."""
    values: set[int] = set()
    for item in field.split(","):
        numbered = item
        for number, day in enumerate(DAYS, 1):
            numbered = numbered.replace(day, str(number))
        if numbered in ("*", "?"):
            values |= set(range(low, high + 1))
        elif "/" in numbered:
            start, step = numbered.split("/")
            values |= set(range(int(start), high + 1, int(step)))
        else:
            first, _, last = numbered.partition("-")
            values |= set(range(int(first), int(last or first) + 1))
    return values


def _field(low: int, high: int) -> st.SearchStrategy[tuple[str, set[int]]]:
    numbers = st.integers(low, high)
    single = numbers.map(lambda n: (str(n), {n}))
    spans = st.tuples(numbers, numbers, st.integers(1, high or 1)).map(
        lambda t: (f"{min(t[:2])}-{max(t[:2])}/{t[2]}", set(range(min(t[:2]), max(t[:2]) + 1, t[2])))
    )
    stars = st.integers(1, high).map(lambda step: (f"*/{step}", set(range(low, high + 1, step))))
    every = st.just(("*", set(range(low, high + 1))))
    lists = st.lists(st.one_of(single, spans, stars), min_size=1, max_size=4).map(
        lambda items: (",".join(text for text, _ in items), set().union(*(values for _, values in items)))
    )
    return st.one_of(every, lists)


@given(minute=_field(0, 59), hour=_field(0, 23), month=_field(1, 12), day=_field(1, 31), week=_field(0, 7))
def test_runs_when_crontab_would(
    minute: tuple[str, set[int]],
    hour: tuple[str, set[int]],
    month: tuple[str, set[int]],
    day: tuple[str, set[int]],
    week: tuple[str, set[int]],
) -> None:
    foundation = make_foundation(WEB)
    for day_text, week_text in ((day[0], "*"), ("*", week[0])):
        written = expression(foundation, f"{minute[0]} {hour[0]} {day_text} {month[0]} {week_text}", PATH)
        fields = written.removeprefix("cron(").removesuffix(")").split(" ")
        assert len(fields) == 6
        assert (fields[2] == "?") != (fields[4] == "?")
        assert _aws_values(fields[0], 0, 59) == minute[1]
        assert _aws_values(fields[1], 0, 23) == hour[1]
        assert _aws_values(fields[3], 1, 12) == month[1]
        assert _aws_values(fields[2], 1, 31) == (set(range(1, 32)) if day_text == "*" else day[1])
        week_days = set(range(8)) if week_text == "*" else week[1]
        assert _aws_values(fields[4], 1, 7) == {number % 7 + 1 for number in week_days}
    assert not foundation.problems.found
