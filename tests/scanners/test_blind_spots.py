"""Our own rules where checkov is blind hold in every golden tree, and each one catches its defects."""

from __future__ import annotations

from functools import cache

import pytest

from cloudgen.pipeline import read_spec
from cloudgen.spec.deployment import Deployment
from rig.figures import Figures
from rig.scanners.aws import blind_spots as blind_spots_aws
from rig.scanners.aws import scanner_defects as defects_aws
from rig.scanners.gcp import blind_spots as blind_spots_gcp
from rig.scanners.gcp import scanner_defects as defects_gcp
from rig.scanners.tree import Rule, ScannerDefect, Tree, tree_of
from rig.trees.golden import golden_cases
from rig.trees.hcl import read_tree

RULES = {"aws": blind_spots_aws.RULES, "gcp": blind_spots_gcp.RULES}
DEFECTS = {"aws": defects_aws.DEFECTS, "gcp": defects_gcp.DEFECTS}
CASES = {cloud: {case.name: case for case in golden_cases(cloud)} for cloud in RULES}


@cache
def _deployment(cloud: str, case: str) -> Deployment:
    return read_spec(str(CASES[cloud][case].spec)).deployment


@cache
def _texts(cloud: str, case: str) -> dict[str, str]:
    return read_tree(CASES[cloud][case].tree(cloud))


@cache
def _golden(cloud: str, case: str) -> Tree:
    return tree_of(_texts(cloud, case), _deployment(cloud, case))


@pytest.mark.parametrize(
    ("cloud", "case", "rule"),
    [(cloud, case, rule) for cloud, rules in RULES.items() for case in CASES[cloud] for rule in rules],
    ids=lambda part: getattr(part, "__name__", str(part)),
)
def test_rule_holds(cloud: str, case: str, rule: Rule) -> None:
    assert _golden(cloud, case).resources
    assert not list(rule(_golden(cloud, case)))


@pytest.mark.parametrize(
    ("cloud", "defect"), [(cloud, defect) for cloud, defects in DEFECTS.items() for defect in defects], ids=str
)
def test_rule_catches(cloud: str, defect: ScannerDefect) -> None:
    wrong = {defect.file: defect.apply(_texts(cloud, defect.case))[defect.file]}
    edited, golden = tree_of(wrong, _deployment(cloud, defect.case)), _golden(cloud, defect.case)
    tree = Tree(
        (*(one for one in golden.resources if one.file != defect.file), *edited.resources),
        (*(one for one in golden.data if one.file != defect.file), *edited.data),
        golden.deployment,
        (*(one for one in golden.values if one.file != defect.file), *edited.values),
    )
    assert list(defect.rule(tree))


@pytest.mark.parametrize("cloud", RULES)
def test_every_rule_has_a_defect(cloud: str, figures: Figures) -> None:
    assert set(RULES[cloud]) == {defect.rule for defect in DEFECTS[cloud]}
    figures.tell("Own rules", f"{cloud}: {len(RULES[cloud])} rules, which catch {len(DEFECTS[cloud])} defects")


def test_machines_without_a_defect_pass() -> None:
    """None is rendered yet, so that their rule meets a good one here only."""
    good = tree_of({"machines.tf": defects_gcp.GOOD_MACHINES}, _deployment("gcp", "reference"))
    assert not list(blind_spots_gcp.virtual_machines(good))
