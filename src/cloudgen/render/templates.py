"""Where the templates are, and the Jinja environments that render them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, Undefined

from cloudgen.render.errors import RenderError
from cloudgen.render.formats import Format


def find_folder() -> Path:
    """Return the folder of all targets' templates: in the package (a wheel), else beside `src` (a checkout)."""
    here = Path(__file__).resolve()
    for folder in (here.parents[1] / "templates", here.parents[3] / "templates"):
        if folder.is_dir():
            return folder
    raise RenderError("cloudgen is not installed completely: its templates are missing; install it again")


@cache
def environment(folder: Path, form: Format) -> Environment:
    """Make the environment of one format for a folder; a template is compiled when it is first used."""

    def finalize(value: object) -> str:
        if isinstance(value, Undefined):
            return str(value)  # raises the error that names what is missing
        if form.encode is None:
            raise RenderError("this format is dumped from data and has no templates")
        return form.encode(value)

    made = Environment(  # noqa: S701  # nothing here is HTML; `finalize` escapes by format
        loader=FileSystemLoader(folder),
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
