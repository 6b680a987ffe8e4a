"""Writes the first spec of an application: commented, and valid unless something was not found."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cloudgen.dataclass import dataclass
from cloudgen.errors import OutputError
from cloudgen.pipeline import SPEC_NAMES
from cloudgen.schema import schema_text
from cloudgen.start.text import SCHEMA_FILE, problems, spec_text

if TYPE_CHECKING:
    from pathlib import Path

    from cloudgen.errors import Problem
    from cloudgen.start.answers import Answers
    from cloudgen.start.items import Block


@dataclass(frozen=True)
class Written:
    """The files that were written, and what `validate` will say about the spec."""

    paths: list[Path]
    problems: list[Problem]


def write(folder: Path, sections: Block, answers: Answers, *, force: bool) -> Written:
    """Write cloudgen.yaml, and the schema where it is wanted.

    Raises `OutputError` when a spec exists already (unless `force`) or cannot be written, `CloudgenError` when an
    answer is nothing that a spec can hold.
    """
    texts = {SPEC_NAMES[0]: spec_text(sections, answers)}
    found = problems(texts[SPEC_NAMES[0]], answers)
    if answers.schema:
        texts[SCHEMA_FILE] = schema_text()
    existing = [name for name in (*SPEC_NAMES, *texts) if os.path.lexists(folder / name)]
    if existing and not force:
        raise OutputError(f"{folder / existing[0]} exists already; --force overwrites it")
    paths = [folder / name for name in texts]
    try:
        for path, text in zip(paths, texts.values(), strict=True):
            if path.is_symlink():
                raise OutputError(f"{path} is a symbolic link; remove it first")
            path.write_text(text, "utf-8")
    except OSError as error:
        raise OutputError(f"cannot write {folder}: {(error.strerror or 'unknown reason').lower()}") from error
    return Written(paths, found)
