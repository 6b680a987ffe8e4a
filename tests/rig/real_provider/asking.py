"""Asking a real provider what replaces a resource: by planning one change at a time, and looking at its answer.

The schema that a provider tells does not say what cannot be changed in place; its plans do. For each attribute, in
blocks, too, a resource is planned from one made-up value to another; for each block, from one to two, or from none to
one. What is not decided by the schema alone but by code that looks at values (a disk that shrinks) is not seen.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from rig.real_provider.plugin import Planned, Plugin, empty_block

Values = dict[str, Any]
Block = dict[str, Any]
Way = tuple[str, ...]
"""Names of blocks, and of an attribute at the end."""

NEVER_ASKED = ("id", "timeouts")
DEPTHS = (8, 4, 3, 2)
"""How deep in blocks is asked: the first with which a type has at most `MOST` attributes."""
MOST = 800
SHALLOW = {"aws_wafv2_web_acl": 0, "google_compute_url_map": 2, "google_container_cluster": 1}
"""How deep is asked where each plan takes long: a firewall's statements hold statements, and have nearly no end."""


@dataclass
class Told:
    """What a provider told of one type."""

    replaced_by: list[str] = field(default_factory=list)
    """Attributes whose change replaces the resource, with the names of the blocks that they stand in."""
    replaced_by_count: list[str] = field(default_factory=list)
    """Blocks of which another number replaces it."""
    defaults: dict[str, Any] = field(default_factory=dict)
    """Values of attributes that nobody sets."""
    not_told: list[str] = field(default_factory=list)
    """What it would not plan with made-up values."""


TEXTS = (
    ("sample-a", "sample-b"),
    ("10s", "20s"),
    ("11", "12"),
    ('{"a":"1"}', '{"a":"2"}'),
    ("10.1.0.0/16", "10.2.0.0/16"),
    ("arn:aws:iam::111122223333:role/a", "arn:aws:iam::111122223333:role/b"),
    ("2031-01-01T00:00:00Z", "2032-01-01T00:00:00Z"),
)
"""Pairs of texts: the next is tried when a provider's code cannot read one as a duration, JSON, an address range."""


SUPPLIED: dict[str, Values] = {
    "aws_lb_target_group": {"port": 80, "protocol": "HTTP", "target_type": "ip", "vpc_id": "vpc-1"},
    "aws_nat_gateway": {"connectivity_type": "private"},
    "google_compute_firewall": {"source_ranges": ["10.0.0.0/8"]},
}
"""What a type wants beside what its schema requires, before it plans anything."""


def sample(kind: Any, second: bool, texts: tuple[str, str] = TEXTS[0]) -> Any:
    """Return one of two made-up values of a Terraform type."""
    if kind == "number":
        return 12 if second else 11
    if kind == "bool":
        return second
    if not isinstance(kind, list):
        return texts[second]
    outer, inner = kind[0], kind[1]
    if outer == "map":
        return {"key": sample(inner, second, texts)}
    if outer == "object":
        return {name: sample(item, second, texts) for name, item in inner.items()}
    return [sample(inner, second, texts)]


def least(block: Block) -> Values:
    """Return the least that a block may hold: what is required, with made-up values."""
    value = empty_block(block)
    for name, attribute in block["attributes"].items():
        if attribute.get("required"):
            value[name] = sample(attribute["type"], second=False)
    for name, nested in block["block_types"].items():
        count = nested["min_items"]
        if nested["nesting_mode"] in ("list", "set") and count:
            value[name] = [least(nested["block"]) for _ in range(count)]
    return value


def attributes(block: Block, depth: int, way: Way = ()) -> Iterator[tuple[Way, Block]]:
    """Yield every attribute that can be set, with the way to it."""
    for name, attribute in block["attributes"].items():
        settable = attribute.get("required") or attribute.get("optional")
        if settable and not attribute.get("write_only") and (way or name not in NEVER_ASKED):
            yield (*way, name), attribute
    for name, nested in block["block_types"].items():
        if name != "timeouts" and depth:
            yield from attributes(nested["block"], depth - 1, (*way, name))


