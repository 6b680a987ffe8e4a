"""Text that cloudgen's own code prepared, so that the renderer writes it as it is.

A plain `str` in a Markdown or Dockerfile template is treated as text of the spec: escaped, or refused. Whoever
makes one of these promises that no text of the spec is in it, or that it was escaped.
"""

from __future__ import annotations

from collections.abc import Iterable


def alternatives(names: Iterable[str]) -> str:
    """Join what there is to choose from: `containers, virtual_machines or functions`. There is at least one."""
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last


class Markdown(str):
    """Markdown written by cloudgen: a table, a command for a code block, a link."""

    __slots__ = ()


class ShellText(str):
    """A line of a shell script written by cloudgen, such as a command with its arguments."""

    __slots__ = ()


class DockerText(str):
    """Part of a Dockerfile written by cloudgen, such as a RUN command. May span lines."""

    __slots__ = ()
