"""How problems look: to people, to programs and to GitHub."""

from __future__ import annotations

import io
import json

import pytest

from cloudgen import report
from cloudgen.errors import Position, Problem
from cloudgen.spec.loader import loads

DOCUMENT = loads("version: 1\nname: shop\ncontainers:\n  web:\n    build: {context: .}\n    prot: 8080\n")
ERROR = Problem("unknown-key", "unknown key `prot`", ("containers", "web", "prot"), "key", "did you mean `port`?")
WARNING = Problem("no-https", "traffic is not encrypted", ("name",), hint="add a domain", severity="warning")


def shown(*problems: Problem, style: report.Format = "text") -> str:
    return report.render(DOCUMENT.locate(problems), DOCUMENT, style)


def test_text() -> None:
    assert shown(ERROR, WARNING) == (
        "warning[no-https]: traffic is not encrypted\n"
        "  --> cloudgen.yaml:2:7\n"
        "   |\n"
        " 2 | name: shop\n"
        "   |       ^^^^\n"
        "   = help: add a domain\n"
        "\n"
        "error[unknown-key]: unknown key `prot`\n"
        "  --> cloudgen.yaml:6:5\n"
        "   |\n"
        " 6 |     prot: 8080\n"
        "   |     ^^^^ did you mean `port`?\n"
        "\n"
        "found 1 error and 1 warning in cloudgen.yaml\n"
    )


def test_nothing_to_tell() -> None:
    assert shown() == ""
    assert shown(style="github") == ""
    assert shown(style="json") == "[]\n"


def test_summary() -> None:
    assert report.summary([ERROR] * 3 + [WARNING], "a.yaml") == "found 3 errors and 1 warning in a.yaml"
    assert report.summary([WARNING] * 2, "a.yaml") == "found 2 warnings in a.yaml"


def test_json() -> None:
    assert json.loads(shown(ERROR, style="json")) == [
        {
            "code": "unknown-key",
            "severity": "error",
            "message": "unknown key `prot`",
            "file": "cloudgen.yaml",
            "path": ["containers", "web", "prot"],
            "line": 6,
            "column": 5,
            "hint": "did you mean `port`?",
        }
    ]


def test_github_annotations_are_escaped() -> None:
    problem = Problem("bad-value", "100% of: a, b", ("name",), severity="warning")
    assert shown(problem, style="github") == (
        "::warning file=cloudgen.yaml,title=bad-value,line=2,col=7::100%25 of: a, b\n"
    )
    document = loads("a: 1\n", "with,comma:colon%.yaml")
    (line,) = report.render(document.locate([problem]), document, "github").splitlines()
    assert line.startswith("::warning file=with%2Ccomma%3Acolon%25.yaml,")


def test_a_file_without_lines() -> None:
    document = loads("")
    printed = report.render([Problem("too-large", "the spec is larger than 1 MiB")], document, "text")
    assert printed.startswith("error[too-large]: the spec is larger than 1 MiB\n  --> cloudgen.yaml\n")


def test_a_section_that_is_not_there_has_no_line() -> None:
    problem = Problem("nobody-is-told", "nobody is told", ("monitoring", "alerts"), severity="warning", hint="add it")
    assert shown(problem) == (
        "warning[nobody-is-told]: nobody is told\n"
        "  --> cloudgen.yaml\n"
        "   = help: add it\n"
        "\n"
        "found 1 warning in cloudgen.yaml\n"
    )


def test_long_lines_are_cut_around_the_caret() -> None:
    document = loads("a: {" + "x" * 300 + ": 1, here: 2, " + "y" * 300 + ": 3}\n")
    printed = report.render(document.locate([Problem("code", "message", ("a", "here"), "key")]), document, "text")
    source, caret = (line[5:] for line in printed.splitlines()[3:5])
    assert len(source) <= report.MAX_WIDTH + 2
    assert source.startswith("…")
    assert source.endswith("…")
    assert source[caret.index("^") : caret.rindex("^") + 1] == "here"


def test_a_mark_longer_than_the_line_shown_is_cut_too() -> None:
    document = loads("a: " + "word " * 100 + "\n")
    printed = report.render(document.locate([Problem("code", "message", ("a",))]), document, "text")
    assert max(map(len, printed.splitlines())) <= report.MAX_WIDTH + 10


def test_wide_and_combining_characters_take_their_columns() -> None:
    document = loads("{日本: 1, e\u0301: 2, here: 3}\n")
    printed = report.render(document.locate([Problem("code", "message", ("here",), "key")]), document, "text")
    caret = printed.splitlines()[4][5:]
    # Two wide characters take four columns, the combining accent none.
    assert caret == " " * len("{xxxx: 1, e: 2, ") + "^^^^"


def test_nothing_that_controls_a_terminal_is_printed() -> None:
    document = loads('"\\e[31mred": 1\na: "x"\n')
    problems = document.locate([*document.problems, Problem("code", "a \x1b[2J message\n", ("a",), hint="\x07")])
    printed = report.render(problems, document, "text")
    assert not set(printed) & {"\x1b", "\x07"}
    assert "a \\u001b[2J message\\n" in printed


def test_secrets_in_messages_are_masked() -> None:
    problem = Problem("code", "cannot use ghp_0123456789abcdefghijABCDEFGHIJ012345", ("name",))
    for style in report.FORMATS:
        assert "ghp_" not in shown(problem, style=style)


def test_the_name_of_a_file_is_never_masked() -> None:
    name = "/tmp/Zx9Kq2Lw8Pv4Rt6Yn3Bm1/cloudgen.yaml"
    document = loads("a: 1\n", name)
    for style in report.FORMATS:
        assert name in report.render(document.locate([Problem("code", "message", ("a",))]), document, style)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "stream", "coloured"),
    [
        ({}, Terminal(), True),
        ({"NO_COLOR": "1"}, Terminal(), False),
        ({"NO_COLOR": ""}, Terminal(), True),
        ({"TERM": "dumb"}, Terminal(), False),
        ({}, io.StringIO(), False),
    ],
)
def test_colour(
    environment: dict[str, str], stream: io.StringIO, coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    printed = report.render(DOCUMENT.locate([ERROR]), DOCUMENT, "text", report.Painter.for_stream(stream))
    assert ("\033[" in printed) is coloured


def test_colour_adds_nothing_but_colour() -> None:
    import re

    coloured = report.render(DOCUMENT.locate([ERROR, WARNING]), DOCUMENT, "text", report.Painter(True))
    assert re.sub(r"\033\[[\d;]*m", "", coloured) == shown(ERROR, WARNING)


def test_problems_without_position_are_located_by_their_path() -> None:
    (located,) = DOCUMENT.locate([ERROR])
    assert located.position == Position(6, 5, 4)
