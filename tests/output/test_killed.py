"""A run that is killed at any system call leaves whole files, and the next run needs no help."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cloudgen.errors import OutputError
from cloudgen.output import apply, plan
from cloudgen.render import RenderedFile

FIRST = {"a.tf": "a1\n", "b.tf": "b1\n", "sub/c.tf": "c1\n", "gone/d.tf": "d1\n", "same.tf": "same\n"}
SECOND = {"a.tf": "a2\n", "b.tf": "b2\n", "sub/c.tf": "c2\n", "new/e.tf": "e2\n", "same.tf": "same\n"}
THIRD = {"a.tf": "a3\n", "sub/c.tf": "c3\n", "same.tf": "same\n"}
CALLS = ("open", "replace", "unlink", "mkdir", "rmdir", "fsync")


def write(folder: Path, files: dict[str, str]) -> None:
    apply(plan([RenderedFile(path, text) for path, text in files.items()], folder))


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".cloudgen.json"
    }


def folders(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_dir()}


def killed_at(call: int, folder: Path, files: dict[str, str]) -> bool:
    """Render in a child process that dies at its n-th system call; tell whether it came that far."""
    child = os.fork()
    if child == 0:
        try:
            _die_at(call)
            write(folder, files)
            os._exit(0)
        except BaseException:
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 9)
    return code == 9


def _die_at(call: int) -> None:
    calls = 0

    def dying(real: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == call:
                os._exit(9)
            return real(*arguments, **named)

        return wrapper

    for name in CALLS:
        setattr(os, name, dying(getattr(os, name)))
    os.supports_dir_fd.add(os.open)


def check_whole(folder: Path, *renders: dict[str, str]) -> None:
    for path, text in tree(folder).items():
        if not path.rpartition("/")[2].startswith(".cloudgen-"):
            assert text in {files.get(path) for files in renders}


def test_killed_anywhere_then_rendered_again(tmp_path: Path) -> None:
    start = tmp_path / "start"
    write(start, FIRST)
    for call in range(1, 500):
        for retry in (SECOND, THIRD, FIRST):
            folder = tmp_path / "run"
            shutil.copytree(start, folder)
            killed = killed_at(call, folder, SECOND)
            check_whole(folder, FIRST, SECOND)
            write(folder, retry)
            assert {path for path in tree(folder) if ".cloudgen-" not in path} == set(retry)
            assert {path: tree(folder)[path] for path in retry} == retry
            assert folders(folder) == {path.rpartition("/")[0] for path in retry if "/" in path}
            shutil.rmtree(folder)
        if not killed:
            assert call > 40  # it has been killed at all those calls
            return
    pytest.fail("the run never came to its end")


def test_killed_twice_with_other_content_each_time(tmp_path: Path) -> None:
    start = tmp_path / "start"
    write(start, FIRST)
    for first in range(20, 60, 3):
        for second in range(20, 60, 5):
            folder = tmp_path / "run"
            shutil.copytree(start, folder)
            killed_at(first, folder, SECOND)
            killed_at(second, folder, THIRD)
            check_whole(folder, FIRST, SECOND, THIRD)
            write(folder, {**FIRST, "a.tf": "a4\n"})
            assert tree(folder) == {**FIRST, "a.tf": "a4\n"}
            shutil.rmtree(folder)


@pytest.mark.parametrize("failing", range(1, 7))
def test_a_rename_that_fails_is_told_and_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    write(tmp_path, FIRST)
    calls = 0
    real = os.replace

    def fail(*arguments: Any, **named: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == failing:
            raise OSError(5, "Input/output error")
        real(*arguments, **named)

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OutputError, match="Input/output error"):
        write(tmp_path, SECOND)
    monkeypatch.undo()
    check_whole(tmp_path, FIRST, SECOND)
    assert not [path for path in tree(tmp_path) if ".cloudgen-" in path]
    write(tmp_path, SECOND)
    assert tree(tmp_path) == SECOND
    assert folders(tmp_path) == {"sub", "new"}
