"""From a document to a deployment, or to all of its problems and to none that only follow from others."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloudgen import report
from cloudgen.errors import Problem, SpecError
from cloudgen.spec.deployment import Deployment, deployment_model
from cloudgen.spec.fields import walk
from cloudgen.spec.loader import DocumentError, loads
from cloudgen.spec.parse import parse
from cloudgen.spec.suggest import suggest
from cloudgen.stack import coordinate_models

if TYPE_CHECKING:
    from collections.abc import Sequence

START = "version: 1\nname: shop\n"
WEB = START + "containers:\n  web: {port: 8000}\n"

REFERENCE = (
    WEB.replace("{port: 8000}", "{port: 8000, size: medium, connects_to: [db, 'jobs:publish'], secrets: {KEY: stripe}}")
    + """\
targets:
  aws: {region: eu-west-1}
compute:
  architecture: arm64
load_balancer:
  domain: shop.example.com
  routes:
    - {path: /, container: web}
networking:
  zones: 2
  nat: single
storage:
  databases:
    db: {engine: postgres, disk: 50Gi}
  queues:
    jobs: {ack_deadline: 120s}
monitoring:
  alerts: {email: [ops@example.com], cpu: 80%}
security:
  secrets:
    stripe: {}
scaling:
  min: 2
  max: 10
