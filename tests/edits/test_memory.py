"""The record of a deployment: what is read back, and what is refused because somebody made it up."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudgen.edits import Memory
from cloudgen.edits.memory import Remembered, load
from cloudgen.errors import OutputError
from edits.conftest import Life

PART = {"title": "database main", "keeps": "its data", "facts": {"engine": "postgres"}, "blocks": {"root": ["a.b"]}}
RECORD: dict[str, Any] = {"deployment": {"target": "aws"}, "parts": {"storage.databases.main": PART}}


def test_what_was_written_is_read_back(life: Life) -> None:
    record = life.record
    known = load({key: record[key] for key in ("deployment", "parts")}, "x")
    assert known is not None
    assert known.dump() == {key: record[key] for key in ("deployment", "parts")}
    assert load({}, "x") is None


def test_a_record_is_small_data() -> None:
    known = load(RECORD, "x")
    part = Remembered("database main", "its data", facts={"engine": "postgres"}, blocks={"root": ("a.b",)})
    assert known == Memory({"target": "aws"}, {"storage.databases.main": part})


@pytest.mark.parametrize(
    "broken",
    [
        {"parts": {}},
        {"deployment": {"target": 1}, "parts": {}},
        {"deployment": {"target": "aws\x1b[2J"}, "parts": {}},
        {"deployment": {"target": "x" * 2000}, "parts": {}},
        {"deployment": {}, "parts": {"a": []}},
        {"deployment": {}, "parts": {"a": {"keeps": "t"}}},
        {"deployment": {}, "parts": {"a": {**PART, "more": 1}}},
        {"deployment": {}, "parts": {"a": {**PART, "only_let_go": "yes"}}},
        {"deployment": {}, "parts": {"a": {**PART, "facts": {"engine": 1}}}},
        {"deployment": {}, "parts": {"a": {**PART, "blocks": {"root": ["a.b }\nresource"]}}}},
        {"deployment": {}, "parts": {"a": {**PART, "blocks": {"../root": ["a.b"]}}}},
        {"deployment": {}, "parts": {"a": {**PART, "blocks": {"root": "a.b"}}}},
        {"deployment": {}, "parts": {}, "let_go": {"a": {"root": [1]}}},
        {"deployment": {}, "parts": {}, "let_go": {"a": {"root": ["data.aws_vpc.x"]}}},
    ],
)
def test_what_cloudgen_never_wrote_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(OutputError, match="is damaged"):
        load(json.loads(json.dumps(broken)), "deploy/aws/.cloudgen.json")
