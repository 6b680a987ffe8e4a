"""From a stack to all files of its output, in memory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cloudgen.render.errors import RenderError
from cloudgen.render.files import RenderedFile, check_distinct, check_path
from cloudgen.render.formats import format_of
from cloudgen.render.manifest import Entry, load
from cloudgen.render.templates import find_folder, render_template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudgen.stack.base import Stack


def render(stack: Stack, folder: Path | None = None) -> tuple[RenderedFile, ...]:
    """Render all files of a stack, sorted by path; the same stack always gives the same bytes.

    `folder` holds a folder of templates per target; without it cloudgen's own are used. In a template the stack is
    called `stack`. Raises `RenderError`, which is a mistake in cloudgen and not in the spec.
    """
    templates = (folder or find_folder()) / stack.target
    files = [file for entry in load(templates).files for file in _files(entry, stack, templates)]
    check_distinct([file.path for file in files])
    return tuple(sorted(files, key=lambda file: file.path))


def _files(entry: Entry, stack: Stack, templates: Path) -> Iterator[RenderedFile]:
    if entry.when and not _read(stack, entry.when):
        return
    if entry.for_each is None:
        yield _file(entry, str(entry.output), stack, templates, None)
        return
    for item in _read(stack, entry.for_each) or ():  # type: ignore[attr-defined]
        yield _file(entry, str(_read(item, "output")), stack, templates, item)


def _file(entry: Entry, output: str, stack: Stack, templates: Path, item: object) -> RenderedFile:
    form = format_of(check_path(output))
    if entry.template:
        context = {"stack": stack} if entry.item is None else {"stack": stack, entry.item: item}
        text = render_template(templates, entry.template, form, context)
    elif form.dump and entry.data:
        try:
            text = form.dump(_read(stack if item is None else item, entry.data))
        except (RenderError, ValueError) as error:
            raise RenderError(f"{templates.name}/{output}: {error}") from error
    else:
        raise RenderError(f"{output} has no format that data can be dumped in")
    try:
        return RenderedFile(output, form.complete(text), form.executable)
    except RenderError as error:
        raise RenderError(f"{templates.name}/{entry.template}: {error}") from error


def _read(value: object, path: str) -> object:
    """Read a dotted attribute; if a step on the way is None, the result is None."""
    for name in path.split("."):
        if value is None:
            return None
        try:
            value = getattr(value, name)
        except AttributeError as error:
            raise RenderError(f"the manifest names {path}, but {type(value).__name__} has no {name}") from error
    return value