"""
)


def read(text: str) -> Deployment:
    return parse(loads(text), coordinate_models())


def problems(text: str) -> Sequence[Problem]:
    with pytest.raises(SpecError) as failure:
        read(text)
    return failure.value.problems


def refusal(text: str) -> DocumentError | None:
    """What is said about a spec that may be valid."""
    try:
        read(text)
    except DocumentError as error:
        return error
    return None


def found(text: str) -> list[tuple[str, tuple[str | int, ...]]]:
    return [(problem.code, problem.path) for problem in problems(text)]


def test_a_valid_spec() -> None:
    deployment = read(REFERENCE)
    assert deployment.containers["web"].port == 8000
    assert deployment.storage.databases["db"].disk == 50 * 1024
    assert deployment.targets.get("aws").region == "eu-west-1"


def test_an_empty_section_is_a_section() -> None:
    deployment = read(WEB + "networking:\n  # zones: 2\nload_balancer:\nlabels:\nstorage: {buckets: {files: }}\n")
    assert deployment.networking.zones == 3
    assert deployment.load_balancer is not None
    assert list(deployment.storage.buckets) == ["files"]


def test_a_key_without_value_is_refused_but_null_is_a_value() -> None:
    assert found(START + "containers: {web: {port: }}\n") == [("missing-value", ("containers", "web", "port"))]
    assert read(START + "containers: {web: {port: null}}\n").containers["web"].kind == "worker"


def test_validators_run_although_a_sibling_section_is_wrong() -> None:
    text = (
        WEB
        + "networking: {nat: wrong, zones: 9}\nscaling: {min: 3, max: 2}\ncompute: {size: small, cpu: 1, memory: 1Gi}\n"
    )
    assert found(text) == [
        ("bad-choice", ("networking", "nat")),
        ("out-of-range", ("networking", "zones")),
        ("out-of-range", ("scaling",)),
        ("conflict", ("compute",)),
    ]


def test_a_validator_says_nothing_about_what_was_left_out() -> None:
    assert found(WEB + "compute: {cpu: lots, memory: 1Gi}\n") == [("bad-value", ("compute", "cpu"))]
    assert found(START + "containers: {web: {trigger: {buckt: files}}}\n")[0][0] == "unknown-key"


def test_what_stands_below_a_mistyped_key_is_checked() -> None:
    text = WEB + "netwoking:\n  zones: 99\n  nta: single\n"
    assert found(text) == [
        ("unknown-key", ("netwoking",)),
        ("out-of-range", ("netwoking", "zones")),
        ("unknown-key", ("netwoking", "nta")),
    ]


def test_references_are_checked_through_a_mistyped_key() -> None:
    text = START + "containers: {web: {prot: 8000, conects_to: [dv]}}\nstorage: {database: {db: {}}}\n"
    assert [code for code, _ in found(text)] == ["unknown-key", "unknown-key", "unknown-reference", "unknown-key"]


def test_a_mistyped_required_key_is_one_problem() -> None:
    assert found("verison: 1\nname: shop\ncontainers: {web: {port: 1}}\n") == [("unknown-key", ("verison",))]


def test_two_keys_for_one_are_not_both_taken_for_it() -> None:
    assert found(START + "containers: {web: {port: 1, prot: 2}}\n") == [("unknown-key", ("containers", "web", "prot"))]
    assert [code for code, _ in found(START + "containers: {web: {prot: x, porrt: y}}\n")] == ["unknown-key"] * 2


def test_problems_of_the_loader_come_along() -> None:
    text = WEB + "networking: {zones: 9, zones: 2}\nlabels: &x {Team: a}\nscaling: *x\n"
    assert [code for code, _ in found(text)] == ["out-of-range", "duplicate-key", "anchor", "bad-name", "alias"]


def test_nothing_is_said_about_what_an_alias_hides() -> None:
    text = START + "containers: {web: {port: 1, connects_to: [db]}}\nstorage: *storage\n"
    assert [code for code, _ in found(text)] == ["alias"]


def test_the_order_is_that_of_the_file() -> None:
    positions = [
        problem.position for problem in problems("foo: 1\n" + WEB.replace("8000", "x") + "bar: 2\nversion: 3\n")
    ]
    assert all(position is not None for position in positions)
    lines = [(position.line, position.column) for position in positions if position]
    assert lines == sorted(lines)


def test_every_literal_secret_is_reported() -> None:
    variables = ", ".join(f"PASSWORD_{index}: value-{index}" for index in range(8))
    text = START + f"containers: {{web: {{port: 1, environment: {{{variables}}}}}}}\n"
    assert found(text) == [
        ("literal-secret", ("containers", "web", "environment", f"PASSWORD_{index}")) for index in range(8)
    ]


SECRET = "correct-horse-battery"


@pytest.mark.parametrize(
    "text",
    [
        START + f"containers: {{web: {{port: 1, secrets: {{A: {SECRET}}}}}}}\n",
        START + f"containers: {{web: {{port: 1, environment: {{DB_PASSWORD: {SECRET}}}}}}}\n",
        START + f"containers: {{web: {{port: 1, environment: {{A: [{SECRET}]}}}}}}\n",
        START + f"containers: {{web: {{port: 1, environment: {{A: &x {SECRET}}}}}}}\n",
        START + f"containers: {{web: {{port: 1, environment: {{A: x, A: {SECRET}}}}}}}\n",
        START + f"containers: {{web: {{port: 1, environment: [{SECRET}]}}}}\n",
        START + f"containers: {{web: {{port: 1, environment: {SECRET}}}}}\n",
        WEB + f"security: {{secrets: {{stripe: {SECRET}}}}}\n",
        WEB + f"security: {{secrets: [{SECRET}]}}\n",
        WEB + f"password: {SECRET}\n",
        WEB + f"networking: {{nat: 'https://user:{SECRET}@host'}}\n",
        WEB + "networking: {nat: sk_live_4eC39HqLyjWDarjtT1zdp7dc}\n",
        WEB + "sk_live_4eC39HqLyjWDarjtT1zdp7dc: 1\n",
    ],
)
@pytest.mark.parametrize("style", report.FORMATS)
def test_no_secret_is_printed(text: str, style: report.Format) -> None:
    with pytest.raises(DocumentError) as failure:
        read(text)
    printed = report.render(failure.value.problems, failure.value.document, style)
    assert SECRET not in printed
    assert "4eC39" not in printed


def _keys() -> list[str]:
    return sorted({field.path[-1] for field in walk(deployment_model(coordinate_models())) if len(field.path[-1]) > 3})


def _typos(word: str) -> list[str]:
    swapped = [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1) if word[i] != word[i + 1]]
    return [*(word[:i] + word[i + 1 :] for i in range(len(word))), *swapped]


def test_one_edit_typos_of_keys_get_the_right_suggestion() -> None:
    model = deployment_model(coordinate_models())
    siblings: dict[tuple[str, ...], list[str]] = {}
    for field in walk(model):
        siblings.setdefault(field.path[:-1], []).append(field.path[-1])
    right = total = 0
    for names in siblings.values():
        for name in names:
            for typo in _typos(name) if len(name) > 3 else ():
                if typo not in names:
                    total += 1
                    right += suggest(typo, names) == name
    assert total > 500
    assert right / total >= 0.95


ODD_VALUES = ["", "x", "-1", "[]", "{}", "[a, {b: c}]", "null", "1e999", '"\\0"', "*a", "|", "~"]
ODD_KEYS = ["x:", "name:", "'[key]':", "<<:", "port:", ":"]


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_mutated_spec_is_read_or_refused(data: st.DataObject) -> None:
    lines = REFERENCE.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        index = data.draw(st.integers(0, len(lines) - 1))
        line = lines[index]
        change = data.draw(st.sampled_from(["drop", "twice", "value", "key", "indent", "cut", "insert"]))
        if change == "drop" and len(lines) > 1:
            del lines[index]
        elif change == "twice":
            lines.insert(index, line)
        elif change == "value":
            value = data.draw(
                st.sampled_from(["", "x", "-1", "[]", "{}", "[a, {b: c}]", "null", "1e999", "'\\0'", "*a", "|", "~"])
            )
            lines[index] = re.sub(r":.*", f": {value}", line)
        elif change == "key":
            lines[index] = re.sub(r"\w+:", data.draw(st.sampled_from(ODD_KEYS)), line, count=1)
        elif change == "indent":
            lines[index] = data.draw(st.sampled_from(["  ", " ", "\t", "- "])) + line
        else:
            at = data.draw(st.integers(0, len(line)))
            middle = "" if change == "cut" else data.draw(st.text(st.characters(), max_size=3))
            lines[index] = line[:at] + middle + (line[at + 1 :] if change == "cut" else line[at:])
    error = refusal("\n".join(lines) + "\n")
    if error is not None:
        for style in report.FORMATS:
            assert report.render(error.problems, error.document, style)


VALUES = st.recursive(
    st.one_of(st.none(), st.sampled_from(["1", "x", "web", "8000", "1Gi", "a:b", "true", "[key]"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from([*_keys(), "web", "db", "[key]", "0", ""]), inner, max_size=4),
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([*Deployment.model_fields, "x"]), VALUES, max_size=6))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_data_is_read_or_refused(data: dict[str, object]) -> None:

    error = refusal(json.dumps(data))
    told = [(problem.code, problem.path, problem.message) for problem in error.problems] if error else []
    assert len(set(told)) == len(told), "a problem is told twice"
