"""Where the templates are, and the Jinja environments that render them.

Compiling templates takes longer than all the rest of a render, so a wheel brings them compiled to Python modules, too:
`compiled/<target>` beside `templates/<target>`. The sources stay the truth: a checkout has nothing else.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, ModuleLoader, StrictUndefined, TemplateError, Undefined

from cloudgen.render.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import BaseLoader

    from cloudgen.render.formats import Format

SUFFIX = ".j2"
SHARED = "shared/"
"""What templates of several targets include stands in a folder beside theirs, and is named with it."""


def find_folder() -> Path:
    """Return the folder of all targets' templates: in the package (a wheel), else beside `src` (a checkout)."""
    here = Path(__file__).resolve()
    for folder in (here.parents[1] / "templates", here.parents[3] / "templates"):
        if folder.is_dir():
            return folder
    raise RenderError("cloudgen is not installed completely: its templates are missing; install it again")


def compiled_folder(folder: Path) -> Path:
    """Return where the compiled templates of a target's folder are, if there are any."""
    return folder.parent.with_name("compiled") / folder.name


def compile_templates(folder: Path, into: Path) -> None:
    """Compile a target's templates and the shared ones to Python modules. Raises `RenderError` for a wrong one."""

    def later(value: object) -> str:
        """Leave a constant to the render: only there it is known which format it is for."""
        raise RenderError(f"the constant {value!r} has no format yet")

    def own(name: str) -> bool:
        """Leave out what belongs to the targets beside this one."""
        return name.endswith(SUFFIX) and (name.startswith(SHARED) or (folder / name).is_file())

    into.mkdir(parents=True, exist_ok=True)
    try:
        _environment(_sources(folder), later).compile_templates(into, filter_func=own, zip=None, ignore_errors=False)
    except TemplateError as error:
        raise RenderError(f"{folder.name}: {error}") from error


@cache
def environment(folder: Path, form: Format) -> Environment:
    """Make the environment of one format for a folder; a template is loaded or compiled when it is first used."""

    def finalize(value: object) -> str:
        if isinstance(value, Undefined):
            return str(value)  # raises the error that names what is missing
        if form.encode is None:
            raise RenderError("this format is dumped from data and has no templates")
        return form.encode(value)

    compiled = compiled_folder(folder)
    return _environment(ModuleLoader(compiled) if compiled.is_dir() else _sources(folder), finalize)


def _sources(folder: Path) -> FileSystemLoader:
    return FileSystemLoader([folder, folder.parent])


def _environment(loader: BaseLoader, finalize: Callable[[object], str]) -> Environment:
    made = Environment(  # noqa: S701  # nothing here is HTML; `finalize` escapes by format
        loader=loader,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        extensions=[],
    )
    # Templates choose nothing and compute nothing, so they get no tools to do it with.
    made.filters.clear()
    made.tests.clear()
    made.globals.clear()
    return made


def render_template(folder: Path, template: str, form: Format, context: dict[str, Any]) -> str:
    """Render one template. Raises `RenderError` with its name for a mistake in it, or in what it was given."""
    shown = f"{folder.name}/{template}"
    try:
        return environment(folder, form).get_template(template).render(context)
    except RenderError as error:
        raise RenderError(f"{shown}: {error}") from error
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        raise RenderError(f"{shown}{f':{line}' if line else ''}: {error or type(error).__name__}") from error
