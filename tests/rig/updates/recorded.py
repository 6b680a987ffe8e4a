"""What the real providers plan for the edits of the table, recorded: `actions/google.json`, by edit and direction.

The stand-in's plans are held against it wherever tests run. Where the real provider is found, `make updates` plays the
edits on it and holds what it plans against the same table; with `--record-actions` it writes the table anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from rig.updates.outcome import Outcome

FOLDER = Path(__file__).parent / "actions"

Actions = Mapping[str, str]
"""Address -> what a plan does with it: create, update, delete, forget, delete/create or create/delete."""


def actions(outcome: Outcome) -> dict[str, str]:
    """Return what an outcome did, by address, in the words of Terraform's plans."""
    replaced = {
        address: "delete/create" if how.deleted_first else "create/delete" for address, how in outcome.replaced.items()
    }
    return dict(
        sorted(
            {
                **dict.fromkeys(outcome.added, "create"),
                **dict.fromkeys(outcome.updated, "update"),
                **replaced,
                **dict.fromkeys(outcome.removed, "delete"),
                **dict.fromkeys(outcome.let_go, "forget"),
            }.items()
        )
    )


def differences(seen: Actions, recorded: Actions) -> Iterator[str]:
    """Yield a sentence for each resource that is not changed as it was recorded."""
    for address in sorted({*seen, *recorded}):
        this, that = seen.get(address, "nothing"), recorded.get(address, "nothing")
        if this != that:
            yield f"{address}: planned is {this}, recorded is {that}"


def path_of(provider: str) -> Path:
    """Return the file of a provider's table."""
    return FOLDER / f"{provider}.json"


def read(provider: str) -> dict[str, dict[str, str]]:
    """Return a provider's table: edit and direction (`domain-off there`) -> actions."""
    found: dict[str, dict[str, str]] = json.loads(path_of(provider).read_text(encoding="utf-8"))
    return found


def record(provider: str, seen: Mapping[str, Actions]) -> None:
    """Write what was seen into a provider's table, over what it says of the same edits."""
    path = path_of(provider)
    table = {**(read(provider) if path.exists() else {}), **{key: dict(value) for key, value in seen.items()}}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(table, indent=0, sort_keys=True) + "\n", encoding="utf-8")
