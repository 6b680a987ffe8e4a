"""The loader: no type is guessed, everything has its place, and no input gets further than a message."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloudgen.errors import OutputError, Position
from cloudgen.spec.loader import MAX_BYTES, MAX_DEPTH, DocumentError, PlainScalar, load, loads


def codes(text: str | bytes) -> list[str]:
    """The codes of all problems, whether they end the reading or not."""
    try:
        return [problem.code for problem in loads(text).problems]
    except DocumentError as error:
        return [problem.code for problem in error.problems]


@pytest.mark.parametrize(
    "written", ["no", "3.10", "12:30:45", "010", "0x1f", "1e3", ".nan", "2026-11-23", "true", "yes"]
)
def test_no_type_is_guessed(written: str) -> None:
    data = loads(f"key: {written}\nquoted: '{written}'\n").data
    assert data == {"key": written, "quoted": written}
    assert isinstance(data, dict)
    assert isinstance(data["key"], PlainScalar)
    assert not isinstance(data["quoted"], PlainScalar)


def test_nothing_and_null_are_none_but_only_nothing_is_empty() -> None:
    document = loads("a:\nb: ~\nc: null\nd: ''\ne: 'null'\n")
    assert document.data == {"a": None, "b": None, "c": None, "d": "", "e": "null"}
    assert document.empty == {("a",)}


def test_structure_and_block_text() -> None:
    document = loads("list:\n- 1\n- {a: b, c: [d]}\ntext: |\n  one\n  two\n")
    assert document.data == {"list": ["1", {"a": "b", "c": ["d"]}], "text": "one\ntwo\n"}


def test_keys_are_their_text() -> None:
    assert loads("1: a\ntrue: b\n~: c\n").data == {"1": "a", "true": "b", "~": "c"}


def test_text_is_normalised() -> None:
    data = loads("cafe\u0301: re\u0301sume\u0301\n").data
    assert data == {"caf\u00e9": "r\u00e9sum\u00e9"}


def test_positions() -> None:
    document = loads("name: shop\ncontainers:\n  web:\n    port: 8000\n    list: [a, bcd]\n")
    assert document.position(("name",)) == Position(1, 7, 4)
    assert document.position(("name",), "key") == Position(1, 1, 4)
    assert document.position(("containers", "web", "port")) == Position(4, 11, 4)
    assert document.position(("containers", "web", "list", 1)) == Position(5, 15, 3)
    assert document.position(("containers", "web")) == Position(3, 3, 3), "a block stands for itself by its key"
    assert document.position(("containers", "web", "size")) == Position(3, 3, 3), "climbs to the nearest parent"
    assert document.position(("foo", 3, "bar")) == Position(1, 1, 1)
    assert document.line(4) == "    port: 8000"
    assert document.line(99) == document.line(0) == ""


def test_positions_count_characters_not_bytes() -> None:
    assert loads("'äöü😀': {key: x}\n").position(("äöü😀", "key")) == Position(1, 15, 1)


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_line_breaks(line_break: str) -> None:
    document = loads(line_break.join(["a: 1", "b:", "  c: 2", ""]))
    assert document.data == {"a": "1", "b": {"c": "2"}}
    assert document.position(("b", "c")) == Position(3, 6, 1)


def test_duplicate_key_tells_the_first_line_and_keeps_the_first_value() -> None:
    document = loads("a: 1\nb: 2\na: {c: 3, c: 4}\n")
    assert document.data == {"a": "1", "b": "2"}
    assert [(p.code, p.message, p.position) for p in document.problems] == [
        ("duplicate-key", "`a` is already set on line 1", Position(3, 1, 1)),
        ("duplicate-key", "`c` is already set on line 3", Position(3, 11, 1)),
    ]


def test_keys_that_look_the_same_are_the_same() -> None:
    assert codes("caf\u00e9: 1\ncafe\u0301: 2\n") == ["duplicate-key"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x 1\nb: *x\n", ["anchor", "alias"]),
        ("a: &x {b: c}\nd:\n  <<: *x\n", ["anchor", "merge-key", "alias"]),
        ("a: !!str 1\nb: !tag {}\nc: ! x\n", ["tag", "tag", "tag"]),
        ("a: !!python/object/apply:os.system ['true']\n", ["tag"]),
        ("? {a: b}\n: c\n", ["complex-key"]),
        ("a: 1\n---\nb: 2\n", ["many-documents"]),
        ("a: 'x\u202ey'\nb: \"\\u200b\"\n", ["forbidden-character", "forbidden-character"]),
        ('a: "\\0"\n', ["forbidden-character"]),
        ("a: x\x00y\n", ["forbidden-character"]),
        ("a: 1 # \u2066comment\n", ["forbidden-character"]),
        ("a: x\u2028y\n", ["forbidden-character"]),
        ("\tkey: value\n", ["syntax"]),
        ("a: [1, 2\n", ["syntax"]),
        ("a: b: c\n", ["syntax"]),
        ("a: 1\na: 2\nb: [\n", ["duplicate-key", "syntax"]),
        (b"\xff\xfea\x00:\x00", ["encoding"]),
        (b"a: \xe9\n", ["encoding"]),
        ("\x00" * 100, ["forbidden-character"] * 20),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), ["too-deep"]),
        ("- " * 60_000, ["too-deep"]),
        ("[" + "a," * 60_000 + "]", ["too-many-values"]),
        ("a: " + "x" * MAX_BYTES, ["too-large"]),
    ],
)
def test_refused(text: str | bytes, expected: list[str]) -> None:
    assert codes(text) == expected


def test_the_quoted_merge_key_is_a_key() -> None:
    assert loads('"<<": a\n').data == {"<<": "a"}


def test_allowed() -> None:
    assert loads("[" * MAX_DEPTH + "]" * MAX_DEPTH).problems == ()
    assert loads("\ufeffa: 1\n").data == {"a": "1"}
    assert loads("---\na: 1\n...\n").data == {"a": "1"}
    assert loads("a: 'tab\\there'\nb: \"x\\ty\\n\"\n").data == {"a": "tab\\there", "b": "x\ty\n"}
    assert loads("# only a comment\n").data is None


def test_a_tab_gets_a_hint() -> None:
    with pytest.raises(DocumentError) as failure:
        loads("a:\n\tb: 1\n")
    (problem,) = failure.value.problems
    assert problem.position == Position(2, 1)
    assert problem.hint == "indent with spaces: YAML allows no tabs there"


@pytest.mark.parametrize("opening", ["[", "{", "- ", "? ", "{a: ", "[{", "!!x [", "&a ["])
def test_deep_nesting_does_not_crash_the_process(opening: str) -> None:
    code = "import sys; from cloudgen.spec.loader import loads; loads(sys.stdin.read())"
    run = subprocess.run(
        [sys.executable, "-c", code], input=opening * 60_000, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 1
    assert "DocumentError" in run.stderr


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "cloudgen.yaml"
    path.write_text("a: 1\n")
    assert load(path).data == {"a": "1"}
    assert load(path).name == str(path)
    for bad in (tmp_path / "missing.yaml", tmp_path, Path("/dev/null"), tmp_path / "\0"):
        with pytest.raises(OutputError):
            load(bad)


def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OutputError, match="not a regular file"):
        load(tmp_path / "pipe")


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(DocumentError) as failure:
        load(path)
    assert [problem.code for problem in failure.value.problems] == ["too-large"]


@pytest.mark.parametrize(
    "text",
    [
        "environment: {A: x-x, B: [y-y]}\n",
        "web:\n  environment:\n    A: |\n      x-x\n      y-y\n",
        "DB_PASSWORD: x-x\nmy_token: 'y-y'\n",
        "url: https://user:x-x@host/path\n",
        "a: sk_live_4eC39HqLyjWDarjtT1zdp7dc # x\n",
        "a: ghp_0123456789abcdefghijABCDEFGHIJ012345\n",
        "a: AKIAIOSFODNN7EXAMPLE\n",
        "a: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
        "a: |\n  -----BEGIN RSA PRIVATE KEY-----\n",
    ],
)
def test_secrets_are_masked_in_excerpts(text: str) -> None:
    document = loads(text)
    shown = "\n".join(document.excerpt(Position(line, 1)).text for line in range(1, len(document.lines) + 1))
    assert "***" in shown
    for secret in ("x-x", "y-y", "4eC39", "ghp_", "AKIA", "wJalr", "BEGIN"):
        assert secret not in shown


@pytest.mark.parametrize(
    "text",
    [
        "image: registry.example.com/team/web@sha256:" + "0123456789abcdef" * 4,
        "domain: a-rather-long-name.of.a.machine.example.com",
        "app: orders_service.application.main:create_application",
        "environment: production",
        "cidr: 10.20.0.0/16",
        "region: europe-west1",
    ],
)
def test_what_is_no_secret_is_shown(text: str) -> None:
    assert loads(text + "\n").excerpt(Position(1, 1)).text == text


def test_the_caret_moves_with_the_mask() -> None:
    document = loads("web: {environment: {A: a-long-value}, port: 1}\n")
    excerpt = document.excerpt(document.position(("web", "port"), "key"))
    assert excerpt.text[excerpt.start : excerpt.start + excerpt.length] == "port"
    excerpt = document.excerpt(document.position(("web", "environment", "A")))
    assert excerpt.text[excerpt.start : excerpt.start + excerpt.length] == "***"


YAMLISH = st.text(
    st.one_of(
        st.sampled_from(list("{}[]:,-?&*!|>'\"%@`#\n\t ~<=.\\0aA\r")),
        st.characters(),
    ),
    max_size=60,
)


@given(YAMLISH)
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        document = loads(text)
        problems = document.problems
    except DocumentError as error:
        document, problems = error.document, error.problems
    for problem in document.locate(problems):
        assert problem.position is not None
        excerpt = document.excerpt(problem.position)
        assert 0 <= excerpt.start <= len(excerpt.text) + 1


@given(st.binary(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    assert isinstance(codes(raw), list)
