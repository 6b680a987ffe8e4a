"""Looking at a plan with every fact of the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloudgen.spec.deployment import Deployment
from rig.facts.plan import MissingResourceError
from rig.facts.scene import Scene
from rig.facts.table import Fact, facts_of


@dataclass(frozen=True)
class Looked:
    """What a fact found in one plan."""

    subjects: int
    """How many things it looked at."""
    wrong: tuple[str, ...]
    """A sentence for each that is not as it should be."""


def look(fact: Fact, cloud: str, deployment: Deployment, plans: Mapping[str, Mapping[str, Any]]) -> Looked:
    """Look at the plans of a deployment. Fewer subjects than the spec has are wrong as well."""
    scene = Scene(deployment, plans)
    subjects, wrong = 0, []
    try:
        for seen in fact.on(cloud)(scene):
            subjects += 1
            wrong += [f"{seen.subject}: {sentence}" for sentence in seen.wrong]
    except MissingResourceError as missing:
        wrong.append(str(missing))
    expected = fact.subjects(scene)
    if subjects < expected:
        wrong.append(f"looked at {subjects} things, but the spec has {expected}")
    return Looked(subjects, tuple(wrong))


def broken(cloud: str, deployment: Deployment, plans: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return the facts that do not hold, by name, each with what is wrong."""
    found = {fact.name: look(fact, cloud, deployment, plans) for fact in facts_of(cloud)}
    return {name: list(looked.wrong) for name, looked in found.items() if looked.wrong}
