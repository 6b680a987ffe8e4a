"""The lives of golden trees on the stand-in providers, each lived once in a test run, however many tests look at it."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from standin.cycle import Cycle, cycle
from support.render import render, unprotected
from support.trees import MAJORS, golden_trees, variables_for


def live(tree: Path, major: str) -> Cycle:
    """Play one golden tree through, destroyed as its README tells, and applied once more. Raises `TerraformError`."""
    with tempfile.TemporaryDirectory(prefix="unprotected-") as name:
        spec = unprotected(tree.parent / "cloudgen.yaml", Path(name, "cloudgen.yaml"))
        render(spec, tree.name, Path(name, "tree"))
        return cycle(tree, major, variables_for(tree), unprotected=Path(name, "tree"), again=True)


class Lives:
    """What cycles of golden trees saw, by cloud, case and major version of the provider's schema.

    A cycle runs when it is first asked for; a second test gets the same report, or the same error.
    """

    def __init__(self, play: Callable[[Path, str], Cycle] = live) -> None:
        self._play = play
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str, str], Future[Cycle]] = {}

    def of(self, cloud: str, case: str, major: str | None = None) -> Cycle:
        """Return what the cycle of a case saw, on the newest recorded schema if none is named.

        Raises `TerraformError` where the cycle failed, and `KeyError` for a case that the cloud does not have.
        """
        tree, major = golden_trees(cloud)[case], major or MAJORS[cloud][0]
        with self._lock:
            future = self._known.get((cloud, case, major))
            mine = future is None
            if future is None:
                future = self._known[cloud, case, major] = Future()
        if mine:
            try:
                future.set_result(self._play(tree, major))
            except BaseException as error:
                future.set_exception(error)
        return future.result()