def blocks(block: Block, depth: int, way: Way = ()) -> Iterator[tuple[Way, Block]]:
    """Yield every block that may repeat, or be left out, with the way to it."""
    for name, nested in block["block_types"].items():
        if name == "timeouts" or not depth:
            continue
        if nested["nesting_mode"] in ("list", "set"):
            yield (*way, name), nested
        yield from blocks(nested["block"], depth - 1, (*way, name))


def inside(block: Block, value: Values, way: Way) -> Values:
    """Return the block at the end of a way, made on the way where it is not there."""
    for name in way:
        nested = block["block_types"][name]
        block = nested["block"]
        if nested["nesting_mode"] in ("list", "set"):
            if not value[name]:
                value[name] = [least(block)]
            value = value[name][0]
        else:
            value[name] = value[name] or least(block)
            value = value[name]
    return value


def names_in(path: tuple[str | int, ...]) -> Way:
    """Return the names in a path, without positions."""
    return tuple(step for step in path if isinstance(step, str))


class Asking:
    """Questions about one type."""

    def __init__(self, plugin: Plugin, kind: str) -> None:
        self._plugin, self._kind = plugin, kind
        self._block = plugin.schemas[kind]
        self._depth = SHALLOW[kind] if kind in SHALLOW else self._deepest()
        self._sets = {way for way, nested in blocks(self._block, self._depth) if nested["nesting_mode"] == "set"}

    def ask(self) -> Told:
        """Ask everything."""
        told = Told()
        for way, attribute in attributes(self._block, self._depth):
            if self._note(told.not_told, way, self._change(way, attribute)):
                told.replaced_by.append(".".join(way))
        for way, nested in blocks(self._block, self._depth):
            if self._note(told.not_told, way, self._count(way, nested)):
                told.replaced_by_count.append(".".join(way))
        told.defaults = dict(self._defaults())
        return told

    def _deepest(self) -> int:
        return next(depth for depth in DEPTHS if depth == DEPTHS[-1] or self._questions(depth) <= MOST)

    def _questions(self, depth: int) -> int:
        return sum(1 for _ in islice(attributes(self._block, depth), MOST + 1))

    def _least(self) -> Values:
        return least(self._block) | copy.deepcopy(SUPPLIED.get(self._kind, {}))

    def _note(self, not_told: list[str], way: Way, answer: Planned) -> bool:
        if answer.errors and not answer.replaced:
            not_told.append(".".join(way))
            return False
        wanted = [way] + [way[: len(one)] for one in self._sets if way[: len(one)] == one]
        return any(names_in(path) in wanted for path in answer.replaced)

    def _change(self, way: Way, attribute: Block) -> Planned:
        for texts in TEXTS:
            prior, config = self._least(), self._least()
            for value, second in ((prior, False), (config, True)):
                inside(self._block, value, way[:-1])[way[-1]] = sample(attribute["type"], second, texts)
            answer = self._plan(prior, config)
            if answer.replaced or not answer.errors:
                break
        return answer

    def _count(self, way: Way, nested: Block) -> Planned:
        prior, config = self._least(), self._least()
        few, many = (inside(self._block, value, way[:-1]) for value in (prior, config))
        one, other = least(nested["block"]), least(nested["block"])
        few[way[-1]] = [] if nested["max_items"] == 1 or not one else [one]
        many[way[-1]] = [*few[way[-1]], other]
        if nested["nesting_mode"] == "set" and len(many[way[-1]]) > 1 and one == other:
            few[way[-1]] = []
            many[way[-1]] = [other]
        return self._plan(prior, config)

    def _plan(self, prior: Values, config: Values) -> Planned:
        if "id" in prior:
            prior["id"] = config["id"] = "made-up"
            if not self._block["attributes"]["id"].get("optional"):
                config["id"] = None
        proposed = copy.deepcopy(config)
        if "id" in prior:
            proposed["id"] = prior["id"]
        return self._plugin.plan(self._kind, prior, config, proposed)

    def _defaults(self) -> Iterator[tuple[str, Any]]:
        """Yield the values that a new resource gets though nobody sets them."""
        config = self._least()
        planned = self._plugin.plan(self._kind, None, config).state or {}
        for name, attribute in self._block["attributes"].items():
            value = planned.get(name)
            if attribute.get("optional") and config[name] is None and isinstance(value, (str, int, float, bool)):
                yield name, value
