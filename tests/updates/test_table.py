"""The table of edits says something in particular of every edit, and has what the issue lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from rig.updates.edit import CLOUDS, EDITS, Edit
from rig.updates.expectation import Expectation, MisstatedError
from rig.updates.outcome import Outcome, Replaced
from rig.updates.rendering import RefusedError, render_over

LEAST = 60
"""Edits on each cloud; fewer would show that the table has lost some."""


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.id)
def test_every_row_expects_something_in_particular(edit: Edit) -> None:
    """Every sentence can be read, and the change changes something."""
    assert edit.clouds
    assert edit.anew == (edit.after == edit.before and edit.id != "audit-off")
    for sentences in edit.sentences.values():
        Expectation.read(sentences)


def test_the_table_is_long_on_both_clouds() -> None:
    for cloud in CLOUDS:
        assert sum(cloud in edit.clouds for edit in EDITS) >= LEAST
    assert sum(len(edit.sentences) for edit in EDITS) > 2 * len(EDITS)


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("something changes", "begins with none of"),
        ("in place", "begins with none of"),
        ("in place *", "names nothing"),
        ("removes *.*", "names nothing"),
        ("replaces aws_db_instance.orders", "does not say because"),
        ("interrupts aws_db_instance.orders", "does not say for"),
        ("interrupts aws_db_instance.orders for ", "does not say for"),
        ("nothing:", "say why nothing changes"),
        ("broken A1", "has a finding and a text"),
    ],
)
def test_a_row_that_says_nothing_in_particular_is_refused(sentence: str, wrong: str) -> None:
    with pytest.raises(MisstatedError, match=wrong):
        Expectation.read([sentence])


def test_a_mark_alone_is_no_expectation() -> None:
    with pytest.raises(MisstatedError, match="in particular"):
        Expectation.read(["broken A1: PriorityInUse"])
    with pytest.raises(MisstatedError, match="in particular"):
        Expectation.read([])


OUTCOME = Outcome(
    added=("aws_ecs_service.api",),
    updated={"aws_lb.main": ("tags",)},
    replaced={
        "aws_lb_target_group.web": Replaced(("port",), deleted_first=True),
        "aws_ecs_task_definition.web": Replaced(("cpu",), deleted_first=True),
    },
    removed=("bootstrap/aws_ecr_repository.web",),
)


@pytest.mark.parametrize(
    ("sentences", "unmet"),
    [
        (["adds *.api", "removes bootstrap/*", "interrupts aws_lb_target_group.web for a minute"], []),
        (["adds *.web", "removes bootstrap/*", "interrupts *.web for a minute"], ["*.web is not made"]),
        (["adds *.api", "interrupts aws_lb_target_group.web for a minute"], ["ecr_repository.web is removed, which"]),
        (["removes bootstrap/*"], ["aws_lb_target_group.web is replaced because of port, which the row does not say"]),
        (["removes bootstrap/*", "replaces *_group.web because name"], ["because of port, not of name"]),
        (["removes bootstrap/*", "replaces *_group.web because port"], ["is destroyed before it is made anew"]),
        (["nothing: it is as it was"], ["changes removed   bootstrap/", "is removed", "is replaced"]),
    ],
)
def test_what_happened_is_held_against_the_row(sentences: list[str], unmet: list[str]) -> None:
    found = list(Expectation.read(sentences).unmet(OUTCOME))
    assert len(found) == len(unmet), found
    for said, wanted in zip(found, unmet, strict=True):
        assert wanted in said


def test_a_spec_that_is_refused_leaves_the_folder(tmp_path: Path) -> None:
    (edit,) = (edit for edit in EDITS if edit.id == "another-port")
    render_over(edit.before, tmp_path / "gcp", "gcp")
    before = sorted(path.name for path in (tmp_path / "gcp").iterdir())
    with pytest.raises(RefusedError, match=r"cloudgen\.yaml:"):
        render_over({**edit.before, "nmae": "shop"}, tmp_path / "gcp", "gcp")
    assert sorted(path.name for path in (tmp_path / "gcp").iterdir()) == before
