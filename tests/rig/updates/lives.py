"""The edits of the table, played: those of one spec in one life, which begins with what that spec makes.

Each edit begins where the spec is applied and a second plan is empty, however the one before ended: cloud, states and
files are then put back. So a spec is made once for all its edits, and one that fails disturbs no other.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from rig.updates.edit import Edit
from rig.updates.expectation import Expectation
from rig.updates.imagined import Imagined, Played, TerraformError
from rig.updates.outcome import Outcome
from rig.updates.rendering import RefusedError, render_over

AT_ONCE = 2
"""Lives beside each other: they do not wait but compute."""


@dataclass(frozen=True)
class Verdict:
    """What came of an edit in one direction."""

    wrong: tuple[str, ...]
    """What is not as the row says; nothing, if all is."""
    outcome: Outcome | None = None
    """What changed, unless it was refused or failed."""
    refused: bool = False


class World(Protocol):
    """A folder that is rendered again and again, and applied each time, on some cloud."""

    target: str

    @property
    def tree(self) -> Path:
        """Where cloudgen renders to."""

    def play(self, spec: Mapping[str, Any], options: Sequence[str] = ()) -> Played:
        """Render a spec over the folder and apply it. Raises `RefusedError` and `TerraformError`."""

    def new_images(self) -> Played:
        """Build every image anew and apply that, as deploy.sh does; plan again. Raises `TerraformError`."""

    def later(self, modules: Sequence[str]) -> Iterable[tuple[str, Outcome]]:
        """Let what was put off happen; return what that was, and what a plan changes after it."""

    def keep(self) -> Path:
        """Copy everything that an apply changes; return where."""

    def back_to(self, kept: Path | None) -> None:
        """Make everything what it was; None is the time before anything was applied."""


Opening = Callable[[Path, str], AbstractContextManager[World]]
"""Makes a world for a cloud in a new folder."""


def play(
    world: World, spec: Mapping[str, Any], expected: Expectation, options: tuple[str, ...] = (), *, anew: bool = False
) -> Verdict:
    """Play one direction of an edit, and judge it; with `anew`, the images are what changes."""
    try:
        if expected.refused is not None:
            # What is not refused is wrong already, whatever it would do.
            render_over(spec, world.tree, world.target, options)
            return Verdict((f"cloudgen does not say {expected.refused}, but renders",))
        played = world.new_images() if anew else world.play(spec, options)
    except RefusedError as refused:
        return Verdict(tuple(refusal_unmet(str(refused), expected)), refused=True)
    except TerraformError as error:
        return Verdict((str(error),))
    wrong = [*expected.unmet(played.outcome)]
    wrong += again(world, played, expected)
    return Verdict(tuple(wrong), played.outcome)


def refusal_unmet(said: str, expected: Expectation) -> Iterator[str]:
    """Yield what is wrong with cloudgen's refusal: not expected, without the words, or without a line of the spec."""
    if expected.refused is None:
        yield f"cloudgen refuses it: {said}"
    elif expected.refused not in said or "cloudgen.yaml:" not in said:
        yield f"cloudgen does not say {expected.refused} at a line, but: {said}"


def again(world: World, played: Played, expected: Expectation) -> Iterator[str]:
    """Yield what a second plan still changes and may not: what waits may, until its window has passed."""
    changed = [*played.again.updated, *played.again.added, *played.again.removed, *played.again.replaced]
    yield from (f"a second plan changes {line}" for line in played.again.lines() if not waits(line, expected))
    waiting = [address for address in changed if expected.waits(address)]
    for pattern in expected.patterns.get("waits", ()):
        if not any(Expectation(patterns={"waits": (pattern,)}).waits(address) for address in waiting):
            yield f"{pattern} does not wait for its window"
    for what, later in world.later(played.modules):
        yield from (f"after {what} a plan changes {line}" for line in later.lines())


def waits(line: str, expected: Expectation) -> bool:
    """Whether a line of an outcome is about something that may wait."""
    return any(expected.waits(word.rstrip(":")) for word in line.split())


class Lives:
    """What edits did, by edit, cloud and direction; those that share a spec share a life."""

    def __init__(
        self,
        wanted: Iterable[tuple[Edit, str]],
        folder: Path | None = None,
        opened: Opening = Imagined.opened,
        at_once: int = AT_ONCE,
        back: Collection[tuple[str, str]] | None = None,
    ) -> None:
        """Begin them; `back` has those whose way back is wanted, by edit and cloud; None is all that have one."""
        self._opened = opened
        self._back = back
        self._pool = ThreadPoolExecutor(at_once)
        self._folder = folder or Path(tempfile.gettempdir())
        self._found: dict[tuple[str, str, str], Future[Verdict]] = {}
        lives: dict[tuple[str, str], list[Edit]] = {}
        for edit, cloud in wanted:
            lives.setdefault((cloud, edit.spec), []).append(edit)
            for way in ("there", "back"):
                self._found[edit.id, cloud, way] = Future()
        for (cloud, spec), edits in sorted(lives.items(), key=lambda item: -len(item[1])):
            self._pool.submit(self._live, cloud, spec, edits)

    def of(self, edit: str, cloud: str, way: str) -> Verdict:
        """Return what came of an edit in one direction, `there` or `back`."""
        return self._found[edit, cloud, way].result()

    def close(self) -> None:
        """Give up the lives that have not begun."""
        self._pool.shutdown(cancel_futures=True)

    def _live(self, cloud: str, spec: str, edits: list[Edit]) -> None:
        waiting = [(edit, way) for edit in edits for way in ("there", "back")]
        try:
            with (
                tempfile.TemporaryDirectory(prefix=f"edits-{cloud}-{spec}-", dir=self._folder) as name,
                self._opened(Path(name), cloud) as world,
            ):
                world.play(edits[0].before)
                kept = world.keep()
                for edit in edits:
                    world.back_to(kept)
                    self._play(world, edit, cloud)
                    waiting = [item for item in waiting if item[0] is not edit]
        except BaseException as error:
            for edit, way in waiting:
                if not self._found[edit.id, cloud, way].done():
                    self._found[edit.id, cloud, way].set_exception(error)

    def _play(self, world: World, edit: Edit, cloud: str) -> None:
        there = play(world, edit.after, Expectation.read(edit.sentences[cloud, "there"]), edit.options, anew=edit.anew)
        self._found[edit.id, cloud, "there"].set_result(there)
        unwanted = self._back is not None and (edit.id, cloud) not in self._back
        if unwanted or (cloud, "back") not in edit.sentences:
            self._found[edit.id, cloud, "back"].cancel()
            return
        if there.outcome is None:
            # So that the way back is tried, too: the second spec is what there was first.
            world.back_to(None)
            world.play(edit.after)
        back = play(world, edit.before, Expectation.read(edit.sentences[cloud, "back"]), edit.options)
        self._found[edit.id, cloud, "back"].set_result(back)
