"""Logs: a bucket of Cloud Logging of the stack's own, as the project's default bucket keeps everything for 30 days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address, Ref, Template, join
from cloudgen.stack.gcp.addresses import APIS_READY, LOG_BUCKET, LOG_EXCLUSION, LOG_SINK
from cloudgen.stack.gcp.agents import key_ready
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.naming import fit


@dataclass(frozen=True)
class Origin:
    """Where logs come from: the type of a monitored resource, and what one of its labels says.

    A name that is known is text; origins of one type with such names are asked for together.
    """

    resource: str
    label: str
    value: str | Template

    @property
    def kind(self) -> tuple[str, str]:
        """What the names of one query have in common."""
        return (self.resource, self.label)


@dataclass(frozen=True)
class Condition:
    """Logs of a monitored resource whose labels do not say whose they are, and what else tells it."""

    resource: str
    text: str
    """In the query language of Cloud Logging."""


@dataclass(frozen=True)
class Logs:
    """Where logs go and how long they stay, rendered by monitoring.tf."""

    name: str
    """Of the bucket, and of what leads logs to it."""
    retention: int
    """Days."""
    filter: Template
    """Whose logs: in the query language of Cloud Logging."""
    before_bucket: tuple[Address, ...]

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The bucket, what leads logs to it, and what leaves them out of the default one."""
        return (LOG_BUCKET, LOG_SINK, LOG_EXCLUSION)

    @property
    def sink(self) -> Address:
        """What leads logs to the bucket."""
        return LOG_SINK

    @property
    def destination(self) -> Template:
        """The bucket, as a sink names it."""
        return join("logging.googleapis.com/", LOG_BUCKET.id)


def logs(foundation: Foundation, origins: Iterable[Origin | Condition]) -> Logs:
    """Decide the bucket. Names stand in the filter as text where they are known, so that the bucket exists first."""
    return Logs(
        # https://cloud.google.com/logging/quotas: 100 characters of a bucket's, a sink's and an exclusion's name.
        name=fit(foundation.prefix, 100),
        retention=foundation.log_retention,
        filter=_filter(tuple(origins)),
        before_bucket=key_ready(foundation) or (APIS_READY,),
    )


def _filter(origins: Sequence[Origin | Condition]) -> Template:
    """The condition that finds the logs of all these.

    https://cloud.google.com/logging/docs/view/logging-query-language
    """
    names: dict[tuple[str, str], list[str]] = {}
    for origin in origins:
        if isinstance(origin, Origin) and isinstance(origin.value, str):
            names.setdefault(origin.kind, []).append(f'"{origin.value}"')
    parts: list[str | Ref] = []
    for origin in origins:
        if isinstance(origin, Condition):
            parts.append(f'{" OR " if parts else ""}(resource.type = "{origin.resource}" AND {origin.text})')
            continue
        start = f'{" OR " if parts else ""}(resource.type = "{origin.resource}" AND resource.labels.{origin.label} = '
        if isinstance(origin.value, Template):
            parts += [f'{start}"', *origin.value.parts, '")']
        elif origin.kind in names:
            parts.append(f"{start}({' OR '.join(names.pop(origin.kind))}))")
    return join(*parts)
