"""Tests of the writer do not wait for the disk; `test_durability.py` looks at what reaches it, and when."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest


def _unsynced(descriptor: int) -> None:
    """Fail as `os.fsync` does for a closed descriptor, and do no more."""
    os.fstat(descriptor)


@pytest.fixture(autouse=True, scope="module")
def no_wait_for_the_disk() -> Iterator[None]:
    """Replace `os.fsync`: what these tests look at is in the memory of the kernel, where every process finds it."""
    patch = pytest.MonkeyPatch()
    patch.setattr(os, "fsync", _unsynced)
    yield
    patch.undo()
