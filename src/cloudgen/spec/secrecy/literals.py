"""Secrets that stand in a spec with their value: refused in every field, unless the spec says that one is none.

What looks like a secret and is none, such as a key that every browser gets, is named in `security.not_secrets` with the
reason, where whoever reviews the spec reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cloudgen.errors import Problem, SpecPath
from cloudgen.spec.package_index import WITHOUT_CREDENTIALS
from cloudgen.spec.secrecy.assignments import follows_flag, what_is
from cloudgen.spec.secrecy.names import tells_secret

_DECLARE = "declare it under security.secrets and refer to it under the container's secrets"
_EXCUSES = ("security", "not_secrets")


def place_of(path: SpecPath) -> str:
    """Write a path as `security.not_secrets` and `cloudgen explain --json` do: `containers.web.command.2`."""
    return ".".join(map(str, path))


def check(data: Any) -> Iterator[Problem]:
    """Yield a problem for every secret in a spec's data, and for every excuse of a place that is not there."""
    excuses = _excuses(data)
    places: set[str] = set()
    for path, text, before in _texts(data, ()):
        place = place_of(path)
        places.add(place)
        if path[:2] == _EXCUSES or place in excuses:
            continue
        problem = _in_key(path, text) if before is None else _in_value(path, text, before)
        if problem is not None:
            yield problem
    for place in excuses:
        if place not in places:
            hint = "name it as `cloudgen explain --json` does, such as containers.web.environment.SITE_KEY"
            yield Problem("unknown-reference", "there is no such place in the spec", (*_EXCUSES, place), "key", hint)


def _excuses(data: Any) -> list[str]:
    for key in _EXCUSES:
        data = data.get(key) if isinstance(data, Mapping) else None
    return [key for key in data if isinstance(key, str)] if isinstance(data, Mapping) else []


def _texts(node: Any, path: SpecPath) -> Iterator[tuple[SpecPath, str, str | None]]:
    """Yield every text: of a key with None, of a value with the item of the same list before it, if any."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            own = (*path, str(key))
            yield own, str(key), None
            yield from _below(value, own, "")
    elif isinstance(node, list):
        before = ""
        for index, value in enumerate(node):
            yield from _below(value, (*path, index), before)
            before = value if isinstance(value, str) else ""


def _below(value: Any, path: SpecPath, before: str) -> Iterator[tuple[SpecPath, str, str | None]]:
    if isinstance(value, str):
        yield path, str(value), before
    else:
        yield from _texts(value, path)


def _in_key(path: SpecPath, key: str) -> Problem | None:
    kind = what_is(key)
    message = "this key looks like " + (kind or "")
    return Problem("literal-secret", message, path, "key", "a spec holds no secrets") if kind else None


def _in_value(path: SpecPath, text: str, before: str) -> Problem | None:
    """Judge a value. `before` is the argument before it on a command line: `--token` tells what follows."""
    name = path[-1]
    is_variable = path[-2:-1] in (("environment",), ("labels",), ("args",)) and isinstance(name, str)
    kind = what_is(text)
    if kind is None and is_variable and tells_secret(str(name), text):
        kind = "a secret"
    if kind is None and follows_flag(before, text):
        kind = "a secret"
    if kind is None:
        return None
    is_free = bool({"environment", "command", "labels", "args"} & set(path))
    excuse = f"if it is none: security: {{not_secrets: {{{place_of(path)}: the reason}}}}"
    if is_variable and path[-2] == "environment":
        return Problem(
            "literal-secret",
            f"{name} looks like a secret with its value in the spec",
            path,
            "key",
            f"{_DECLARE}; {excuse}",
        )
    if path[-2:] == ("index", "url"):
        return Problem("literal-secret", f"`url` holds what looks like {kind}", path, hint=WITHOUT_CREDENTIALS)
    what = f"`{name}`" if isinstance(name, str) else f"`{path[-2]}[{name}]`" if len(path) > 1 else "the spec"
    return Problem(
        "literal-secret",
        f"{what} holds what looks like {kind}",
        path,
        hint=f"a spec holds no secrets; {excuse}" if is_free else "a spec holds no secrets",
    )
