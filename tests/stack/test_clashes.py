"""Names that join to one: refused on both clouds, or told apart."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cloudgen.errors import SpecError
from cloudgen.pipeline import build, read_spec
from cloudgen.render import render
from cloudgen.stack.base import Address, Problems
from cloudgen.stack.clashes import check_clashes

HEAD = """
version: 1
name: shop
targets: {aws: {region: eu-west-1}, gcp: {region: europe-west1, project: acme-shop}}
"""


def rendered(body: str, cloud: str, folder: Path) -> dict[str, str]:
    (folder / "cloudgen.yaml").write_text(HEAD + body)
    files = render(build(read_spec(str(folder / "cloudgen.yaml")), cloud))
    return {file.path: file.text for file in files}


def test_one_address_twice_is_a_problem() -> None:
    problems = Problems()
    check_clashes([Address("t", "a_b_c"), Address("u", "a_b_c")], problems)
    assert not problems.errors
    check_clashes([Address("t", "a_b_c"), Address("t", "a_b_c")], problems)
    assert [(problem.code, problem.path) for problem in problems.errors] == [("name-clash", ("containers",))]


@pytest.mark.parametrize(
    ("cloud", "body"),
    [
        # Both containers' rules to a database or cache would be called a_to_b_to_c.
        ("aws", "containers: {a: {command: [x], connects_to: [b-to-c]}, a-to-b: {command: [x], connects_to: [c]}}\n"
                "storage: {databases: {b-to-c: {}}, caches: {c: {}}}"),
        # The rule to the internet has the name of one to a database.
        ("aws", "containers: {a: {command: [x], connects_to: [internet]}}\n"
                "storage: {databases: {internet: {}}}\nnetworking: {nat: single}"),
        # Both containers' grants would be called a_b_c.
        ("gcp", "containers: {a: {command: [x], connects_to: [b-c]}, a-b: {command: [x], connects_to: [c]}}\n"
                "storage: {buckets: {b-c: {}, c: {}}}"),
    ],
)  # fmt: skip
def test_names_that_join_to_one_are_refused(cloud: str, body: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError) as refused:
        rendered(body, cloud, tmp_path)
    assert "name-clash" in {problem.code for problem in refused.value.problems}


ROUTES = """
containers: {a: {port: 80}, a-b: {port: 81}}
load_balancer:
  domain: shop.example.com
  routes:
  - {path: /, container: a}
  - {path: /b/c, container: a}
  - {path: /b.c, container: a}
  - {path: /c, container: a-b}
"""


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_paths_that_differ_by_a_sign_only_are_told_apart(cloud: str, tmp_path: Path) -> None:
    text = rendered(ROUTES, cloud, tmp_path)["load_balancer.tf"]
    addresses = re.findall(r'^resource "(\w+)" "(\w+)"', text, re.MULTILINE)
    assert len(set(addresses)) == len(addresses)
    for path in ("/b/c", "/b.c", "/c"):
        assert text.count(f'"{path}", "{path}/*"') == 1


def test_a_rule_has_the_name_of_its_path(tmp_path: Path) -> None:
    """A hash is there only where the path has other signs than letters, digits and slashes. Routes rename no other."""
    pattern = r'"aws_lb_listener_rule" "(\w+)"'
    names = re.findall(pattern, rendered(ROUTES, "aws", tmp_path)["load_balancer.tf"])
    assert sorted(names) == ["path_b_c", "path_b_c_ac41dd", "path_c"]
    alone = ROUTES.replace("  - {path: /b/c, container: a}\n", "").replace("  - {path: /c, container: a-b}\n", "")
    assert re.findall(pattern, rendered(alone, "aws", tmp_path)["load_balancer.tf"]) == ["path_b_c_ac41dd"]
