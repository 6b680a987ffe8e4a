"""Makes text from outside, such as the name of a file, safe to print.

A terminal obeys what is in a name or a file: an escape sequence clears the screen, a line break makes a line of its
own, and a pipeline takes that for one of its commands.
"""

from __future__ import annotations


def printable(text: str) -> str:
    """Make a text safe to print on one line: control characters and line breaks become escapes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else "\\n" if c == "\n" else f"\\u{ord(c):04x}" for c in text)


def printable_lines(text: str) -> str:
    """Make a text of several lines safe to print. A name in it has to be `printable` before. A tab stays one."""
    return "\n".join("\t".join(map(printable, line.split("\t"))) for line in text.split("\n"))
