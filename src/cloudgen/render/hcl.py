"""Python values to HCL expressions: the one place where text becomes HCL.

The rules are those of the HCL native syntax (hashicorp/hcl, hclsyntax/spec.md). Indentation is left to `align`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from itertools import groupby

from cloudgen.render.errors import RenderError
from cloudgen.stack.base import Address, HclValue, Ref, Template

LINE = 110
"""A list that is longer than this many characters is written one element a line, and so is an element of a list."""

SHORT_LINE = 60
"""A list or object inside of an object takes a line of its own for each part when it is longer than this."""

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

# `for` as the first key would start a for expression; the others read as a value, not as a name.
_KEYWORDS = frozenset({"for", "true", "false", "null"})

INVISIBLE = (
    r"\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180e\u2000-\u200f\u2028-\u202f"
    r"\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff"
)
"""Characters, as the inside of a regular expression's class, that a reader cannot see or that reorder what he sees.

A fixed list, because Python's own character tables differ from version to version and the output must not.
"""

_ESCAPED = re.compile(rf'["\\{INVISIBLE}\ud800-\udfff]')
_ESCAPED_IN_KEY = re.compile(r'["\\]|[^ -~]')
_PLAIN = re.compile(r"[ !#-\[\]-z|}~]*")
"""ASCII that stands in any quoted template as it is."""
_NAMED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SEQUENCE = re.compile(r"[$%](?=\{)")


def encode(value: HclValue) -> str:
    """Write a value as an HCL expression that evaluates to it.

    Text is normalised to NFC, as Terraform does anyway. Raises `RenderError` for a type that HCL cannot hold.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{_literal(value, _ESCAPED)}"'
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Ref | Address):
        return str(value)
    if isinstance(value, Template):
        return _template(value, _ESCAPED)
    if isinstance(value, Mapping):
        return _object(value)
    if isinstance(value, list | tuple):
        return _list(value)
    raise RenderError(f"a value of type {type(value).__name__} cannot be written as HCL")


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise RenderError(f"the number {value} cannot be written as HCL")
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))


def _literal(text: str, escaped: re.Pattern[str]) -> str:
    """Escape text for the inside of a quoted template."""
    # str.__str__ drops a subclass, whose formatting may differ from its text.
    if _PLAIN.fullmatch(text):
        return str.__str__(text)
    plain = unicodedata.normalize("NFC", str.__str__(text))
    return escaped.sub(_escape, _SEQUENCE.sub(r"\g<0>\g<0>", plain))


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if named := _NAMED.get(character):
        return named
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        raise RenderError(f"the lone surrogate U+{code:04X} is not text")
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _template(template: Template, escaped: re.Pattern[str]) -> str:
    parts = [part for part in template.parts if part != ""]
    if len(parts) == 1 and isinstance(parts[0], Ref):
        return str(parts[0])
    written: list[str] = []
    # Neighbouring literals are escaped as one: "$" and "{" apart would be harmless, together they are not.
    for is_reference, group in groupby(parts, lambda part: isinstance(part, Ref)):
        if is_reference:
            written.extend(f"${{{part}}}" for part in group)
            continue
        literal = _literal("".join(str.__str__(part) for part in group if isinstance(part, str)), escaped)
        written.append(literal)
    text = ""
    for part in written:
        # A literal that ends in "$" before "${" would read as the escape "$${".
        if part.startswith("${") and text.endswith(("$", "%")):
            text = f"{text[:-1]}\\u{ord(text[-1]):04x}"
        text += part
    return f'"{text}"'


def _list(values: list[HclValue] | tuple[HclValue, ...]) -> str:
    line = _line(values)
    nested = any(isinstance(element, Mapping | list | tuple) for element in values)
    if not values or (not nested and len(line) <= LINE and "\n" not in line):
        return line
    return "[\n{}\n]".format("\n".join(f"{_short(element, LINE)}," for element in values))


def _object(mapping: Mapping[str, HclValue]) -> str:
    if not mapping:
        return "{}"
    items = (f"{_key(key)} = {_short(value, SHORT_LINE)}" for key, value in mapping.items())
    return "{{\n{}\n}}".format("\n".join(items))


def _short(value: HclValue, limit: int) -> str:
    """Write a part of a list or of an object: on one line where it is short, as people write tables."""
    if isinstance(value, Mapping | list | tuple) and value:
        line = _line(value)
        if len(line) <= limit and "\n" not in line:
            return line
    return encode(value)


def _line(value: HclValue) -> str:
    """Write a value on one line, however long it gets."""
    if isinstance(value, Mapping):
        items = ", ".join(f"{_key(key)} = {_line(item)}" for key, item in value.items())
        return f"{{ {items} }}" if items else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_line(element) for element in value)}]"
    return encode(value)


def _key(key: object) -> str:
    """Write the key of an object. Quoted keys are ASCII, because alignment counts what is seen as one character."""
    if isinstance(key, str):
        plain = _IDENTIFIER.fullmatch(key) and key not in _KEYWORDS
        return str.__str__(key) if plain else f'"{_literal(key, _ESCAPED_IN_KEY)}"'
    if isinstance(key, Ref):
        return f"({key})"
    if isinstance(key, Template):
        text = _template(key, _ESCAPED_IN_KEY)
        return text if text.startswith('"') else f"({text})"
    raise RenderError(f"a key of type {type(key).__name__} cannot be written as HCL")
