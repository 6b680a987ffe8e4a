"""One name at a time is known as the standard library knows them all."""

from __future__ import annotations

import zoneinfo

import pytest

from cloudgen.spec import time_zones
from cloudgen.spec.time_zones import is_time_zone


def test_every_time_zone_of_this_machine() -> None:
    names = zoneinfo.available_timezones()
    assert len(names) > 100
    assert all(is_time_zone(name) for name in names)


@pytest.mark.parametrize(
    "name",
    [
        "europe/berlin",
        "Europe",
        "Europe/",
        "Europe//Berlin",
        "/Europe/Berlin",
        "../zoneinfo/UTC",
        "./UTC",
        "posix/Europe/Berlin",
        "right/UTC",
        "posixrules",
        "tzdata.zi",
        "zone.tab",
        "UTC/x",
        "Mars/Olympus",
        "",
        " UTC",
        "UTC\0",
        "x" * 5000,
    ],
)
def test_all_else_is_none(name: str) -> None:
    assert not is_time_zone(name)
    assert name not in zoneinfo.available_timezones()


def test_a_right_name_opens_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def walk() -> set[str]:
        raise AssertionError("all time zones were looked at")

    if not zoneinfo.TZPATH:
        pytest.skip("this machine has no time zones of its own")
    monkeypatch.setattr(time_zones, "_all", walk)
    is_time_zone.cache_clear()
    assert is_time_zone("Europe/Berlin")
