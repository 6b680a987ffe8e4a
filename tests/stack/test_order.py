"""Warnings are told in the order of the spec's fields, whatever order they were found in."""

from __future__ import annotations

import random

from cloudgen.errors import Problem
from cloudgen.pipeline import read_spec
from cloudgen.stack.base import Problems
from cloudgen.stack.order import in_field_order
from rig.trees.golden import FOLDER

PATHS = [
    (),
    ("compute", "capacity"),
    ("containers", "web"),
    ("containers", "web", "port"),
    ("containers", "web", "environment", "LOG_LEVEL"),
    ("containers", "nightly"),
    ("load_balancer", "routes", 0, "path"),
    ("load_balancer", "routes", 1),
    ("monitoring", "alerts"),
]


def test_the_order_of_building_is_not_told() -> None:
    deployment = read_spec(str(FOLDER / "reference/cloudgen.yaml")).deployment
    wanted = [Problem("unused", "", path) for path in PATHS]
    for seed in range(20):
        found = wanted.copy()
        random.Random(seed).shuffle(found)
        assert [problem.path for problem in in_field_order(found, deployment)] == PATHS


def test_what_says_more_about_a_place_is_told_instead() -> None:
    problems = Problems()
    problems.warning("special", "the place", ("scaling", "min"))
    problems.warning("around", "the section", ("monitoring",))
    problems.remark("other", "the same place", ("scaling", "min"))
    problems.remark("around", "the same kind below", ("monitoring", "alerts", "cpu"))
    problems.remark("other", "another kind below", ("monitoring", "alerts", "cpu"))
    problems.remark("special", "another place", ("scaling",))
    assert [warning.message for warning in problems.warnings] == [
        "the place",
        "the section",
        "another kind below",
        "another place",
    ]
