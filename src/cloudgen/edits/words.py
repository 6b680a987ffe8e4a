"""The sentences in which an edit is told: what happens, why, and what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from cloudgen.errors import Problem, SpecPath

if TYPE_CHECKING:
    from cloudgen.edits.memory import Remembered
    from cloudgen.stack.held import Fact, Held

LOSES = "edit-loses-data"
REPLACES = "edit-replaces"
INTERRUPTS = "edit-interrupts"
IMPOSSIBLE = "edit-impossible"
STRANGER = "other-deployment"
UNKNOWN = "unknown-part"


def held_elsewhere(folder: str, mark: str, recorded: str, now: str, path: SpecPath) -> Problem:
    """The folder is that of another deployment."""
    message = f"{folder} holds the deployment of {mark} {recorded}, and this is {mark} {now}"
    hint = (
        f"render it to a folder of its own with -o, or write {mark} {recorded} again; "
        "if nothing was ever applied from that folder, remove it"
    )
    return Problem(STRANGER, message, path, hint=hint)


def goes(name: str, part: Remembered, *, allowed: bool) -> Problem:
    """A part is no longer in the spec."""
    return _lost(f"{part.title} is no longer in the spec", name, part, _path(part.at or name), allowed=allowed)


def became(name: str, part: Remembered, new: Held, *, allowed: bool) -> Problem:
    """A part is gone, and another one of its kind is new: a name was changed."""
    words = f"{part.title} is no longer in the spec, and {new.title} is new"
    return _lost(words, name, part, new.path, allowed=allowed, at="key")


def changed(part: Held, fact: Fact, recorded: str, *, back: bool, allowed: bool) -> Problem:
    """A fact of a part is another one than it was."""
    change = f"{part.title}: {fact.name} {recorded} becomes {fact.value}"
    if back or fact.effect == "impossible":
        why = f"there is no way back from {recorded}" if back else fact.why
        hint = f"write {recorded} again"
        return Problem(IMPOSSIBLE, f"{change}, which cannot be done: {why}", fact.path, hint=hint)
    if fact.effect == "loses":
        message = f"{change}, which destroys {part.keeps}: {fact.why}"
        hint = f"write {recorded} again, or --allow-destroy {part.name} if nobody needs it"
        return Problem(LOSES, message, fact.path, hint=None if allowed else hint, severity=_severity(allowed=allowed))
    code, verb = (REPLACES, "replaces it") if fact.effect == "replaces" else (INTERRUPTS, "interrupts it")
    return Problem(code, f"{change}, which {verb}: {fact.why}", fact.path, severity="warning")


def guarded(name: str, part: Remembered, *, allowed: bool) -> Problem:
    """A part is no longer in the spec, and something guards it against that."""
    message = f"{part.title} is no longer in the spec, and cannot go: {part.guarded}"
    hint = (
        "write it again beside security: {deletion_protection: false}, render and apply that, then remove it; "
        f"--allow-destroy {name} if the protection is off already"
    )
    path = _path(part.at or name)
    return Problem(IMPOSSIBLE, message, path, hint=None if allowed else hint, severity=_severity(allowed=allowed))


def still_there(part: Held) -> Problem:
    """What is to be let go is still in the spec."""
    hint = f"remove it from the spec, then render with --forget {part.name}"
    return Problem("edit-still-there", f"{part.title} cannot be let go while the spec has it", part.path, "key", hint)


def is_back(part: Held) -> Problem:
    """What was let go is in the spec again."""
    message = f"{part.title} was let go and is in the spec again: Terraform makes a new one, whose name may be taken"
    hint = "`terraform import` brings back the one that is still in the cloud"
    return Problem("edit-let-go-before", message, part.path, "key", hint, severity="warning")


def unknown(name: str) -> Problem:
    """A name that is no part's."""
    message = f"nothing in this folder that holds data is called {name}"
    return Problem(UNKNOWN, message, hint="the message of a refused edit says the name", severity="warning")


def _lost(
    words: str, name: str, part: Remembered, path: SpecPath, *, allowed: bool, at: Literal["key", "value"] = "value"
) -> Problem:
    if part.only_let_go:
        hint = f"write it again, or --forget {name}: it stays where it is, and Terraform no longer looks after it"
        return Problem(LOSES, f"{words}: {part.keeps}", path, at, hint)
    message = f"{words}: this destroys {part.keeps}"
    hint = (
        f"write it again under its old name, or --forget {name} to leave it in the cloud, unmanaged, "
        f"or --allow-destroy {name} to destroy it"
    )
    return Problem(LOSES, message, path, at, None if allowed else hint, severity=_severity(allowed=allowed))


def _severity(*, allowed: bool) -> Literal["error", "warning"]:
    return "warning" if allowed else "error"


def _path(name: str) -> SpecPath:
    return tuple(name.split("."))
