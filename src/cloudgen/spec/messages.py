"""Turns what pydantic says about data into problems: in the spec's words, at the spec's path, with what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from cloudgen.errors import Problem, SpecPath
from cloudgen.spec import secrecy
from cloudgen.spec.fields import Shape, field_at, keys, shape_at, walk
from cloudgen.spec.suggest import suggest

_KEY = "[key]"
_TYPES = {
    "section": ("a mapping", "write its keys below it, indented, or as {key: value}"),
    "names": ("a mapping", "write `name: …` entries below it, indented"),
    "list": ("a list", "write it as [a, b], or one item a line with `- ` before it"),
    "scalar": ("a single value", "write one value, in quotes if it has special characters"),
}
# Messages of the types speak of the value ("is not a domain name"); others stand alone.
_ABOUT_VALUE = ("is ", "has ", "must ")


def problem_of(error: ErrorDetails, model: type[BaseModel], data: Any) -> Problem:
    """Make the problem for one error. `data` is what was validated; the problem's path leads into it."""
    path: SpecPath = error["loc"]
    if path and path[-1] == _KEY and not _has(data, path):
        return _custom(error, path[:-1], "key", data)
    kind = error["type"]
    if kind == "cloudgen":
        return _custom(error, path, "value", data)
    if kind == "extra_forbidden":
        return _unknown_key(model, path, data)
    if kind == "missing":
        return _missing(model, path)
    shape = shape_at(model, path) or Shape("scalar", str)
    return _BY_TYPE.get(kind, _bad_value)(error, model, path, shape, data)


def subject(path: SpecPath) -> str:
    """Name a node in a message: `port`, or `email[0]` for an item of a list."""
    names = [index for index, item in enumerate(path) if isinstance(item, str)]
    if not names:
        return "the spec"
    return f"`{secrecy.shown(str(path[names[-1]]), 40)}" + "".join(f"[{item}]" for item in path[names[-1] + 1 :]) + "`"


def value_at(data: Any, path: SpecPath) -> Any:
    """Return the node of the data at a path, or None."""
    for item in path:
        is_entry = isinstance(data, dict) and item in data
        if not is_entry and not (isinstance(data, list) and isinstance(item, int) and item < len(data)):
            return None
        data = data[item]
    return data


def _has(data: Any, path: SpecPath) -> bool:
    parent = value_at(data, path[:-1])
    return isinstance(parent, dict) and path[-1] in parent


def _custom(error: ErrorDetails, path: SpecPath, at: Literal["key", "value"], data: Any) -> Problem:
    context = error.get("ctx", {})
    message, code = str(context.get("message", error["msg"])), str(context.get("code", "bad-value"))
    hint = str(context["hint"]) if context.get("hint") else None
    while path and isinstance(value_at(data, path[:-1]), str):
        # A type that takes a text apart, such as `jobs:publish`, complains about a part that has no place of its own.
        path = path[:-1]
    if message.startswith(_ABOUT_VALUE):
        message = f"{subject(path)} {message}"
    elif message.startswith("expected"):
        message = f"{subject(path)}: {message}"
    return Problem(code, message, path, at, hint)


def _unknown_key(model: type[BaseModel], path: SpecPath, data: Any) -> Problem:
    name, parent = str(path[-1]), path[:-1]
    shape = shape_at(model, parent)
    known = list(keys(shape.model)) if shape and shape.model else []
    present = value_at(data, parent) or {}
    message = f"unknown key `{secrecy.shown(name, 40)}`" + (f" in {subject(parent)}" if parent else "")
    close = suggest(name, known)
    if close and close in present:
        hint = f"`{close}` is set already: remove this key"
    elif close:
        hint = f"did you mean `{close}`?"
    elif elsewhere := _elsewhere(model, name, parent):
        hint = f"`{secrecy.shown(name, 40)}` belongs to `{elsewhere}`"
    else:
        hint = f"known keys are {', '.join(known)}"
    return Problem("unknown-key", message, path, "key", hint)


def _elsewhere(model: type[BaseModel], name: str, parent: SpecPath) -> str | None:
    """Where else a key exists: first within the same section, then in any."""
    owners = [field.path[:-1] for field in walk(model) if field.path[-1] == name and len(field.path) > 1]
    near = [owner for owner in owners if parent and owner[0] == parent[0]]
    return ".".join((near or owners)[0]) if owners else None


