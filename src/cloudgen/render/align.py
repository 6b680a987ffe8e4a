"""Lay out HCL as `terraform fmt` does, so that templates need not care for columns.

A port of the line rules of hashicorp/hcl (hclwrite/format.go: formatIndent, formatCells) for text without
heredocs and block comments, which no template uses. The spacing inside of a line is the template's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from cloudgen.render.errors import RenderError

# Each `+` that is doubled, and the `*+`, keep what they have matched: there is no second way to read a line.
_TOKEN = re.compile(
    r"""
    (?:[^"\#/<=>!{}()\[\]]++|/(?![/*])|<(?![<=])|[>!](?!=))*+       # what does not matter
    (?:
      (?P<string>"(?:[^"\\$%]++|\\.|\$\$\{|%%\{|[$%](?!\{))*+")  # a quoted template without interpolation
    | (?P<quote>")                                              # one with, or one that does not end
    | (?P<comment>\#|//)
    | (?P<refused>/\*|<<)
    | (?P<operator>=>|[=<>!]=)
    | (?P<equal>=)
    | (?P<open>[{(\[])
    | (?P<close>[})\]])
    )
    """,
    re.VERBOSE,
)
_PIECE = re.compile(r'\\.|\$\$\{|%%\{|[$%]\{|["{}]')
_CLOSING = ("}", ")", "]")


class Line:
    """A line as cells: what stands before `=`, from `=` on, and a comment behind code.

    `net` are the brackets opened less the brackets closed.
    """

    __slots__ = ("assign", "comment", "lead", "net")

    def __init__(self, lead: str, assign: str = "", comment: str = "", net: int = 0) -> None:
        self.lead, self.assign, self.comment, self.net = lead, assign, comment, net


def format_hcl(text: str) -> str:
    """Indent, align and squeeze.

    Raises `RenderError` for what cloudgen never writes: heredocs, block comments, strings that do not end.
    """
    lines = _squeeze([split_line(line) for line in text.split("\n")])
    _indent(lines)
    _align(lines, lambda line: line.assign, lambda line: line.lead, _put_assign)
    _align(lines, lambda line: line.comment, lambda line: line.lead + line.assign, _put_comment)
    return "".join(f"{line.lead}{line.assign}{line.comment}\n" for line in lines)


def split_line(source: str) -> Line:
    """Find the cells of a line; the cells are stripped."""
    source = source.strip(" \t")
    net = before_equal = 0
    equal = comment = None
    for kind, start in _tokens(source):
        if kind == "comment":
            comment = start
        elif kind == "equal" and equal is None and start > 0:
            equal, before_equal = start, net
        else:
            net += {"open": 1, "close": -1}.get(kind, 0)
    code = source if comment is None else source[:comment].rstrip()
    remark = "" if comment is None else source[comment:]
    if remark and not code:
        return Line(remark)
    if equal is None:
        return Line(code, "", remark, net)
    lead, assign = code[:equal].rstrip(), f"= {code[equal + 1 :].lstrip()}".rstrip()
    # A value that goes on in the next line is not aligned with its neighbours.
    if net != before_equal:
        return Line(f"{lead} {assign}", "", remark, net)
    return Line(lead, assign, remark, net)


def _tokens(source: str) -> Iterator[tuple[str, int]]:
    """Yield the kind and the place of what matters on a line: brackets, `=`, and the comment, which is the last."""
    position = 0
    while token := _TOKEN.match(source, position):
        kind, position = token.lastgroup or "", token.end()
        if kind == "refused":
            raise RenderError(f"cloudgen lays out no heredoc and no block comment: {source}")
        if kind == "quote":
            position = _string_end(source, token.end())
        yield kind, token.start(kind)
        if kind == "comment":
            return


def _string_end(source: str, position: int) -> int:
    """Find the end of the quoted template whose text starts at `position`, past all interpolations."""
    *_, end = _string_parts(source, position)
    return end


def _string_parts(source: str, position: int) -> Iterator[int]:
    """Yield where each text of a quoted template begins, those of templates inside of it too; its end comes last."""
    open_ends = ['"']
    yield position
    for piece in _PIECE.finditer(source, position):
        text, quoted = piece[0], open_ends[-1] == '"'
        if text == open_ends[-1]:
            open_ends.pop()
        elif text == '"':
            open_ends.append('"')
        elif text in {"${", "%{"} or (text == "{" and not quoted):
            open_ends.append("}")
        if not open_ends or (open_ends[-1] == '"' and text in {'"', "}"}):
            yield piece.end()
        if not open_ends:
            return
    raise RenderError(f"a string does not end on its line: {source}")


def _squeeze(lines: list[Line]) -> list[Line]:
    """Keep at most one blank line, none at the ends of the file, of a block or of a list."""
    kept: list[Line] = []
    for line in lines:
        if not line.lead:
            if kept and kept[-1].lead and kept[-1].net <= 0:
                kept.append(line)
            continue
        if kept and not kept[-1].lead and line.lead.startswith(_CLOSING):
            kept.pop()
        kept.append(line)
    while kept and not kept[-1].lead:
        kept.pop()
    return kept


def _indent(lines: list[Line]) -> None:
    """Indent by two spaces for every line that left brackets open, however many they were."""
    opened: list[int] = []
    for line in lines:
        closing = -line.net
        while closing > 0 and opened:
            if closing < opened[-1]:
                opened[-1] -= closing
                break
            closing -= opened.pop()
        if line.lead:
            line.lead = "  " * len(opened) + line.lead
        if line.net > 0:
            opened.append(line.net)


def _align(
    lines: list[Line], cell: Callable[[Line], str], before: Callable[[Line], str], put: Callable[[Line, int], None]
) -> None:
    """Give the cells of neighbouring lines one column; a line without the cell ends the group."""
    group: list[tuple[Line, int]] = []
    for line in [*lines, Line("")]:
        if cell(line):
            group.append((line, _columns(before(line))))
        elif group:
            widest = max(width for _, width in group)
            for member, width in group:
                put(member, widest - width + 1)
            group = []


def _put_assign(line: Line, spaces: int) -> None:
    line.assign = " " * spaces + line.assign


def _put_comment(line: Line, spaces: int) -> None:
    line.comment = " " * spaces + line.comment


def _columns(text: str) -> int:
    """Count what a reader sees as one character (grapheme clusters, Unicode Standard Annex 29).

    Matters only for a comment behind a value that is not ASCII. Prepended marks are not told apart. Terraform counts
    each token for itself, so a mark that begins a text is a character of its own.
    """
    if text.isascii():
        return len(text)
    begins = {
        part for kind, start in _tokens(text) if kind in {"string", "quote"} for part in _string_parts(text, start + 1)
    }
    columns, previous, flags = 0, "", 0
    for position, character in enumerate(text):
        if position in begins:
            previous, flags = "", 0
        joined = bool(previous) and (
            unicodedata.category(character) in {"Mn", "Me", "Mc"}
            or character in "\u200c\u200d"
            or "\U0001f3fb" <= character <= "\U0001f3ff"
            or (previous == "\u200d" and unicodedata.category(character) == "So")
            or _hangul(previous, character)
        )
        flag = "\U0001f1e6" <= character <= "\U0001f1ff"
        flags = flags + 1 if flag else 0
        if not joined and not (flag and flags % 2 == 0):
            columns += 1
        previous = character
    return columns


def _hangul(previous: str, character: str) -> bool:
    """Tell whether a Hangul vowel or final consonant continues the syllable before it."""
    vowel, final = "\u1160" <= character <= "\u11a7", "\u11a8" <= character <= "\u11ff"
    return (vowel or final) and ("\u1100" <= previous <= "\u11ff" or "\uac00" <= previous <= "\ud7a3")
