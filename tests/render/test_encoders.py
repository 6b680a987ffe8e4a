"""Dockerfile, Markdown, shell, YAML and JSON: no text of a spec becomes more than text."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cloudgen.render import RenderError, dockerfile, dump, markdown, plaintext
from cloudgen.stack.base import Ref
from cloudgen.stack.text import DockerText, Markdown


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("python:3.12-slim", "python:3.12-slim"),
        ("/app/web", "/app/web"),
        (8000, "8000"),
        (DockerText("RUN a \\\n && b"), "RUN a \\\n && b"),
        (["sh", "-c", 'say "$HOME" \\ é\n'], '["sh", "-c", "say \\"$HOME\\" \\\\ \\u00e9\\n"]'),
        ((), "[]"),
        ({"A": "1"}, 'A="1"'),
        ({"A": "x y", "B_2": '$HOME "q" \\'}, 'A="x y" \\\n    B_2="\\$HOME \\"q\\" \\\\"'),
    ],
)
def test_dockerfile(value: Any, written: str) -> None:
    assert dockerfile.encode(value) == written


@pytest.mark.parametrize(
    "value",
    [
        "a b", "", "a\nRUN x", "$HOME", "a;b", "a\\", "`", "<<EOF", "#", '"', "'", None, True, 1.5, Ref("a"), object(),
        [1], ["\0"], {"A": "a\nb"}, {"A": "a\rb"}, {"A": "\0"}, {"A": 1}, {"A B": "x"}, {"A=B": "x"}, {"": "x"},
        {1: "x"}, {"A": "\u2028"},
    ],
)  # fmt: skip
def test_dockerfile_refuses(value: Any) -> None:
    with pytest.raises(RenderError) as caught:
        dockerfile.encode(value)
    assert "HOME" not in str(caught.value)


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"))))
def test_a_dockerfile_reads_a_variable_as_it_was(text: str) -> None:
    """By the rules of the Dockerfile reference: within double quotes, a backslash escapes quote, dollar and itself."""
    written = dockerfile.encode({"A": text})
    assert written.startswith('A="')
    assert written.endswith('"')
    read, rest = "", written[3:-1]
    while rest:
        assert rest[0] not in '"$'
        if rest[0] == "\\":
            assert rest[1] in '"$\\'
            rest = rest[1:]
        read, rest = read + rest[0], rest[1:]
    assert read == text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("shop", "shop"),
        ("orders-db_1.tf", "orders-db_1.tf"),
        ("load_balancer_x", "load_balancer_x"),
        ("_a_", "\\_a\\_"),
        ("a | b", "a \\| b"),
        ("`a`", "\\`a\\`"),
        ("<script>", "\\<script\\>"),
        ("[a](b) ![c]", "\\[a\\](b) \\!\\[c\\]"),
        ("*a* ~b~ &lt; $x$ {y}", "\\*a\\* \\~b\\~ \\&lt; \\$x\\$ \\{y\\}"),
        ("a\n\n# b", "a \\# b"),
        ("    code", "code"),
        ("# a", "\\# a"),
        ("- a", "\\- a"),
        ("+ a", "\\+ a"),
        ("===", "\\==="),
        ("1. a", "1\\. a"),
        ("12) a", "12\\) a"),
        ("1.5", "1\\.5"),
        ("a\u202eb\0", "a\ufffdb\ufffd"),
        (3, "3"),
        (Markdown("`a` | <b>\n"), "`a` | <b>\n"),
    ],
)
def test_markdown(value: Any, written: str) -> None:
    assert markdown.encode(value) == written


@pytest.mark.parametrize("value", [None, True, 1.5, Ref("a"), ["a"], {}])
def test_markdown_refuses(value: Any) -> None:
    with pytest.raises(RenderError):
        markdown.encode(value)


@given(st.text())
def test_markup_is_always_escaped(text: str) -> None:
    written = markdown.encode(text)
    assert "\n" not in written
    for position, sign in enumerate(written):
        if sign in "`|<>[]*~":
            before = written[:position]
            assert (len(before) - len(before.rstrip("\\"))) % 2 == 1


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "\0", "\x1b", None, True, 1.5, [None], {"a": "b"}, "\ud800"])
def test_text_refuses(value: Any) -> None:
    for encode in (plaintext.line, plaintext.shell):
        with pytest.raises(RenderError):
            encode(value)


def test_text_stays_as_it_is() -> None:
    assert plaintext.line("**/.git # x") == "**/.git # x"
    assert plaintext.line(8) == "8"
    assert plaintext.shell("eu-west-1") == "eu-west-1"
    assert plaintext.shell(["--build-arg", "A=it's $b"]) == """--build-arg 'A=it'"'"'s $b'"""
    assert plaintext.shell("") == "''"


def test_a_shell_reads_one_word() -> None:
    words = [
        "$HOME",
        "`id`",
        "$(id)",
        "a b",
        "'",
        '"',
        "\\",
        "*",
        "~",
        "; id",
        "| id",
        "& id",
        "> x",
        "#",
        "-n",
        "é😀",
        "",
    ]
    script = "\n".join(f"printf '%s\\n' {plaintext.shell(word)}" for word in words)
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.split("\n")[:-1] == words


def test_yaml_is_laid_out_as_people_write_it() -> None:
    shared = {"x": 1}
    data = {"services": {"web": {"command": ["a", "b"], "on": True, "none": None}}, "a": shared, "b": shared, "c": ()}
    assert dump.to_yaml(data) == (
        "services:\n  web:\n    command:\n      - a\n      - b\n    'on': true\n    none: null\n"
        "a:\n  x: 1\nb:\n  x: 1\nc: []\n"
    )


@pytest.mark.parametrize(
    "text", ["1e3", "0o17", "0x1F", "010", "1_000", "12:30", "yes", "y", "N", "null", "~", ".5", "+1", "1."]
)
def test_yaml_quotes_what_another_reader_takes_for_a_number_or_a_truth(text: str) -> None:
    assert dump.to_yaml({"a": text}) == f"a: '{text}'\n"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_data_survives(value: Any) -> None:
    written = dump.to_yaml({"a": value})
    assert written.isascii()
    assert yaml.safe_load(written) == {"a": value}
    assert json.loads(dump.to_json(value)) == value


@pytest.mark.parametrize("value", [Ref("a"), object(), float("nan"), float("inf"), {1: 2}, {None: 1}, b"x", {1}])
def test_data_that_is_none_is_refused(value: Any) -> None:
    for encode in (dump.to_yaml, dump.to_json):
        with pytest.raises(RenderError):
            encode([value])
