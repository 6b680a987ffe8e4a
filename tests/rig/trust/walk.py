"""Every field of the spec with every hostile text, through the whole pipeline: refused at a line, or the same shape."""

from __future__ import annotations

import json
import random
import re
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from cloudgen.deliver import rendered
from cloudgen.errors import SpecError
from cloudgen.pipeline import Spec, build
from cloudgen.spec.loader import DocumentError, loads
from cloudgen.spec.parse import parse
from cloudgen.stack import coordinate_models, rendered_targets
from rig.trust.outcome import Outcome
from rig.trust.payloads import texts

REFERENCE = Path(__file__).parents[2] / "golden/reference/cloudgen.yaml"
PAYLOADS = 560
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_FREE = ("environment", "command")


def run(cases: int, seed: int) -> Outcome:
    """Try so many pairs of a place and a text, in an order drawn by chance."""
    outcome = Outcome("every field with hostile texts")
    base = yaml.safe_load(REFERENCE.read_text("utf-8"))
    _stringify(base)
    places = list(_places(base, ()))
    payloads = list(islice(texts(seed), PAYLOADS))
    pairs = [(place, text) for place in places for text in payloads]
    random.Random(seed).shuffle(pairs)
    # Free text is what can do harm, so it is tried first in a short run.
    pairs.sort(key=lambda pair: not set(_FREE) & set(pair[0]) and pair[1] not in ("", "0"))
    chosen = [*pairs[: cases // 2], *pairs[len(pairs) - (cases - cases // 2) :]] if cases < len(pairs) else pairs
    before = _shapes(base)
    refused = same = 0
    for place, text in chosen:
        outcome.cases += 1
        data = json.loads(json.dumps(base))
        _put(data, place, text)
        shown = f"{'.'.join(map(str, place))} = {text!r}"
        try:
            shapes = _shapes(data)
        except SpecError as error:
            refused += 1
            if not all(problem.position for problem in error.problems):
                outcome.faults.append(f"{shown}: refused without a position")
            continue
        except Exception as error:
            outcome.faults.append(f"{shown}: {type(error).__name__}")
            continue
        if set(_FREE) & set(place):
            same += 1
            outcome.faults += [
                f"{shown}: another shape of {path}" for path in before if shapes.get(path) != before[path]
            ]
    outcome.figures = {"refused": refused, "rendered with free text": same, "places": len(places)}
    return outcome


def _stringify(node: Any) -> None:
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in list(items):
        if isinstance(value, dict | list):
            _stringify(value)
        elif not isinstance(value, str | None.__class__):
            node[key] = str(value).lower() if isinstance(value, bool) else str(value)


def _places(node: Any, path: tuple[str | int, ...]) -> Any:
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in items:
        if isinstance(value, dict | list):
            yield from _places(value, (*path, key))
        else:
            yield (*path, key)


def _put(data: Any, place: tuple[str | int, ...], text: str) -> None:
    for item in place[:-1]:
        data = data[item]
    data[place[-1]] = text


def _shapes(data: dict[str, Any]) -> dict[str, str]:
    """Render for every target, and return what is left of each file when its texts are taken out."""
    document = loads(json.dumps(data, ensure_ascii=False).replace("\x7f", "\\u007f"))
    spec = Spec(document, parse(document, coordinate_models()), Path())
    shapes = {}
    for target in rendered_targets():
        if spec.deployment.targets.get(target) is None and target != "docker":
            continue
        for file in rendered(build(spec, target)):
            shapes[f"{target}/{file.path}"] = _shape(file.path, file.text)
    return shapes


def _shape(path: str, text: str) -> str:
    if path.endswith((".yaml", ".yml")):
        return json.dumps(_types(yaml.safe_load(text)))
    if path.endswith(".md"):
        return str(text.count("\n"))
    return _STRING.sub('""', text)


def _types(node: Any) -> Any:
    if isinstance(node, dict):
        return {str(key): _types(value) for key, value in node.items()}
    return [_types(item) for item in node] if isinstance(node, list) else type(node).__name__


__all__ = ["DocumentError", "run"]
