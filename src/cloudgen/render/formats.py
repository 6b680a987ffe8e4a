"""What the suffix of an output decides: how a value is written, which header the file gets, what is done afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable

from cloudgen.dataclass import dataclass
from cloudgen.render import dockerfile, dump, hcl, markdown, plaintext, svg
from cloudgen.render.align import format_hcl
from cloudgen.render.errors import RenderError
from cloudgen.render.mark import HEADER

# These must stay on the first lines of a script or a Dockerfile.
_DIRECTIVES = re.compile(r"(?:#!.*\n|# *(?:syntax|escape|check) *=.*\n)*")


@dataclass(frozen=True)
class Format:
    """A kind of file. `encode` writes a value of a template, `dump` writes data; a format has one of both."""

    encode: Callable[[object], str] | None = None
    dump: Callable[[object], str] | None = None
    header: bool = True
    finish: Callable[[str], str] | None = None
    executable: bool = False

    def complete(self, text: str) -> str:
        """Put the header on a rendered text and lay it out."""
        if self.header:
            start = _DIRECTIVES.match(text)
            end = start.end() if start else 0
            text = text[:end] + HEADER + text[end:].lstrip("\n")
        return self.finish(text) if self.finish else text


def _tidy(text: str) -> str:
    """Keep at most one blank line, and one newline at the end."""
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


_HCL = Format(hcl.encode, finish=format_hcl)  # type: ignore[arg-type]  # encode refuses what is no HclValue
_DOCKERFILE = Format(dockerfile.encode, finish=_tidy)
_PATTERNS = Format(plaintext.line, finish=_tidy)
_PROGRAM = Format(plaintext.line)
_SHELL = Format(plaintext.shell, finish=_tidy, executable=True)
_MARKDOWN = Format(markdown.encode, header=False, finish=_tidy)
_YAML = Format(dump=dump.to_yaml)
_JSON = Format(dump=dump.to_json, header=False)
_SVG = Format(dump=svg.to_svg, header=False)

# The first that fits counts, so `web.Dockerfile.dockerignore` is a list of patterns.
_BY_SUFFIX = {
    ".tf": _HCL,
    ".dockerignore": _PATTERNS,
    ".gitignore": _PATTERNS,
    "Dockerfile": _DOCKERFILE,
    ".sh": _SHELL,
    ".py": _PROGRAM,
    ".service": _PATTERNS,
    ".mount": _PATTERNS,
    ".md": _MARKDOWN,
    ".yaml": _YAML,
    ".yml": _YAML,
    ".json": _JSON,
    ".svg": _SVG,
}


def format_of(path: str) -> Format:
    """Return the format of an output or, without its `.j2`, of a template; raises `RenderError` for an unknown one."""
    for suffix, form in _BY_SUFFIX.items():
        if path.endswith(suffix):
            return form
    raise RenderError(f"no format is known for {path}")
