"""Every rule accepts its good example and refuses its bad ones, at the right place and under its own name."""

from __future__ import annotations

import pytest

from standin.encoding import UNKNOWN
from standin.resource import Resource
from standin.rule import AfterRule, OrderRule, Rule, about
from standin.rule_cases import Case, google, read_cases, resource
from standin.rules import AFTERMATH, ORDER_RULES, RULES, broken
from standin.schema import walk

CASES = read_cases("names", "cloud_sql", "load_balancer", "cloud_run", "network", "data", "monitoring")


def names(found: Resource) -> list[tuple[str, str]]:
    """Return (rule, path) of everything that a resource breaks."""
    return [
        (violation.summary.split("]")[0].lstrip("["), ".".join(map(str, violation.path))) for violation in broken(found)
    ]


def test_every_rule_has_a_case() -> None:
    assert {rule.name for rule in RULES} == set(CASES)


def test_rules_have_names_of_their_own_and_a_source() -> None:
    everything: list[Rule | OrderRule | AfterRule] = [*RULES, *ORDER_RULES, *AFTERMATH]
    assert len({rule.name for rule in everything}) == len(everything) >= 25
    assert all(rule.source and rule.what for rule in everything)


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
        google().block("resource_schemas", case.type),
        resource(case.type, case.good).values,
        lambda _path, _attribute, value: UNKNOWN if value is not None else None,
    )
    assert case.rule not in [name for name, _ in names(Resource(case.type, values))]


def test_a_case_with_an_argument_that_does_not_exist_is_noticed() -> None:
    with pytest.raises(KeyError, match=r"template\.replicas"):
        resource("google_cloud_run_v2_service", {"template": {"replicas": 3}})
