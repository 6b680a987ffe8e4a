"""A default version that a newer cloudgen raises upgrades no database that exists."""

from __future__ import annotations

import pytest

from cloudgen.spec import storage
from edits.conftest import Life

DATABASE = "storage.databases.stock-db"
"""One that is new, and of which the spec states no version."""


@pytest.fixture
def older_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make cloudgen the older one, which does not offer the newest version of today."""
    monkeypatch.setitem(storage.VERSIONS, "postgres", storage.VERSIONS["postgres"][:-1])


def raised(monkeypatch: pytest.MonkeyPatch) -> str:
    """Offer one more version, and return the older default."""
    versions = storage.VERSIONS["postgres"]
    monkeypatch.undo()
    return versions[-1]


def test_the_recorded_major_is_kept_and_told(life: Life, monkeypatch: pytest.MonkeyPatch, older_default: None) -> None:
    life.edit({DATABASE: {}})
    files = life.snapshot()
    old = raised(monkeypatch)
    said = life.run("render", "-t", life.target)
    assert life.code == 0
    assert f"warning[kept-version]: database `stock-db` stays on postgres {old}" in said
    assert "cloudgen.yaml:" in said
    assert life.snapshot() == files
    life.run("render", "-t", life.target, "--check")
    assert life.code == 0
    assert "kept-version" in life.run("validate", "-t", life.target)


def test_a_stated_version_and_a_new_database_take_what_is_asked(
    life: Life, monkeypatch: pytest.MonkeyPatch, older_default: None
) -> None:
    life.edit({DATABASE: {}})
    old = raised(monkeypatch)
    new = storage.VERSIONS["postgres"][-1]
    said = life.edit({f"{DATABASE}.version": new, "storage.databases.more": {}})
    assert life.code == 0
    assert f"version {old} becomes {new}, which interrupts it" in said
    assert "kept-version" not in said
    assert life.record["parts"]["storage.databases.more"]["facts"]["version"] == new


def test_a_version_that_is_no_longer_stated_stays(life: Life) -> None:
    said = life.edit({}, remove=("storage.databases.orders-db.version",))
    assert life.code == 0
    assert "warning[kept-version]: database `orders-db` stays on postgres 16" in said
    assert life.record["parts"]["storage.databases.orders-db"]["facts"]["version"] == "16"
