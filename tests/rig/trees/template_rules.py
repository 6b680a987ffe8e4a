"""What a template may not do, found in its syntax tree and in its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

from cloudgen.render.manifest import load
from cloudgen.render.templates import SHARED

ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.For,
    nodes.If,
    nodes.Not,
    nodes.Include,
    nodes.Tuple,
)
DEEPEST = 2
_SYNTAX = Environment(trim_blocks=True, lstrip_blocks=True)
_VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_CONTROL = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_HCL_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_SHELL_STRING = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'""")
_STRINGS = {".tf.j2": _HCL_STRING, ".sh.j2": _SHELL_STRING}
_COMMENTED = (".tf.j2", ".sh.j2", "Dockerfile.j2", ".dockerignore.j2", ".gitignore.j2")


def tree_problems(source: str) -> list[str]:
    """Say which nodes are more than loops, conditions on an attribute, attributes and includes."""
    return list(_walk(_SYNTAX.parse(source), 0))


def _walk(node: nodes.Node, depth: int) -> Iterator[str]:
    if problem := _problem(node):
        yield f"line {node.lineno}: {problem}"
        return
    if isinstance(node, nodes.Include):
        return
    branch = [node.test, *node.body, *node.else_] if isinstance(node, nodes.If) else []
    if branch or isinstance(node, nodes.For):
        depth += 1
        if depth > DEEPEST:
            yield f"line {node.lineno}: nested more than {DEEPEST} deep: make it a template of its own"
    for child in branch or node.iter_child_nodes():
        yield from _walk(child, depth)
    for child in node.elif_ if isinstance(node, nodes.If) else []:
        yield from _walk(child, depth - 1)


def _problem(node: nodes.Node) -> str | None:
    """Say what is wrong with a node itself."""
    if isinstance(node, nodes.For):
        if node.test or node.recursive or node.else_ or not isinstance(node.iter, nodes.Getattr):
            return "a loop over something else than an attribute, or with a filter, recursion or else"
    elif isinstance(node, nodes.Include):
        if not isinstance(node.template, nodes.Const) or node.ignore_missing or not node.with_context:
            return "an include of something else than one template that exists"
    elif not isinstance(node, ALLOWED) or (isinstance(node, nodes.Tuple) and node.ctx != "store"):
        return f"{type(node).__name__} is not for templates: prepare the value in the stack"
    return None


def text_problems(name: str, source: str) -> list[str]:
    """Say where a value stands within a comment or within quotes, where its encoding would not hold."""
    found = []
    marked = _CONTROL.sub("", _VALUE.sub(lambda match: "\0" + "\n" * match[0].count("\n"), source))
    strings = next((pattern for end, pattern in _STRINGS.items() if name.endswith(end)), None)
    for number, line in enumerate(marked.split("\n"), 1):
        rest = line
        if strings:
            if any("\0" in match[0] for match in strings.finditer(line)):
                found.append(f"line {number}: a value within quotes")
            rest = strings.sub("", line)
        if name.endswith(_COMMENTED) and "\0" in re.split(r"#|//", rest, maxsplit=1)[-1] and re.search(r"#|//", rest):
            found.append(f"line {number}: a value within a comment")
        if name.endswith(".tf.j2") and ("<<" in rest or "/*" in rest):
            found.append(f"line {number}: a heredoc or a block comment")
    return found


def folder_problems(folder: Path) -> list[str]:
    """Say which templates of a target's folder are missing, or are used by nothing. Shared ones stand beside it."""
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*.j2")}
    wanted = {entry.template for entry in load(folder).files if entry.template}
    waiting = list(wanted)
    while waiting:
        name = waiting.pop()
        path = (folder.parent if name.startswith(SHARED) else folder) / name
        if path.is_file():
            present.add(name)
            included = _includes(path.read_text(encoding="utf-8"))
            waiting += included - wanted
            wanted |= included
    return [f"{name} is missing" for name in sorted(wanted - present)] + [
        f"{name} is neither in the manifest nor included" for name in sorted(present - wanted)
    ]


def _includes(source: str) -> set[str]:
    return {
        str(node.template.value)
        for node in _SYNTAX.parse(source).find_all(nodes.Include)
        if isinstance(node.template, nodes.Const)
    }
