"""How well a cloud does what each field of the spec asks for, as data, and what a user is told of it.

Each cloud has a table for what holds on all of its platforms, `stack/<cloud>/parity.py`, which its entry in the
registry names, and one for each platform, `stack/<cloud>/platforms/<platform>/parity.py`. A test walks the models of
the spec and fails for a field without an entry, and for an entry without a field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Literal, get_args

from cloudgen.dataclass import dataclass, field, replace
from cloudgen.spec.compute import Platform
from cloudgen.spec.values import Value, values
from cloudgen.stack.text import alternatives

if TYPE_CHECKING:
    from cloudgen.errors import Problem, SpecPath
    from cloudgen.spec.deployment import Deployment
    from cloudgen.stack.base import Problems

Level = Literal["exact", "approximated", "ignored", "unsupported"]
"""exact: as the spec says; approximated: in the cloud's own way; ignored: without effect; unsupported: an error."""

LEVELS: tuple[Level, ...] = get_args(Level)
"""From the best to the worst."""


@dataclass(frozen=True)
class Support:
    """How well one field is supported, and in one sentence why and how. The sentence has no capital and no full stop.

    `values` are those that are supported differently. `by_case` says that the level holds in some deployments only:
    the stack finds them, and warns with the value that it uses; in all others the field is exact. `needs` is a section
    of the spec (`storage.databases`); while it is empty the field means nothing, and nothing is told.
    """

    level: Level
    why: str
    hint: str | None = None
    values: Mapping[str, Support] = field(default_factory=dict)
    by_case: bool = False
    needs: str | None = None


def exact(why: str, **values: Support) -> Support:
    """The cloud does what the field says, except for the `values` that are stated."""
    return Support("exact", why, values=values)


def approximated(why: str, hint: str | None = None, needs: str | None = None) -> Support:
    """The cloud does what the field says in its own way, or nearly."""
    return Support("approximated", why, hint, needs=needs)


def ignored(why: str, hint: str | None = None, needs: str | None = None) -> Support:
    """The field has no effect on the cloud, and need not have one."""
    return Support("ignored", why, hint, needs=needs)


def unsupported(why: str, hint: str | None = None) -> Support:
    """The cloud does not do what the field says, and the spec cannot be rendered for it."""
    return Support("unsupported", why, hint)


def in_some_cases(level: Level, why: str) -> Support:
    """Exact in most deployments; where it is not, the stack says so with the value that it uses."""
    return Support(level, why, by_case=True)


Table = Mapping[str, Support]
"""From a field, written `containers.*.schedule.retries`, to how well it is supported. An entry for a section that is
not exact holds for all fields below it."""


@dataclass(frozen=True)
class Parity:
    """How well a cloud supports the spec: what holds on all of its platforms, and what each platform adds to that.

    `by_platform` has the platforms of the cloud's registry, in its order. A cloud on which platforms do not differ may
    leave it empty.
    """

    common: Table
    by_platform: Mapping[Platform, Table] = field(default_factory=dict)

    def tables(self, platforms: Sequence[str] = ()) -> Mapping[str, Table]:
        """The whole table of each of these platforms; of every platform where none is named.

        A platform that the cloud does not have is answered by the first one that it has, which says that it is not
        supported. Without platforms the one table has the name "".
        """
        if not self.by_platform:
            return {"": self.common}
        known = {name: held for name, held in self.by_platform.items() if name in platforms}
        if not known:
            known = dict(self.by_platform if not platforms else list(self.by_platform.items())[:1])
        return {name: {**self.common, **held} for name, held in known.items()}

    def table(self) -> Table:
        """The whole table of the first platform."""
        return next(iter(self.tables().values()))

    def of(self, key: str, platforms: Sequence[str] = ()) -> tuple[str, Mapping[str, Support]]:
        """Return the key of the entry that a field has, and the entry by platform; one named "" where all say the same.

        Raises `KeyError` without an entry.
        """
        found = {name: support_of(table, key) for name, table in self.tables(platforms).items()}
        places = [place for place, _ in found.values()]
        entries = {name: held for name, (_, held) in found.items()}
        if len(set(map(repr, entries.values()))) == 1:
            return places[0], {"": next(iter(entries.values()))}
        return min(places, key=len), entries

    def says(self, key: str, platforms: Sequence[str] = ()) -> bool:
        """Whether one of these platforms has an entry for the field itself, and not only for a section around it."""
        return any(key in table for table in self.tables(platforms).values())


def offered(cloud: str, runs: Mapping[Platform, str]) -> Support:
    """The entry of `compute.platform`, made of the platforms that a cloud has: what each runs a container as.

    So a platform is never announced and missing, and one that exists is never "not supported".
    """
    missing = [name for name in get_args(Platform) if name not in runs]
    hint = f"use platform: {alternatives(runs)}"
    first, *others = runs.items()
    return exact(
        first[1],
        **{name: exact(why) for name, why in others},
        **{name: unsupported(f"platform {name} is not supported on {cloud} yet", hint) for name in missing},
    )


@dataclass(frozen=True)
class Status:
    """How well a field of one deployment is supported on one cloud."""

    level: Level
    why: str
    place: str
    """Which entry says so: that of the field itself, or that of a section around it."""


