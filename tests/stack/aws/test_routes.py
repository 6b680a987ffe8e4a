"""Rules of the load balancer: label and priority of each follow from its path alone."""

from __future__ import annotations

import pytest

from cloudgen.errors import SpecError
from cloudgen.stack.aws.entrance.routes import MOST_PARTS, rule_label, rule_priority
from cloudgen.stack.aws.stack import build
from rig.parts.aws import make_foundation

CONTAINERS = "containers: {web: {port: 80, image: 'nginx:1'}, api: {port: 81, image: 'nginx:1'}}\n"


def _rules(*routes: str) -> dict[str, tuple[str, int]]:
    listed = ", ".join(f"{{path: {path}, container: {to}}}" for path, to in (route.split("=") for route in routes))
    spec = f"{CONTAINERS}load_balancer: {{routes: [{{path: /, container: web}}, {listed}]}}"
    balancer = build(make_foundation(spec).deployment).load_balancer
    assert balancer is not None
    return {rule.patterns[0]: (rule.label, rule.priority) for rule in balancer.rules}


def test_other_routes_and_another_container_change_no_rule() -> None:
    alone = _rules("/api=api")["/api"]
    assert _rules("/admin=api", "/api=web", "/api/v2=api", "/v1=web")["/api"] == alone


def test_the_path_with_more_parts_is_asked_first() -> None:
    path = ""
    last = 50_000
    for part in range(MOST_PARTS):
        path += f"/part{part}"
        assert 1 <= rule_priority(path) < last
        last = rule_priority(path)


@pytest.mark.parametrize(
    ("path", "label"),
    [("/api", "path_api"), ("/api/", "path_api"), ("/api/v1", "path_api_v1"), ("/1", "path_1")],
)
def test_plain_paths_keep_their_words(path: str, label: str) -> None:
    assert rule_label(path) == label


def test_labels_differ_where_signs_do() -> None:
    paths = ("/a/b", "/a-b", "/a_b", "/a.b", "/a~b", "/a//b")
    assert len({rule_label(path) for path in paths}) == len(paths)


def test_too_deep_a_path_is_refused() -> None:
    with pytest.raises(SpecError) as raised:
        _rules("/a" * (MOST_PARTS + 1) + "=api")
    (problem,) = raised.value.problems
    assert (problem.code, problem.path) == ("path-too-deep", ("load_balancer", "routes", 1, "path"))


def test_two_paths_in_one_place_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cloudgen.stack.aws.entrance.routes.rule_priority", lambda _: 7)
    with pytest.raises(SpecError) as raised:
        _rules("/a=api", "/b=web")
    (problem,) = raised.value.problems
    assert (problem.code, problem.path) == ("duplicate-priority", ("load_balancer", "routes", 2, "path"))
