"""The model of `templates/<target>/manifest.yaml`: which template makes which file, and when."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from cloudgen.render.errors import RenderError

MANIFEST = "manifest.yaml"

# libyaml's parser, where PyYAML was built with it.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

AttributePath = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")]
TemplatePath = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]+([./-][A-Za-z0-9_]+)*\.j2$")]
ItemName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class Entry(BaseModel):
    """One line of the manifest. `when`, `for_each` and `data` name attributes, with dots between them."""

    # Only validated as a part of the manifest, so it needs no validator of its own.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    template: TemplatePath | None = None
    """The template, relative to the manifest's folder."""

    data: AttributePath | None = None
    """Instead of a template: what is dumped as YAML or JSON. With `for_each`, an attribute of the item."""

    output: str | None = None
    """The file that it makes. With `for_each`, every item names its own in `item.output`."""

    when: AttributePath | None = None
    """An attribute of the stack; while it is falsy there is no file."""

    for_each: AttributePath | None = None
    """An attribute of the stack: a sequence, each item of which makes a file."""

    item: ItemName | None = Field(default=None, alias="as")
    """The name that the template knows the item of `for_each` by."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.template is None) == (self.data is None):
            raise ValueError("an entry has either `template` or `data`")
        if (self.output is None) == (self.for_each is None):
            raise ValueError("an entry has either `output` or `for_each`")
        if (self.item is not None) != (self.for_each is not None and self.template is not None):
            raise ValueError("`as` goes with `for_each` and `template`")
        if self.item in {"stack", "loop"}:
            raise ValueError(f"`as: {self.item}` would hide the other {self.item}")
        return self


class Manifest(BaseModel):
    """What a target's templates make."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    files: list[Entry]


def load(folder: Path) -> Manifest:
    """Read the manifest of a folder of templates; raises `RenderError` with the file's name."""
    path = folder / MANIFEST
    shown = f"{folder.name}/{MANIFEST}"
    try:
        return Manifest.model_validate(yaml.load(path.read_text(encoding="utf-8"), _LOADER))  # noqa: S506
    except (OSError, UnicodeDecodeError) as error:
        raise RenderError(f"cannot read {shown}: {error}") from error
    except yaml.YAMLError as error:
        raise RenderError(f"{shown} is not YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise RenderError(f"{shown}: {place}: {first['msg']}") from error
