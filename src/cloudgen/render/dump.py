"""Data to YAML and JSON. These formats have no templates, so nothing can be pasted into them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

from cloudgen.render.errors import RenderError

# Text that PyYAML writes bare, because YAML 1.1 reads it as text, and that YAML 1.2 or a lenient reader does not.
_AMBIGUOUS = re.compile(
    r"[-+]?(0o[0-7_]+|0x[0-9a-fA-F_]+|(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)|[yYnN]|[0-9_:.]+"
)


class _Dumper(yaml.SafeDumper):
    """Indents the items of a list below their key, as people write them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "'" if _AMBIGUOUS.fullmatch(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def to_yaml(data: object) -> str:
    """Dump data as YAML: ASCII, the order of the data, no anchors. Raises `RenderError` for what is not plain data."""
    return yaml.dump(_plain(data), Dumper=_Dumper, sort_keys=False, default_flow_style=False, width=100)


def to_json(data: object) -> str:
    """Dump data as JSON: ASCII, the order of the data, indented by 2. Raises `RenderError` as `to_yaml` does."""
    return json.dumps(_plain(data), indent=2, allow_nan=False) + "\n"


def _plain(value: object) -> Any:
    """Copy the data, so that one object in two places makes no anchor, and no subclass meets a dumper."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float) and value - value == 0:
        return float(value)
    if isinstance(value, Mapping):
        return {_key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise RenderError(f"a value of type {type(value).__name__} is no data for YAML or JSON")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise RenderError(f"a key of type {type(key).__name__} is no data for YAML or JSON")
    return str.__str__(key)
