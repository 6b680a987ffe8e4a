"""Hostile texts: what breaks out of a quote, a template, a comment, a shell, a path or a terminal."""

# ruff: noqa: E501  # the tables read better so
from __future__ import annotations

import random
from collections.abc import Iterator

PIECES = (
    '"', "'", "`", "\\", "\\\\", "${", "%{", "$${", "%%{", "}", "${file(\"/etc/passwd\")}", "%{ if true }", "$(id)", "`id`",
    "; rm -rf /", "&& id", "| id", "\n", "\r\n", "\t", "\0", "\x1b[2J", "\x07", "\u202e", "\u200b", "\u2028", "\ufeff", "\ud7ff",
    "{{", "}}", "{%", "%}", "{#", "#}", "{{ 7*7 }}", "#", "//", "/*", "*/", "<!--", "-->", "<script>", "</svg>", "&amp;", "]]>",
    "EOF", "<<EOF", "<<-EOT", ": ", "- ", "? ", "!!python/object", "&a", "*a", "%YAML 1.1", "---", "...", "|", ">", "@", "null",
    "~", "yes", "0x10", "1e3", ".inf", "=", "==", "../", "/etc/passwd", "..\\", "C:\\", "file://", "CON", "%2e%2e", "%00", "%n%s",
    "é", "e\u0301", "ß", "İ", "ﬀ", "😀", "日本", "\u0660", "a" * 300, " ", "  ", "", "-", "--", "_", ".", "0", "-1",
    "${var.x}", "${data.aws_caller_identity.current}", "$ref", "\\u0000", "\\x00", "\\n", '\\"', "$", "%", "$$", "%%", "$ {",
)  # fmt: skip


def texts(seed: int) -> Iterator[str]:
    """Yield every piece, then pieces put together by chance, without an end."""
    yield from PIECES
    chance = random.Random(seed)
    while True:
        yield "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 6)))
