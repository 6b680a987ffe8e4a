"""The whole of `cloudgen init`: read, ask, decide, write, and tell what was found where."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cloudgen.errors import CloudgenError
from cloudgen.start.draft import draft
from cloudgen.start.write import write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cloudgen.detect.application import Application, OwnDockerfile
    from cloudgen.start.answers import Answers
    from cloudgen.start.write import Written

_SHOWN = 6


def run(folder: Path, answers: Answers, source: Path | None, *, force: bool, is_asking: bool) -> Iterator[str]:
    """Write a spec for the application in a folder, or from a file of another tool; yield the lines to tell.

    Raises `CloudgenError` when an answer does not fit the spec, and `OutputError` as `write` does.
    """
    if source is not None:
        from cloudgen.start.imports import sections_of

        imported = sections_of(source, answers)
        written = write(folder, imported.sections, answers, force=force)
        yield from (f"took {line}" for line in imported.taken)
        yield from (f"note: not used: {line}" for line in imported.unused)
        yield from _told(written)
        return
    from cloudgen.detect.application import detect

    application = detect(folder)
    if is_asking and (force or not os.path.lexists(folder / "cloudgen.yaml")):
        from cloudgen.start.questions import ask

        yield from _findings(application)
        answers = ask(application, answers)
        yield from _advice(application, answers)
        own = _own(application, answers)
        yield from _told(write(folder, draft(application, answers, own), answers, force=force))
        return
    own = _own(application, answers)
    written = write(folder, draft(application, answers, own), answers, force=force)
    yield from _findings(application)
    yield from _advice(application, answers)
    yield from _told(written)


def _own(application: Application, answers: Answers) -> OwnDockerfile | None:
    """Return the Dockerfile to use: that which was named, or the one that was found."""
    from cloudgen.detect.application import OwnDockerfile

    if answers.dockerfile is None:
        return None
    if answers.dockerfile == "":
        if application.dockerfile is None:
            raise CloudgenError("--dockerfile: no Dockerfile was found in this folder")
        return application.dockerfile
    name = os.path.normpath(answers.dockerfile).replace(os.sep, "/")
    for own in application.dockerfiles:
        if own.file == name:
            return own
    if application.folder is None or not (application.folder / name).is_file():
        raise CloudgenError(f"--dockerfile: there is no file {answers.dockerfile} in this folder")
    return OwnDockerfile(name, ".", None, {}, None, None, None, serves=True)


def _findings(application: Application) -> Iterator[str]:
    for finding in application.findings:
        yield f"found {finding.what}: {finding.value}  ({finding.evidence})"
    listed = application.passed_over
    if listed:
        more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
        yield f"not looked into: {', '.join(listed[:_SHOWN])}{more}"


def _advice(application: Application, answers: Answers) -> Iterator[str]:
    answered = {
        "build.app": answers.app is not None or answers.dockerfile is not None,
        "health_check.path": answers.health is not None,
        "the image needs one of them": answers.package_manager is not None or answers.dockerfile is not None,
        "--dockerfile": answers.dockerfile is not None,
    }
    for advice in application.advice:
        if not any(is_given and word in advice for word, is_given in answered.items()):
            yield f"note: {advice}"


def _told(written: Written) -> Iterator[str]:
    yield from (f"wrote {path}" for path in written.paths)
    missing = [problem for problem in written.problems if problem.code == "missing-value"]
    for problem in written.problems:
        if problem not in missing:
            hint = f" ({problem.hint})" if problem.hint else ""
            yield f"note: {problem.message}{hint}"
    if missing:
        open_keys = ", ".join(".".join(str(item) for item in problem.path) for problem in missing)
        yield f"note: left open: {open_keys}: fill them in, `cloudgen validate` refuses the spec until then"
    elif not written.problems:
        yield "next: cloudgen validate, then cloudgen render --target aws"
