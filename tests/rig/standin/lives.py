"""The lives of golden trees on the stand-in providers, each lived once in a test run, however many tests look at it."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from rig.standin.life import Life, live
from rig.standin.trees import MAJORS, golden_trees, variables_for
from rig.standin.workspace import ZONES
from rig.trees.render import render, unprotected

AT_ONCE = 2
"""Cycles beside each other: unlike those with the real provider, they do not wait but work."""


def play(spec: Path, tree: Path, major: str, zones: Sequence[str] = ZONES) -> Life:
    """Play a spec's tree through, destroyed as its README tells, and applied once more. Raises `TerraformError`.

    The tree's folder has the name of the target. `zones` are the domains whose zones the cloud has already.
    """
    with tempfile.TemporaryDirectory(prefix="unprotected-") as name:
        render(unprotected(spec, Path(name, "cloudgen.yaml")), tree.name, Path(name, "tree"))
        return live(tree, major, variables_for(tree), unprotected=Path(name, "tree"), again=True, zones=zones)


def play_golden(tree: Path, major: str) -> Life:
    """Play a golden tree through. Raises `TerraformError`."""
    return play(tree.parent / "cloudgen.yaml", tree, major)


class Lives:
    """What cycles of golden trees saw, by cloud, case and major version of the provider's schema.

    A cycle runs when it is first asked for, or begun; a second test gets the same report, or the same error.
    """

    def __init__(self, play: Callable[[Path, str], Life] = play_golden) -> None:
        self._play = play
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str, str], Future[Life]] = {}

    def begin(self, cloud: str, case: str, major: str | None = None) -> Future[Life]:
        """Let a cycle run while other tests do, on the newest recorded schema if none is named.

        Raises `KeyError` for a case that the cloud does not have.
        """
        tree, major = golden_trees(cloud)[case], major or MAJORS[cloud][0]
        with self._lock:
            if (cloud, case, major) not in self._known:
                self._known[cloud, case, major] = self._pool.submit(self._play, tree, major)
            return self._known[cloud, case, major]

    def of(self, cloud: str, case: str, major: str | None = None) -> Life:
        """Return what the cycle of a case saw. Raises `TerraformError` where it failed, and `KeyError` as `begin`."""
        return self.begin(cloud, case, major).result()

    def close(self) -> None:
        """Give up the cycles that have not begun."""
        self._pool.shutdown(cancel_futures=True)
