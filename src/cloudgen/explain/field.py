"""What a field of the spec means: its description, type, default, choices, what each profile sets, and how well each
cloud supports it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticUndefined

from cloudgen.dataclass import dataclass
from cloudgen.errors import CloudgenError
from cloudgen.explain.table import supports
from cloudgen.spec.deployment import deployment_model
from cloudgen.spec.fields import NAME, Field, Shape, shape_of, walk
from cloudgen.spec.profiles import PROFILES
from cloudgen.spec.suggest import suggest
from cloudgen.spec.values import key_of
from cloudgen.stack import TARGETS, clouds, coordinate_models
from cloudgen.stack.parity import Support, is_foreign

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_PYTHON_TYPES = {str: "text", int: "whole number", float: "number", bool: "true or false"}


@dataclass(frozen=True)
class Explanation:
    """A field in words. `keys` are those of a section, each with the first sentence about it."""

    field: str
    description: str
    type: str
    required: bool
    default: str | None
    choices: tuple[str, ...]
    example: str | None
    profiles: dict[str, str]
    keys: dict[str, str]
    targets: dict[str, Mapping[str, Support]]
    """How well each cloud supports it: by platform where those differ, else by the name ""."""

    def record(self) -> dict[str, Any]:
        """The explanation as JSON data."""
        return {**vars(self), "targets": {name: _records(held) for name, held in self.targets.items()}}

    def text(self) -> str:
        """The explanation for people."""
        lines = [self.field, f"  {self.description}", "", f"  type      {self.type}"]
        if self.default is not None:
            lines.append(f"  default   {self.default}")
        elif self.required:
            lines.append("  required")
        if self.example:
            lines.append(f"  example   {self.example}")
        for profile, value in self.profiles.items():
            lines.append(f"  {'profiles ' if profile == next(iter(self.profiles)) else '         '} {profile}: {value}")
        if self.targets:
            lines += ["", *supports(dict(self._sides()))]
        if self.keys:
            width = max(map(len, self.keys))
            lines += ["", "  keys", *(f"    {key.ljust(width)}  {text}" for key, text in self.keys.items())]
        return "\n".join(lines) + "\n"

    def _sides(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """A cloud, or each of its platforms where they differ, with the levels and their sentences."""
        for cloud, held in self.targets.items():
            for platform, each in held.items():
                yield f"{cloud} {platform}".rstrip(), _levels(each)


def _levels(held: Support) -> list[tuple[str, str]]:
    """The level in words with its sentence; then those of the values that are supported differently."""
    level = f"exact, or {held.level}" if held.by_case else held.level
    return [(level, held.why), *((f"{value} {other.level}", other.why) for value, other in held.values.items())]


def _records(held: Mapping[str, Support]) -> dict[str, Any]:
    """The one support of all platforms, or that of each."""
    each = {platform: _record(one) for platform, one in held.items()}
    return each[""] if set(each) == {""} else {"platforms": each}


def _record(held: Support) -> dict[str, Any]:
    values = {value: {"level": other.level, "why": other.why} for value, other in held.values.items()}
    return {"level": held.level, "why": held.why, "in_some_cases_only": held.by_case, "values": values}


def is_spec(stated: str) -> bool:
    """Whether an argument names a spec rather than a field."""
    return stated == "-" or stated.endswith((".yaml", ".yml")) or "/" in stated or Path(stated).is_file()


def as_json(record: dict[str, Any]) -> str:
    """Write JSON as all commands do."""
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def explain_field(stated: str) -> Explanation:
    """Explain a field such as `networking.nat` or `containers.web.port`. Raises `CloudgenError` for an unknown one."""
    fields = list(walk(deployment_model(coordinate_models())))
    wanted = tuple(part for part in stated.split(".") if part)
    matching = [field for field in fields if _matches(wanted, field.path)]
    if not matching:
        raise CloudgenError(f"the spec has no field `{stated[:80]}`{_advice(wanted, fields)}")
    return _explanation(max(matching, key=lambda field: _words(field.path)), fields)


def _words(path: Sequence[str]) -> int:
    """How many words of the spec a path has. `containers.scaling.cpu` means the field, not a container `scaling`."""
    return len(path) - path.count(NAME)


def _matches(wanted: Sequence[str], path: Sequence[str]) -> bool:
    """Whether a path was meant: a name may be any word, or be left out."""
    if not wanted or not path:
        return not wanted and all(part == NAME for part in path)
    if path[0] == NAME:
        return _matches(wanted[1:], path[1:]) or _matches(wanted, path[1:])
    return wanted[0] == path[0] and _matches(wanted[1:], path[1:])


def _advice(wanted: Sequence[str], fields: Sequence[Field]) -> str:
    known = {".".join(part for part in field.path if part != NAME) for field in fields}
    last = wanted[-1] if wanted else ""
    # Of those that end alike, the one that has as few sections around it comes first.
    ending = sorted((path for path in known if path.split(".")[-1] == last), key=lambda path: (path.count("."), path))
    close = ending[0] if ending else suggest(".".join(wanted), sorted(known))
    return f"; did you mean `{close}`?" if close else "; `cloudgen schema` prints all of them"


def _explanation(field: Field, fields: Sequence[Field]) -> Explanation:
    shape, info = field.shape, field.info
    default = info.get_default(call_default_factory=True, validated_data={})
    stated = shape.kind == "scalar" and default is not PydanticUndefined
    depth = len(field.path)
    below = [
        f for f in fields if f.path[:depth] == field.path and f.path[depth:].count(NAME) == len(f.path) - depth - 1
    ]
    return Explanation(
        field=".".join(field.path),
        description=field.description,
        type=type_text(shape),
        required=info.is_required(),
        default=shape.written(default) if stated and default is not None else None,
        choices=shape.choices,
        example=shape.example if default in (None, PydanticUndefined) and shape.limit("ge") is None else None,
        profiles=_profiles(field.path),
        targets=dict(_targets(field)),
        keys={f.path[-1]: f.description.split(". ")[0].rstrip(".") for f in below if f.path != field.path},
    )


def _targets(field: Field) -> Iterator[tuple[str, Mapping[str, Support]]]:
    for name in clouds():
        parity = TARGETS[name].support()
        if parity is None or is_foreign(field.path, name):
            continue
        try:
            yield name, parity.of(key_of(field.path))[1]
        except KeyError:
            continue  # a section: what is said of it is said of its fields


def type_text(shape: Shape) -> str:
    """Say in words what a field holds."""
    if shape.kind == "section":
        return "section"
    if shape.kind in ("names", "list"):
        inner = type_text(shape_of(shape.inner))
        return f"names, each with: {inner}" if shape.kind == "names" else f"list of: {inner}"
    if shape.choices:
        return f"one of {', '.join(shape.choices)}" if len(shape.choices) > 1 else shape.choices[0]
    example = shape.example or ""
    named = {"15s": "duration", "1Gi": "size", "60%": "percentage", "800ms": "response time"}.get(example)
    text = named or ("text" if shape.schema.get("type") == "string" else _PYTHON_TYPES.get(shape.annotation, "text"))
    low, high = shape.limit("ge"), shape.limit("le")
    if low is not None:
        text += f", at least {shape.written(low)}"
    if high is not None:
        text += f", at most {shape.written(high)}"
    return text


def _profiles(path: Sequence[str]) -> dict[str, str]:
    found = {}
    for profile, data in PROFILES.items():
        value: Any = data
        for part in path:
            value = value.get("*" if part == NAME else part) if isinstance(value, dict) else None
        if value is not None and not isinstance(value, dict):
            found[profile] = str(value).lower() if isinstance(value, bool) else str(value)
    return found
