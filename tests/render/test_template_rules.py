"""Templates choose nothing: the rules hold for every template, and the rules themselves find what they forbid."""

from __future__ import annotations

from pathlib import Path

import pytest

from cloudgen.render.templates import find_folder
from rig.trees.template_rules import folder_problems, text_problems, tree_problems

TEMPLATES = find_folder()
NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.j2"))
FOLDERS = sorted(path.parent.name for path in TEMPLATES.glob("*/manifest.yaml"))


def test_there_are_templates() -> None:
    assert len(NAMES) >= 20
    assert "aws" in FOLDERS


@pytest.mark.parametrize("name", NAMES)
def test_a_template_keeps_the_rules(name: str) -> None:
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    assert tree_problems(source) == []
    assert text_problems(name, source) == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_has_what_its_manifest_names_and_no_more(folder: str) -> None:
    assert folder_problems(TEMPLATES / folder) == []


def test_what_is_shared_is_included_by_several_targets() -> None:
    shared = {f"shared/{path.name}" for path in (TEMPLATES / "shared").iterdir()}
    users = {name: {path.parent for path in TEMPLATES.rglob("*.j2") if name in path.read_text()} for name in shared}
    assert shared
    assert [name for name in sorted(shared) if len(users[name]) < 2] == []


def test_nothing_else_is_among_the_templates() -> None:
    strange = [
        path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.rglob("*")
        if path.is_file() and path.suffix != ".j2" and path.name != "manifest.yaml"
    ]
    assert strange == []


@pytest.mark.parametrize(
    "good",
    [
        "plain text",
        "{{ stack.name }}",
        "{% for a in stack.list %}{{ a.b.c }}{% if not loop.last %},{% endif %}{% endfor %}",
        "{% if stack.on %}a{% elif stack.other %}b{% else %}c{% endif %}",
        '{% include "_part.tf.j2" %}',
        "{# a remark of the template itself #}",
        "{% for name, value in stack.pairs %}{{ name }}{% endfor %}",
        "{% if stack.a %}{% if stack.b %}1{% elif stack.c %}2{% elif stack.d %}3{% endif %}{% endif %}",
    ],
)
def test_what_is_allowed(good: str) -> None:
    assert tree_problems(good) == []


@pytest.mark.parametrize(
    "bad",
    [
        "{{ stack.a == 1 }}",
        "{% if stack.a > 1 %}x{% endif %}",
        "{% if stack.a and stack.b %}x{% endif %}",
        "{% if stack.a or stack.b %}x{% endif %}",
        "{% if stack.a is defined %}x{% endif %}",
        "{% if stack.a in stack.b %}x{% endif %}",
        "{% set a = stack.b %}",
        "{% macro m() %}x{% endmacro %}",
        "{{ stack.a + 1 }}",
        "{{ stack.a ~ stack.b }}",
        "{{ -stack.a }}",
        "{{ stack.a() }}",
        "{{ stack.a.format(1) }}",
        "{{ stack.a | upper }}",
        "{{ stack.a[0] }}",
        "{{ stack['a'] }}",
        "{{ 'text' }}",
        "{{ 1 }}",
        "{{ [stack.a] }}",
        "{{ stack.a, stack.b }}",
        "{{ {'a': stack.a} }}",
        "{{ stack.a if stack.b else stack.c }}",
        "{% for a in stack.b if a.c %}x{% endfor %}",
        "{% for a in stack.b %}x{% else %}y{% endfor %}",
        "{% for a in range(3) %}x{% endfor %}",
        "{% for a in stack.b recursive %}x{% endfor %}",
        "{% include stack.name %}",
        '{% include ["a", "b"] %}',
        '{% include "a" ignore missing %}',
        '{% include "a" without context %}',
        '{% import "a" as a %}',
        '{% from "a" import b %}',
        '{% extends "a" %}',
        "{% block a %}x{% endblock %}",
        "{% with a = stack.b %}x{% endwith %}",
        "{% filter upper %}x{% endfilter %}",
        "{% call stack.a() %}x{% endcall %}",
        "{% autoescape true %}x{% endautoescape %}",
        "{% for a in stack.x %}{% for b in a.y %}{% for c in b.z %}x{% endfor %}{% endfor %}{% endfor %}",
        "{% if stack.a %}{% for b in stack.y %}{% if b.c %}x{% endif %}{% endfor %}{% endif %}",
        "{% if stack.a %}x{% else %}{% if stack.b %}{% if stack.c %}y{% endif %}{% endif %}{% endif %}",
    ],
)
def test_what_is_forbidden(bad: str) -> None:
    assert tree_problems(bad) != []


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("a.tf.j2", "# for {{ stack.name }}"),
        ("a.tf.j2", "a = 1 # for {{ stack.name }}"),
        ("a.tf.j2", "// for {{ stack.name }}"),
        ("a.tf.j2", 'a = "{{ stack.name }}"'),
        ("a.tf.j2", 'a = "x-{% if stack.b %}{{ stack.name }}{% endif %}-y"'),
        ("a.tf.j2", "a = <<EOT"),
        ("a.tf.j2", "/* a */"),
        ("a.sh.j2", 'echo "{{ stack.name }}"'),
        ("a.sh.j2", "echo '{{ stack.name }}'"),
        ("a.sh.j2", "# {{ stack.name }}"),
        ("Dockerfile.j2", "# {{ stack.name }}"),
    ],
)
def test_a_value_where_its_encoding_would_not_hold(name: str, bad: str) -> None:
    assert text_problems(name, bad) != []


def test_a_value_between_strings_is_in_none() -> None:
    assert text_problems("a.tf.j2", 'a = lookup("x", {{ stack.name }}, "y # z") # why') == []


def test_a_missing_and_a_useless_template_are_found(tmp_path: Path) -> None:
    (tmp_path / "manifest.yaml").write_text(
        "files: [{template: a.tf.j2, output: a.tf}, {template: b.tf.j2, output: b.tf}]"
    )
    (tmp_path / "a.tf.j2").write_text('{% if stack.x %}{% include "_part.tf.j2" %}{% endif %}')
    (tmp_path / "_part.tf.j2").write_text('{% include "_gone.tf.j2" %}')
    (tmp_path / "useless.tf.j2").write_text("")
    assert folder_problems(tmp_path) == [
        "_gone.tf.j2 is missing",
        "b.tf.j2 is missing",
        "useless.tf.j2 is neither in the manifest nor included",
    ]
