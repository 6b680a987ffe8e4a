"""Every rule accepts its good example and refuses its bad ones, at the right place and under its own name."""

from __future__ import annotations

import re

import pytest

from rig.figures import Figures
from rig.standin.configuration import Configuration
from rig.standin.encoding import UNKNOWN
from rig.standin.gcp.rules import AFTERMATH, ORDER_RULES, RULES, broken
from rig.standin.rule import AfterRule, OrderRule, Rule, about
from rig.standin.rule_cases import Case, gcp, read_cases, resource
from rig.standin.schema import walk
from rig.standin.trees import golden_trees

CASES = read_cases("gcp", "names", "cloud_sql", "load_balancer", "cloud_run", "network", "data", "monitoring")


def names(found: Configuration) -> list[tuple[str, str]]:
    """Return (rule, path) of everything that a resource breaks."""
    return [
        (violation.summary.split("]")[0].lstrip("["), ".".join(map(str, violation.path))) for violation in broken(found)
    ]


def test_every_rule_has_a_case(figures: Figures) -> None:
    assert {rule.name for rule in RULES} == set(CASES)
    rules = len(RULES) + len(ORDER_RULES) + len(AFTERMATH)
    figures.tell("Rules of the stand-ins", f"gcp: {rules}, each with good and bad examples")


def test_rules_have_names_of_their_own_and_a_source() -> None:
    everything: list[Rule | OrderRule | AfterRule] = [*RULES, *ORDER_RULES, *AFTERMATH]
    assert len({rule.name for rule in everything}) == len(everything) >= 25
    assert all(rule.source and rule.what for rule in everything)


def emitted() -> set[str]:
    """The types of Google that the golden trees have."""
    text = "".join(
        file.read_text(encoding="utf-8") for tree in golden_trees("gcp").values() for file in tree.rglob("*.tf")
    )
    return set(re.findall(r'^resource "(google_\w+)"', text, re.M))


def test_every_emitted_type_has_a_rule_of_its_own() -> None:
    everything: list[Rule | OrderRule] = [*RULES, *ORDER_RULES]
    rules = [rule for rule in everything if rule.types not in ("*", "google_*")]
    without = {kind for kind in emitted() if not any(about(rule, kind) for rule in rules)}
    # Its range, network and class of service are looked at by the rule of what needs it, memorystore-policy.
    assert without == {"google_network_connectivity_service_connection_policy"}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_good(case: Case) -> None:
    assert case.rule not in [name for name, _ in names(resource(case.type, case.good))]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_bad(case: Case) -> None:
    assert case.bad
    for bad in case.bad:
        found = names(resource(case.type, bad.config))
        assert (case.rule, bad.at) in found, f"{bad.config} gives {found}"


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_rule_looks_at_its_own_types_only(case: Case) -> None:
    rule = next(rule for rule in RULES if rule.name == case.rule)
    assert about(rule, case.type)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_unknown_until_apply_is_not_refused(case: Case) -> None:
    """A plan may not know a value yet; a rule that then says no would refuse good configurations."""
    values = walk(
        gcp().block("resource_schemas", case.type),
        resource(case.type, case.good).values,
        lambda _path, _attribute, value: UNKNOWN if value is not None else None,
    )
    assert case.rule not in [name for name, _ in names(Configuration(case.type, values))]


def test_a_case_with_an_argument_that_does_not_exist_is_noticed() -> None:
    with pytest.raises(KeyError, match=r"template\.replicas"):
        resource("google_cloud_run_v2_service", {"template": {"replicas": 3}})
