"""What a cloud counts: limits that only its servers know, and names of variables that it keeps for itself.

Each cloud has a table of its own, `stack/<cloud>/limits.py`, with the source of each number. What cannot be raised is
an error at the field, what can be raised on request is a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from cloudgen.dataclass import dataclass
from cloudgen.errors import SpecPath
from cloudgen.spec.deployment import Deployment
from cloudgen.stack.base import Problems

Counted = Iterable[tuple[SpecPath, int]]
"""Places of the spec, and how many, or how much, each asks for."""


@dataclass(frozen=True)
class Limit:
    """A number that must not be exceeded. `what` follows "100", `source` is the page that says so.

    Where `most` is 0 nothing of the kind may be there at all, and `what` is a sentence.
    """

    what: str
    most: int
    count: Callable[[Deployment], Counted]
    hint: str
    source: str
    raisable: bool = False
    code: str = "over-limit"


@dataclass(frozen=True)
class Kept:
    """Names of environment variables that a platform sets. `beginnings` are those of names that it refuses."""

    by: str
    names: Sequence[str]
    source: str
    beginnings: Sequence[str] = ()


_LOADERS = frozenset({"LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "PATH", "PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP"})
"""Names that decide which programs and libraries run, on every platform."""


def check_limits(limits: Sequence[Limit], kept: Kept, deployment: Deployment, problems: Problems) -> None:
    """Record a problem for each place that asks for more than the cloud has, and for each name that is not free."""
    for limit in limits:
        for path, number in limit.count(deployment):
            if number > limit.most:
                tell = problems.warning if limit.raisable else problems.error
                raised = ", which can be raised on request" if limit.raisable else ""
                said = f"{number:,} {limit.what}; the limit is {limit.most:,}{raised}" if limit.most else limit.what
                tell(limit.code, said, path, limit.hint)
    for path, name in _variables(deployment):
        if any(name.startswith(beginning) for beginning in kept.beginnings):
            hint = "choose another name"
            problems.error("reserved-name", f"{kept.by} keeps names like {name} for itself", path, hint)
        elif name in kept.names:
            message = f"{kept.by} sets {name} itself, so that another value misleads the cloud's own libraries"
            problems.warning("reserved-name", message, path, "remove it, or choose another name")
        elif name in _LOADERS:
            message = f"{name} decides which programs and libraries of the image run"
            problems.warning(
                "reserved-name", message, path, "set it in the Dockerfile, where it is tested with the image"
            )


def _variables(deployment: Deployment) -> Iterator[tuple[SpecPath, str]]:
    for name, container in deployment.containers.items():
        for key in ("environment", "secrets"):
            for variable in getattr(container, key):
                yield ("containers", name, key, variable), variable


def connections(deployment: Deployment, kinds: Mapping[str, Iterable[str]]) -> Iterator[tuple[SpecPath, int]]:
    """Count, for each container, the things of these kinds (names by kind) that it connects to, each once."""
    known = {name for names in kinds.values() for name in names}
    for name, container in deployment.containers.items():
        used = {connection.name for connection in container.connects_to}
        yield ("containers", name, "connects_to"), len(used & known)


def told_of_objects(deployment: Deployment) -> Iterator[tuple[SpecPath, int]]:
    """Count, for each container that a bucket starts, those that this bucket starts up to it."""
    counted: dict[str, int] = {}
    for name, container in deployment.containers.items():
        if container.trigger is not None and container.trigger.bucket is not None:
            bucket = container.trigger.bucket
            counted[bucket] = counted.get(bucket, 0) + 1
            yield ("containers", name, "trigger", "bucket"), counted[bucket]
