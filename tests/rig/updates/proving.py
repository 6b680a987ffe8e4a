"""`make prove SPEC=a.yaml THEN=b.yaml`: what each later spec changes and how, told line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from cloudgen.pipeline import read_spec
from rig.standin.aws import deferred
from rig.updates.imagined import Imagined, Played
from rig.updates.rendering import RefusedError


def unprotected(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a spec without deletion protection, as the output's README tells before `terraform destroy`."""
    return {**spec, "security": {**(spec.get("security") or {}), "deletion_protection": False}}


def zones_of(specs: Sequence[Path]) -> tuple[str, ...]:
    """Return the domains whose zones the specs expect to be there already."""
    balancers = [read_spec(str(spec)).deployment.load_balancer for spec in specs]
    found = [one.zone for one in balancers if one is not None and one.zone is not None and not one.create_zone]
    return tuple(dict.fromkeys(found))


def play_in_turn(specs: Sequence[Path], target: str, folder: Path) -> Iterator[str]:
    """Apply specs one after the other over one folder, then destroy all; tell what changed, yield what is wrong.

    Raises `TerraformError` when a step fails. A spec that cloudgen refuses is told, and leaves what is there.
    """
    last: Mapping[str, Any] = {}
    with Imagined.opened(folder, target, zones_of(specs)) as world:
        for path in specs:
            spec = yaml.safe_load(path.read_text(encoding="utf-8"))
            try:
                played = world.play(spec)
            except RefusedError as refused:
                print(f"  {path.name}: refused\n{refused}", flush=True)
                continue
            tell(path.name, played, first=not last)
            last = spec
            yield from _again(path.name, world, played)
        world.destroy(unprotected(last))
    print("  destroyed")


def _again(name: str, world: Imagined, played: Played) -> Iterator[str]:
    """Tell what waits for a maintenance window, and yield what else a second plan changes, or a plan after it."""
    waiting = {address: names for address, names in played.again.updated.items() if deferred.may_wait(address, names)}
    for address, names in waiting.items():
        print(f"    until its maintenance window each plan shows  {address}: {', '.join(names)}", flush=True)
    rest = {address: names for address, names in played.again.updated.items() if address not in waiting}
    yield from (f"after {name} a second plan changes {line}" for line in replace(played.again, updated=rest).lines())
    for what, later in world.later(played.modules):
        yield from (f"after {name} and {what} a plan changes {line}" for line in later.lines())


def tell(name: str, played: Played, *, first: bool) -> None:
    """Print what a spec changed; of the first one only how much there is."""
    if first:
        print(f"  {name}: {len(played.outcome.added)} resources made", flush=True)
        return
    modules = ", ".join(played.modules) or "no module"
    print(f"  {name}: applied {modules}; second plans {'not ' if played.again else ''}empty", flush=True)
    for line in played.outcome.lines():
        print(f"    {line}", flush=True)
