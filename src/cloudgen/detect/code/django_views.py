"""Whether a view of Django, or of Django REST framework, lets everybody in and answers 200."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cloudgen.detect.code.guards import (
    answers_otherwise,
    asks_for_login,
    function_is_guarded,
    get_answers_otherwise,
    names_of,
    view,
)
from cloudgen.detect.code.modules import text

if TYPE_CHECKING:
    from cloudgen.detect.code.modules import Code, Module


def is_open(code: Code, module: Module, target: ast.expr, *, is_home: bool, asks_everywhere: bool) -> bool:
    """Whether a view that a URL configuration names asks for no login, and answers 200 by itself.

    `asks_everywhere` is what `asks_for_login_everywhere` says of the settings.
    """
    if asks_for_login([target]) or answers_otherwise(target):
        return False
    found = view(code, module, target)
    if found is None:
        # The view of a library: what it answers is not known, but a template is shown.
        return not is_home or "TemplateView" in ast.dump(target)
    node = found[1]
    if isinstance(node, ast.ClassDef):
        return _class_is_open(node, asks_everywhere)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        decorators = {name for item in node.decorator_list for name in names_of(item)}
        if "api_view" in decorators and asks_everywhere and "permission_classes" not in decorators:
            return False
    return not function_is_guarded(node) and not answers_otherwise(node)


def asks_for_login_everywhere(settings: ast.AST | None) -> bool:
    """Whether the setting REST_FRAMEWORK asks for a login in every view that does not say otherwise.

    https://www.django-rest-framework.org/api-guide/permissions/#setting-the-permission-policy
    """
    pairs = zip(settings.keys, settings.values, strict=True) if isinstance(settings, ast.Dict) else ()
    listed = [value for key, value in pairs if text(key) == "DEFAULT_PERMISSION_CLASSES"]
    words = [text(item) or "" for value in listed for item in ast.walk(value)]
    return any("Authenticated" in word or "Admin" in word or "Model" in word for word in words)


def _class_is_open(node: ast.ClassDef, asks_everywhere: bool) -> bool:
    if asks_for_login([*node.bases, *node.decorator_list]) or answers_otherwise(ast.Tuple([*node.bases])):
        return False
    permissions = [
        item.value
        for item in node.body
        if isinstance(item, ast.Assign | ast.AnnAssign) and _assigns(item, "permission_classes")
    ]
    bases = {name for base in node.bases for name in names_of(base)}
    if permissions:
        return not asks_for_login(permissions) and not get_answers_otherwise(node)
    if asks_everywhere and any("API" in name or "ViewSet" in name for name in bases):
        return False
    return not get_answers_otherwise(node)


def _assigns(node: ast.Assign | ast.AnnAssign, name: str) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)
