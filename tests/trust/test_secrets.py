"""One table of secrets: what is one is refused in every field and printed nowhere, what is none passes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudgen import report
from cloudgen.spec.deployment import Deployment
from cloudgen.spec.loader import DocumentError, loads
from cloudgen.spec.parse import parse
from cloudgen.stack import coordinate_models
from trust.secret_kinds import HARMLESS, NAMES, VALUES, b62


def spec(**container: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "name": "shop",
        "environment": "development",
        "targets": {"aws": {"region": "eu-west-1"}},
        "containers": {"web": {"image": "nginx:1", "port": 8000, **container}},
    }


def parsed(data: dict[str, Any]) -> Deployment:
    return parse(loads(json.dumps(data)), coordinate_models())


def refusal(data: dict[str, Any]) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        parsed(data)
    return caught.value


def codes(error: DocumentError) -> set[str]:
    return {problem.code for problem in error.problems}


def printed(error: DocumentError) -> str:
    return "".join(report.render(error.problems, error.document, style) for style in ("text", "json", "github"))


def secret_part(value: str) -> str:
    """What must not be printed of a value: its longest word that is no word of a message."""
    known = ("hunter2",)
    return next((word for word in known if word in value), max(value.replace("\n", " ").split(" "), key=len))


def test_the_lists_are_long_enough() -> None:
    assert len(set(VALUES)) >= 134
    assert len(set(HARMLESS)) >= 110
    assert len(set(NAMES)) >= 70


@pytest.mark.parametrize("value", VALUES)
def test_a_value_is_refused_in_the_environment(value: str) -> None:
    error = refusal(spec(environment={"ANYTHING": value}))
    assert codes(error) == {"literal-secret"}
    assert secret_part(value) not in printed(error)


@pytest.mark.parametrize("value", VALUES)
def test_a_value_is_refused_in_a_command(value: str) -> None:
    error = refusal(spec(command=["serve", value]))
    assert codes(error) == {"literal-secret"}
    assert error.problems[0].path == ("containers", "web", "command", 1)
    assert secret_part(value) not in printed(error)


FIELDS: dict[str, Any] = {
    "labels": lambda value: {**spec(), "labels": {"team": value}},
    "key of labels": lambda value: {**spec(), "labels": {value: "x"}},
    "name": lambda value: {**spec(), "name": value},
    "unknown key": lambda value: {**spec(), value: "x"},
    "value of an unknown key": lambda value: {**spec(), "unknown": value},
    "image": lambda value: spec(image=value),
    "app": lambda value: spec(image=None, build={"app": value}),
    "domain": lambda value: {**spec(), "load_balancer": {"domain": value}},
    "health check": lambda value: spec(health_check={"path": value}),
    "connection": lambda value: spec(connects_to=[value]),
    "reference": lambda value: spec(secrets={"A": value}),
    "name of a variable": lambda value: spec(environment={value: "x"}),
    "e-mail": lambda value: {**spec(), "monitoring": {"alerts": {"email": [value]}}},
    "choice": lambda value: {**spec(), "networking": {"nat": value}},
    "reason": lambda value: {**spec(), "security": {"not_secrets": {"name": value}}},
}


@pytest.mark.parametrize("field", FIELDS)
def test_every_value_is_refused_and_hidden_in_any_field(field: str) -> None:
    for value in VALUES:
        error = refusal(FIELDS[field](value))
        if field != "reason":
            assert "literal-secret" in codes(error), value
        assert secret_part(value) not in printed(error), value


@pytest.mark.parametrize("name", NAMES)
def test_a_name_tells(name: str) -> None:
    for data in (
        spec(environment={name: "hunter2x"}),
        spec(command=["serve", f"--{name.lower().replace('_', '-')}=hunter2x"]),
        spec(command=["serve", f"--{name}", "hunter2x"]),
        spec(command=["sh", "-c", f"{name}=hunter2x exec serve"]),
    ):
        error = refusal(data)
        if "environment" in data["containers"]["web"] or name.upper() == name:
            assert codes(error) == {"literal-secret"}
        assert "hunter2x" not in printed(error)


@pytest.mark.parametrize(("name", "value"), HARMLESS)
def test_what_is_no_secret_passes(name: str, value: str) -> None:
    deployment = parsed(spec(environment={name: value}, command=["serve", value]))
    assert deployment.containers["web"].environment[name] == value


def test_a_secret_is_hidden_where_a_file_does_not_parse() -> None:
    for value in VALUES:
        text = f"name: shop\nunknown: {json.dumps(value)}\n  bad: [\n"
        with pytest.raises(DocumentError) as caught:
            loads(text)
        assert secret_part(value) not in printed(caught.value)


KEY = b62(40)


def test_a_spec_can_say_that_one_is_none() -> None:
    data = spec(environment={"SITE_KEY_A": KEY, "API_KEY": "shown-to-all"}, command=["serve", f"--key={KEY}"])
    places = [f"containers.web.{place}" for place in ("environment.SITE_KEY_A", "environment.API_KEY", "command.1")]
    data["security"] = {"not_secrets": dict.fromkeys(places, "every browser gets it")}
    assert parsed(data).containers["web"].environment["SITE_KEY_A"] == KEY
    for place in places:
        less = {**data, "security": {"not_secrets": {key: "every browser gets it" for key in places if key != place}}}
        assert codes(refusal(less)) == {"literal-secret"}


@pytest.mark.parametrize(
    ("excuses", "code"),
    [
        ({"containers.web.environment.NOWHERE": "every browser gets it"}, "unknown-reference"),
        ({"containers.web.environment": "all of them"}, "literal-secret"),
        ({"containers.*.environment.API_KEY": "every browser gets it"}, "bad-value"),
        ({"containers.web.environment.API_KEY": "x"}, "bad-value"),
        ({"containers.web.environment.API_KEY": None}, "wrong-type"),
        (["containers.web.environment.API_KEY"], "wrong-type"),
    ],
)
def test_an_excuse_names_a_place_and_a_reason(excuses: Any, code: str) -> None:
    data = {**spec(environment={"API_KEY": "hunter2x"}), "security": {"not_secrets": excuses}}
    assert code in codes(refusal(data))


def test_the_hint_is_a_line_that_works() -> None:
    error = refusal(spec(environment={"API_KEY": "hunter2x"}))
    hint = error.problems[0].hint or ""
    place = hint.partition("{not_secrets: {")[2].partition(":")[0]
    data = {**spec(environment={"API_KEY": "hunter2x"}), "security": {"not_secrets": {place: "it is public"}}}
    assert parsed(data).security.not_secrets == {place: "it is public"}
