"""Section `build` of a container: how its image is made."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from cloudgen.spec.package_index import Index
from cloudgen.spec.python_modules import TAKEN
from cloudgen.spec.types import EnvironmentVariableName, FilePath, Line, StrictModel, Text, invalid

DebianPackage = Annotated[Line, Field(pattern=r"^[a-z0-9][a-z0-9+.-]{1,63}$")]
"""A name: lower case letters, digits and + . -
https://www.debian.org/doc/debian-policy/ch-controlfields.html#source
"""

PythonName = Annotated[Line, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$")]
"""A name of a package, extra or group.
https://packaging.python.org/en/latest/specifications/name-normalization/#name-format
"""


class FrontEnd(StrictModel):
    """A front end that node builds before the application is put into the image."""

    folder: FilePath = Field(".", description="Folder of its package.json, relative to the context.")
    node: Literal["20", "22", "24"] = Field("24", description="Version of Node.js.")
    package_manager: Literal["npm", "pnpm", "yarn"] = Field(
        "npm", description="Whose lock pins its packages: package-lock.json, pnpm-lock.yaml or yarn.lock."
    )
    script: Annotated[Line, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9:._-]{0,63}$")] = Field(
        "build",
        description="Script of its package.json that builds it. What it writes, in any folder, is in the image.",
    )


METADATA = ("pyproject.toml", "setup.py")
"""Files of a project that uv installs from, and of which it knows the extras; one of them is beside every setup.cfg.
https://docs.astral.sh/uv/reference/cli/#uv-pip-install
"""
OF_A_DOCKERFILE = frozenset({"context", "dockerfile", "target", "args"})
"""The fields of a build that say how a Dockerfile is used; the others say what stands in the one of cloudgen."""


class Build(StrictModel):
    """How to make the image of a container: by a Dockerfile that cloudgen writes, or by one of your own."""

    context: FilePath = Field(".", description="Folder with the application, relative to the spec.")
    dockerfile: FilePath | None = Field(
        None, description="A Dockerfile of your own, relative to the spec. Beside it stand context, target and args."
    )
    target: Annotated[Line, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$")] | None = Field(
        None, description="Stage of your own Dockerfile that is built. Default: the last one."
    )
    args: dict[EnvironmentVariableName, Line] = Field(
        {}, description="Values of ARG in your own Dockerfile; no secrets, as the image's history shows them."
    )
    python: Literal["3.10", "3.11", "3.12", "3.13", "3.14"] = Field("3.12", description="Python version.")
    package_manager: Literal["pip", "uv", "poetry", "pdm", "pipenv"] = Field(
        "pip",
        description="Whose lock pins the packages: requirements.txt, uv.lock, poetry.lock, pdm.lock or Pipfile.lock.",
    )
    app: Line = Field(
        "main:app",
        description="The ASGI or WSGI application, module:object, or module:factory() for a function that makes it.",
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*:[A-Za-z_][A-Za-z0-9_]*(\(\))?$",
    )
    interface: Literal["asgi", "wsgi"] = Field(
        "asgi",
        description="asgi (FastAPI, Starlette, Django's asgi.py) runs on uvicorn, "
        "wsgi (Flask, Django's wsgi.py) on gunicorn.",
    )
    packages: list[DebianPackage] = Field(
        [], description="Debian packages that the application needs at run time, such as libpq5."
    )
    build_packages: list[DebianPackage] = Field(
        [],
        description="Debian packages needed only while packages are installed, such as git or libldap-dev. "
        "A C compiler is always there, and so are the headers of the best known libraries under `packages`.",
    )
    requirements: list[FilePath] = Field(
        ["requirements.txt"],
        description="Files that pin the packages, for pip; what they refer to is found. pyproject.toml may be one, "
        "and setup.py.",
        min_length=1,
    )
    extras: list[PythonName] = Field([], description="Extras that are installed too (optional dependencies).")
    groups: list[PythonName] = Field(
        [], description="Dependency groups that are installed too; for pipenv, categories of the Pipfile."
    )
    member: PythonName | None = Field(None, description="Member of a uv workspace whose packages are installed.")
    index: Index | None = Field(
        None,
        description="A package index beside PyPI, such as a private one. A lock may name it as well.",
    )
    workdir: FilePath = Field(".", description="Folder that commands start in, relative to the context.")
    python_path: FilePath | None = Field(
        None, description="Folder that modules are imported from, relative to the context; the context and src are too."
    )
    steps: list[Annotated[list[Text], Field(min_length=1)]] = Field(
        [],
        description="Commands after the install, each a program and its arguments, such as "
        "[python, manage.py, collectstatic, --noinput]. They run in workdir, without a shell.",
    )
    front_end: FrontEnd | None = Field(None, description="A front end that node builds first.")

    @field_validator("app")
    @classmethod
    def _module_of_ones_own(cls, app: str) -> str:
        package = app.partition(":")[0].partition(".")[0]
        if package in TAKEN:
            raise invalid(
                "reserved-name",
                f"Python has a module `{package}` of its own, which the server imports before yours",
                "give the package another name, or write app: package.module:object",
            )
        return app

    @model_validator(mode="after")
    def _one_dockerfile(self) -> Build:
        if self.dockerfile is None:
            theirs = [key for key in ("target", "args") if key in self.model_fields_set]
            if theirs:
                raise invalid(
                    "conflict",
                    f"{theirs[0]} is for a Dockerfile of your own, and cloudgen writes this one",
                    f"add dockerfile, or remove {theirs[0]}",
                )
            return self
        ours = sorted(self.model_fields_set - OF_A_DOCKERFILE)
        if ours:
            raise invalid(
                "conflict",
                f"{' and '.join(ours)} would change the Dockerfile that cloudgen writes, and this one is your own",
                f"remove {' and '.join(ours)}, or remove dockerfile",
            )
        return self

    @model_validator(mode="after")
    def _what_the_manager_knows(self) -> Build:
        manager = self.package_manager
        if self.member is not None and manager != "uv":
            raise invalid("conflict", f"{manager} knows no members of a workspace", "remove member")
        if "requirements" in self.model_fields_set and manager != "pip":
            raise invalid(
                "conflict",
                f"{manager} installs from its lock, not from requirements",
                "remove requirements, or write package_manager: pip",
            )
        if self.extras and manager == "pipenv":
            raise invalid("conflict", "a Pipfile has no extras", "name its categories under groups")
        if self.extras and manager == "pip" and not any(path.endswith(METADATA) for path in self.requirements):
            raise invalid(
                "conflict",
                "extras are of a pyproject.toml, and requirements names none",
                "write requirements: [pyproject.toml], or name the file that has these packages",
            )
        return self
