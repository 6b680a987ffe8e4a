"""Texts that stand in the source by a name: `settings.API_ROOT`, f-strings, sums."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cloudgen.detect.code.modules import Code, Module, Symbol, text

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_STEPS = 8


def constant(code: Code, module: Module, node: ast.AST | None, steps: int = _MAX_STEPS) -> str | None:
    """Return the text that an expression stands for, None where it cannot be known without running it."""
    if node is None or not steps:
        return None
    if (found := text(node)) is not None:
        return found
    if isinstance(node, ast.JoinedStr):
        parts = [
            constant(code, module, part.value if isinstance(part, ast.FormattedValue) else part, steps - 1)
            for part in node.values
        ]
        return None if None in parts else "".join(part for part in parts if part)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = (constant(code, module, side, steps - 1) for side in (node.left, node.right))
        return None if left is None or right is None else left + right
    if isinstance(node, ast.Call):
        return _default(code, module, node, steps)
    if isinstance(node, ast.Name | ast.Attribute):
        found_symbol = code.resolve(module, node)
        if isinstance(found_symbol, Symbol):
            return _of_symbol(code, found_symbol, steps - 1)
    return None


def _default(code: Code, module: Module, call: ast.Call, steps: int) -> str | None:
    """`os.getenv("X", "default")`, `Field("default")`, `config("X", default="y")`, `str(x)`."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in ("getenv", "get") and len(call.args) == 2:
        return constant(code, module, call.args[1], steps - 1)
    for item in call.keywords:
        if item.arg == "default":
            return constant(code, module, item.value, steps - 1)
    if name in ("Field", "str", "Path") and call.args:
        return constant(code, module, call.args[0], steps - 1)
    return None


def _of_symbol(code: Code, symbol: Symbol, steps: int) -> str | None:
    values = symbol.module.definitions.get(symbol.name) or symbol.module.inner.get(symbol.name) or []
    if not values or not steps:
        return None
    if not symbol.rest:
        return constant(code, symbol.module, values[-1], steps)
    for module, owner in _classes(code, symbol.module, values[-1], steps):
        if (found := _attribute(code, module, owner, symbol.rest[-1], steps)) is not None:
            return found
    return None


def _classes(code: Code, module: Module, node: ast.AST, steps: int) -> Iterator[tuple[Module, ast.ClassDef]]:
    """Yield the class that a name stands for or is an instance of, then its bases."""
    if isinstance(node, ast.ClassDef):
        yield module, node
        for base in node.bases:
            yield from _of_expression(code, module, base, steps)
    elif isinstance(node, ast.Call):
        yield from _of_expression(code, module, node.func, steps)


def _of_expression(
    code: Code, module: Module, expression: ast.expr, steps: int
) -> Iterator[tuple[Module, ast.ClassDef]]:
    found = code.resolve(module, expression)
    if isinstance(found, Symbol) and steps:
        values = found.module.definitions.get(found.name) or []
        if values and isinstance(values[-1], ast.FunctionDef):
            # `def get_settings() -> Settings:`
            if values[-1].returns is not None:
                yield from _of_expression(code, found.module, values[-1].returns, steps - 1)
        elif values and not found.rest:
            yield from _classes(code, found.module, values[-1], steps - 1)


def _attribute(code: Code, module: Module, owner: ast.ClassDef, name: str, steps: int) -> str | None:
    for node in owner.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return constant(code, module, getattr(node, "value", None), steps - 1)
    return None
