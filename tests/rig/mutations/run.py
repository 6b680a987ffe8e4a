"""Asking about all mutations, two at a time, and about each unchanged tree once."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rig.mutations import scanner_checks
from rig.mutations.checks import TOOLS, Checks
from rig.mutations.mutation import Check, Mutation
from rig.mutations.trees import changed_tree, unchanged_tree
from rig.standin.lives import Lives

AT_ONCE = 2
"""Most checks compute all the time, and CI has two processors."""

Found = list[str]


@dataclass(frozen=True)
class Outcome:
    """What a check says of a case's tree as it is, and with the mutation in it."""

    before: Found
    after: Found


class Run:
    """The checks of some mutations, under way; those are left out whose tools are missing here."""

    def __init__(self, folder: Path, tools: Mapping[str, Path], lives: Lives, mutations: Sequence[Mutation]) -> None:
        self._folder, self._tools = folder, tools
        self._checks = Checks(folder / "standin", tools, lives)
        self._before: dict[tuple[str, str, str, Check], Future[Found]] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(AT_ONCE)
        able = [mutation for mutation in mutations if set(TOOLS[mutation.caught_by]) <= set(tools)]
        # The scan takes longer than any other check, so it begins first.
        self._scanned = self._pool.submit(self._scan, [one for one in able if one.caught_by is Check.CHECKOV])
        self._asked = {one.id: self._pool.submit(self._ask, one) for one in able if one.caught_by is not Check.CHECKOV}

    def outcome(self, mutation: Mutation) -> Outcome:
        """Wait for what a mutation's check says. Raises what the check has raised."""
        if mutation.caught_by is not Check.CHECKOV:
            return self._asked[mutation.id].result()
        found = self._scanned.result()
        return Outcome(found.get((mutation.id, "before"), []), found.get((mutation.id, "after"), []))

    def close(self) -> None:
        """Give up what has not begun yet."""
        self._pool.shutdown(cancel_futures=True)

    def _ask(self, mutation: Mutation) -> Outcome:
        tree = changed_tree(mutation, self._folder / mutation.id)
        return Outcome(self._ask_unchanged(mutation), self._checks.ask(mutation.caught_by, tree, mutation.module))

    def _ask_unchanged(self, mutation: Mutation) -> Found:
        """Ask about the tree as it is: once for all mutations that are put there and that the same check must catch."""
        key = (mutation.target, mutation.case, mutation.module, mutation.caught_by)
        with self._lock:
            known = self._before.get(key)
            future = known or Future()
            self._before[key] = future
        if known is None:
            try:
                folder = self._folder / f"unchanged-{len(self._before)}-{mutation.id}"
                tree = unchanged_tree(mutation.target, mutation.case, folder)
                future.set_result(self._checks.ask(mutation.caught_by, tree, mutation.module))
            except BaseException as error:
                future.set_exception(error)
        return future.result()

    def _scan(self, mutations: list[Mutation]) -> Mapping[tuple[str, str], Found]:
        """Let checkov look at all mutations that it must find, and at the same files without them."""
        trees = [changed_tree(mutation, self._folder / mutation.id) for mutation in mutations]
        return scanner_checks.checkov(self._tools["checkov"], self._folder / "checkov", trees) if trees else {}
