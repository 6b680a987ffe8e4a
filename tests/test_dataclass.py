"""cloudgen's value classes behave as those of the standard library do, and no other kind is used."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest

from cloudgen.dataclass import dataclass, field, fields, is_dataclass, replace

SOURCE = Path(__file__).parents[1] / "src" / "cloudgen"


@dataclass(frozen=True)
class Point:
    x: int
    y: int = 0
    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Place(Point):
    name: str = "here"

    def __repr__(self) -> str:
        return self.name


@dataclass
class Counter:
    count: int = 0


@dataclass(frozen=True)
class Pair:
    left: int
    right: int = 0


@dataclasses.dataclass(frozen=True)
class StandardPair:
    left: int
    right: int = 0


CALLS: list[tuple[tuple[int, ...], dict[str, int]]] = [
    ((1,), {}),
    ((1, 2), {}),
    ((), {"right": 2, "left": 1}),
    ((1,), {"right": 2}),
    ((), {}),
    ((1, 2, 3), {}),
    ((1,), {"left": 2}),
    ((1,), {"middle": 2}),
    ((), {"right": 2}),
]


@pytest.mark.parametrize(("args", "kwargs"), CALLS)
def test_it_takes_what_the_standard_one_takes(args: tuple[int, ...], kwargs: dict[str, int]) -> None:
    def made(cls: Any) -> tuple[int, int] | type[Exception]:
        try:
            value = cls(*args, **kwargs)
        except TypeError as error:
            return type(error)
        return value.left, value.right

    assert made(Pair) == made(StandardPair)


def test_equality_is_by_class_and_fields() -> None:
    assert Pair(1) == Pair(1, 0)
    assert Pair(1) != Pair(2)
    other: object = StandardPair(1)
    assert Pair(1) != other
    assert Point(1, 0) != Place(1, 0)
    assert hash(Pair(1, 2)) == hash(Pair(1, 2)) == hash(StandardPair(1, 2))
    assert len({Pair(1), Pair(1, 0), Pair(2)}) == 2
    with pytest.raises(TypeError, match="unhashable"):
        hash(Counter())


def test_a_frozen_object_never_changes() -> None:
    pair = Pair(1)
    with pytest.raises(AttributeError, match="Pair never changes, and neither does its left"):
        pair.left = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del pair.left
    counter = Counter()
    counter.count += 1
    assert (counter.count, Counter().count) == (1, 0)


def test_a_default_is_made_for_each_object() -> None:
    Point(1).tags.append("a")
    assert Point(1).tags == []
    assert Place(1).tags == []


def test_fields_of_bases_come_first_and_own_methods_stay() -> None:
    assert Place(1, 2, [], "there").name == "there"
    assert repr(Place(1)) == "here"
    assert repr(Pair(1)) == "Pair(left=1, right=0)"
    assert repr(Point(1)) == "Point(x=1, y=0, tags=[])"


def test_replace() -> None:
    assert replace(Pair(1, 2), right=3) == Pair(1, 3)
    assert replace(Place(1), x=2).x == 2
    with pytest.raises(TypeError):
        replace(Pair(1), middle=3)


@dataclass(frozen=True)
class Nothing:
    pass


def test_a_class_may_have_no_fields() -> None:
    assert Nothing() == Nothing()
    assert hash(Nothing()) == hash(Nothing())
    assert fields(Nothing) == ()


def test_what_has_fields_tells_them() -> None:
    assert fields(Place) == fields(Place(1)) == ("x", "y", "tags", "name")
    assert is_dataclass(Pair(1))
    assert not is_dataclass(Pair)
    assert not is_dataclass("text")


@pytest.mark.parametrize("module", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_module_pays_for_the_standard_ones(module: Path) -> None:
    used = re.search(r"^\s*(from|import) dataclasses\b", module.read_text(encoding="utf-8"), re.MULTILINE)
    assert not used, "take them from cloudgen.dataclass: the standard ones cost a fifth of a render"
