"""Python values to Markdown text that makes no markup.

CommonMark lets a backslash escape any ASCII punctuation, except inside of code spans and blocks: what stands there
is made of harmless characters (names), or is a `Markdown` that cloudgen's own code wrote. Addresses that GitHub links
by itself (`https://…`) stay as they are.
"""

from __future__ import annotations

import re

from cloudgen.render.errors import RenderError
from cloudgen.render.hcl import INVISIBLE
from cloudgen.stack.text import Markdown

_MARKUP = re.compile(r"[\\`*_{}\[\]<>|~!#$&]")
_AT_START = re.compile(r"(?P<bullet>[-+=])|(?P<number>\d{1,9})(?P<dot>[.)])")
_HIDDEN = re.compile(f"[{INVISIBLE}\\ud800-\\udfff]")


def encode(value: object) -> str:
    """Write a value for Markdown: text is escaped, on one line; `Markdown` and whole numbers stay as they are."""
    if isinstance(value, Markdown):
        return str.__str__(value)
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return int.__repr__(value)
    raise RenderError(f"a value of type {type(value).__name__} cannot be written in Markdown")


def escape(text: str) -> str:
    """Escape text for any place of a Markdown paragraph, list item, heading or table cell."""
    line = _HIDDEN.sub("\ufffd", " ".join(str.__str__(text).split()))
    # A lone underscore within a word is no markup, and names are full of them.
    line = re.sub(r"\\(_)(?<=[A-Za-z0-9]\\_)(?=[A-Za-z0-9])", r"\1", _MARKUP.sub(r"\\\g<0>", line))
    # The text may stand first on its line, where these begin a list, a rule or a heading.
    if not (start := _AT_START.match(line)):
        return line
    if start["bullet"]:
        return f"\\{line}"
    return f"{start['number']}\\{line[start.start('dot') :]}"