def support_of(table: Table, key: str) -> tuple[str, Support]:
    """Return the entry of a field with its key, or that of the section around it. Raises `KeyError` without one."""
    found, place = table.get(key), key
    while found is None:
        place, _, last = place.rpartition(".")
        if not place:
            raise KeyError(f"{key}, {last}")
        section = table.get(place)
        found = section if section is not None and section.level != "exact" else None
    return place, found


def is_foreign(path: Sequence[str], cloud: str) -> bool:
    """Whether a field is a coordinate of another target."""
    return len(path) > 1 and path[0] == "targets" and path[1] != cloud


def platforms_of(value: Value, deployment: Deployment) -> tuple[str, ...]:
    """The platforms that a value concerns: that of its container, else all that are in use, in the spec's order."""
    section, *rest = value.path
    containers = deployment.containers
    if section == "containers" and rest and rest[0] in containers:
        return (deployment.platform(containers[str(rest[0])]),)
    return _in_use(deployment)


def _in_use(deployment: Deployment) -> tuple[str, ...]:
    return tuple(dict.fromkeys(deployment.platform(container) for container in deployment.containers.values()))


def support(parity: Parity, value: Value, deployment: Deployment) -> Support:
    """How well a value of a deployment is supported by the tables alone; `status` adds the stack's own warnings.

    Where platforms differ, the worst level holds, and each sentence begins with the platform's name.
    """
    _, entries = parity.of(value.key, platforms_of(value, deployment))
    return _worst({name: _support(entry, value, deployment) for name, entry in entries.items()})


def absent(parity: Parity, key: str, deployment: Deployment) -> Status:
    """How well a field is supported that a deployment has no place for, on the platforms that it uses.

    What holds in some cases only is exact here: the stack, which would know better, has nothing to say of the field.
    Raises `KeyError` without an entry.
    """
    place, entries = parity.of(key, _in_use(deployment))
    held = _worst({name: exact(entry.why) if entry.by_case else entry for name, entry in entries.items()})
    return Status(held.level, held.why, place)


def _worst(found: Mapping[str, Support]) -> Support:
    """The worst of what platforms support, with the sentence of each where they differ."""
    worst = max(found.values(), key=lambda each: LEVELS.index(each.level))
    if len({each.why for each in found.values()}) == 1:
        return worst
    return replace(worst, why="; ".join(f"{name}: {each.why}" for name, each in found.items()))


def _support(entry: Support, value: Value, deployment: Deployment) -> Support:
    found = entry.values.get(value.text)
    if found is None:
        found = exact("nothing is asked for") if value.asks_nothing and not entry.by_case else entry
    if found.needs and not attrgetter(found.needs)(deployment):
        return exact(f"without {found.needs} it means nothing")
    return found


def by_path(warnings: Iterable[Problem]) -> Mapping[SpecPath, Sequence[str]]:
    """What was warned of, by the place that it is about."""
    found: dict[SpecPath, list[str]] = {}
    for warning in warnings:
        found.setdefault(warning.path, []).append(warning.message)
    return found


def status(parity: Parity, value: Value, deployment: Deployment, warnings: Mapping[SpecPath, Sequence[str]]) -> Status:
    """How well a value of a deployment is supported, given what the stack warned of (`by_path`)."""
    found = support(parity, value, deployment)
    place, _ = parity.of(value.key, platforms_of(value, deployment))
    if not found.by_case:
        return Status(found.level, found.why, place)
    warned = warnings.get(_up_to(value.path, place))
    return Status(found.level, "; ".join(warned), place) if warned else Status("exact", found.why, place)


def _up_to(path: SpecPath, key: str) -> SpecPath:
    """The part of a path that leads to the section of a key; list indexes have no part in keys."""
    wanted = key.count(".") + 1
    for end in range(1, len(path) + 1):
        wanted -= isinstance(path[end - 1], str)
        if wanted == 0:
            return path[:end]
    return path


def check(parity: Parity, title: str, deployment: Deployment, problems: Problems) -> None:
    """Record what the tables say of the fields that the user wrote: errors, and warnings with the value.

    A warning of the stack about the same place, which knows more, takes the place of the table's. What an entry
    says of a section is told once, at the section. `title` is the cloud as people call it.
    """
    for value in values(deployment):
        if value.source != "spec" or not parity.says(value.key, platforms_of(value, deployment)):
            continue
        found = support(parity, value, deployment)
        if found.by_case or found.level == "exact":
            continue
        if found.level == "unsupported":
            problems.error("unsupported", found.why, value.path, found.hint)
        else:
            stated = told(value)
            problems.remark(found.level, f"{stated} is {found.level} on {title}: {found.why}", value.path, found.hint)


def differences(parity: Parity, title: str, deployment: Deployment) -> Iterator[str]:
    """What the table says of the values that nobody wrote, those of the profile and the defaults: for the README."""
    found = []
    for value in values(deployment):
        if value.source == "spec" or not parity.says(value.key, platforms_of(value, deployment)):
            continue
        held = support(parity, value, deployment)
        if held.level in ("approximated", "ignored") and not held.by_case:
            found.append(f"{value.key} ({value.text}) is {held.level} on {title}: {held.why}.")
    yield from dict.fromkeys(found)


def told(value: Value) -> str:
    """Name a field with its value: `networking.nat (per_zone)`."""
    place = ".".join(map(str, value.path))
    return f"{place} ({value.text})" if value.is_leaf else place