def _missing(model: type[BaseModel], path: SpecPath) -> Problem:
    name, parent = path[-1], path[:-1]
    field = field_at(model, path)
    where = f" in {subject(parent)}" if parent else ""
    hint = f"add `{name}:` {described(field.description)}" if field and field.description else f"add `{name}:`"
    return Problem("missing-key", f"the key `{name}` is missing{where}", parent, "key", hint)


def described(text: str) -> str:
    """Return the first sentence of a description in brackets, to stand within a hint."""
    sentence = text.split(". ")[0].rstrip(".")
    is_word = len(sentence) > 1 and sentence[0].isupper() and not sentence[1].isupper()
    return f"({sentence[0].lower() if is_word else sentence[:1]}{sentence[1:]})"


def _bad_choice(_: ErrorDetails, __: type[BaseModel], path: SpecPath, shape: Shape, data: Any) -> Problem:
    value = value_at(data, path)
    if isinstance(value, dict | list):
        return Problem("wrong-type", f"{subject(path)} must be one of its choices", path, hint=_choices(shape))
    close = suggest(value, shape.choices) if isinstance(value, str) else None
    hint = f"did you mean `{close}`? Choices are {', '.join(shape.choices)}" if close else _choices(shape)
    return Problem(
        "bad-choice", f"`{secrecy.shown(str(value), 40)}` is not a choice for {subject(path)}", path, hint=hint
    )


def _choices(shape: Shape) -> str:
    return f"choices are {', '.join(shape.choices)}" if len(shape.choices) > 1 else f"write {shape.choices[0]}"


def _wrong_type(_: ErrorDetails, __: type[BaseModel], path: SpecPath, shape: Shape, ___: Any) -> Problem:
    wanted, hint = _TYPES[shape.kind]
    return Problem("wrong-type", f"{subject(path)} must be {wanted}", path, hint=hint)


def _too_short(_: ErrorDetails, model: type[BaseModel], path: SpecPath, __: Shape, ___: Any) -> Problem:
    field = field_at(model, path)
    return Problem(
        "out-of-range",
        f"{subject(path)} must not be empty",
        path,
        hint=field.description if field else None,
    )


def _out_of_range(_: ErrorDetails, model: type[BaseModel], path: SpecPath, shape: Shape, ___: Any) -> Problem:
    low, high = shape.limit("ge"), shape.limit("le")
    parts = []
    if low is not None:
        parts.append(f"at least {shape.written(low)}")
    if high is not None:
        parts.append(f"at most {shape.written(high)}")
    field = field_at(model, path)
    hint = field.description if field else None
    return Problem("out-of-range", f"{subject(path)} must be {' and '.join(parts)}", path, hint=hint)


def _too_long(error: ErrorDetails, model: type[BaseModel], path: SpecPath, shape: Shape, data: Any) -> Problem:
    if shape.kind != "list":
        return _bad_value(error, model, path, shape, data)
    most = error["ctx"]["max_length"]
    field = field_at(model, path)
    hint = field.description if field else None
    return Problem("out-of-range", f"{subject(path)} can have {most} items at most", path, hint=hint)


def _bad_value(_: ErrorDetails, model: type[BaseModel], path: SpecPath, shape: Shape, __: Any) -> Problem:
    field = field_at(model, path)
    hint = field.description if field else None
    if shape.kind != "scalar":
        return _wrong_type(_, model, path, shape, __)
    return Problem("bad-value", f"{subject(path)} is not written as it must be", path, hint=hint)


_BY_TYPE: dict[str, Callable[[ErrorDetails, type[BaseModel], SpecPath, Shape, Any], Problem]] = {
    "literal_error": _bad_choice,
    "dict_type": _wrong_type,
    "model_type": _wrong_type,
    "list_type": _wrong_type,
    "string_type": _wrong_type,
    "int_type": _wrong_type,
    "bool_type": _wrong_type,
    "float_type": _wrong_type,
    "too_short": _too_short,
    "too_long": _too_long,
    "greater_than_equal": _out_of_range,
    "less_than_equal": _out_of_range,
}
