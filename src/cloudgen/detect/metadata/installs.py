"""What the repository's own install commands choose: extras, groups, a member of a workspace, requirement files."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from cloudgen.dataclass import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cloudgen.detect.facts import Fact

LIVE = frozenset({"prod", "production", "main", "live", "deploy", "deployment", "server", "runtime"})
"""Names of extras and groups that say themselves that they are for production."""


@dataclass
class Chosen:
    """What is installed beside the plain dependencies; each name with the place that says so."""

    extras: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    requirements: dict[str, str] = field(default_factory=dict)
    managers: dict[str, str] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    """Packages that pip installs by their names, as they are written, beside any list."""
    all_extras: str | None = None
    all_groups: str | None = None


def chosen(installs: Iterable[Fact[tuple[str, ...]]]) -> Chosen:
    """Read the install commands of Dockerfiles and platforms."""
    found = Chosen()
    for fact in installs:
        words, where = fact.value, fact.evidence
        program = posixpath.basename(words[0])
        if program.startswith("python") and words[1:3] == ("-m", "pip"):
            program, words = "pip", words[2:]
        if program.startswith("python") and words[1:3] == ("-m", "pipenv"):
            program, words = "pipenv", words[2:]
        if program == "uv" and words[1:2] == ("pip",):
            program, words = "pip", words[1:]
        if not {"install", "sync", "export", "env", "create"} & set(words[1:4]):
            continue
        _read(found, "pip" if program == "pip3" else program, words, where)
    return found


def _read(found: Chosen, program: str, words: tuple[str, ...], where: str) -> None:  # noqa: C901 - one branch an option
    is_tool = (
        program == "pip"
        and all(
            re.match(
                r"(?:install|--?[\w-]+(?:=\S*)?|/\S*|uv|poetry|pipenv|pdm|pip|setuptools|wheel|hatch|virtualenv)(?:[=<>~!].*)?$",
                word,
            )
            for word in words[1:]
        )
        and not any(word in ("-r", "--requirement", "-e", ".") for word in words)
    )
    if not is_tool and program in ("pip", "uv", "poetry", "pdm", "pipenv", "conda", "mamba", "micromamba"):
        found.managers.setdefault("conda" if program in ("mamba", "micromamba") else program, where)
    if program == "pip":
        for word in _named(words):
            found.named.setdefault(word, where)
    for option, value in _options(words):
        names = [name for name in re.split(r"[,\s]+", value) if name]
        if option in ("--extra", "-E", "--extras"):
            found.extras.update(dict.fromkeys(names, where))
        elif option in ("--group", "--with", "-G", "--only-group", "--only"):
            kind = found.extras if program == "pdm" else found.groups
            for name in names:
                kind.setdefault(name, where)
                if program == "pdm":
                    found.groups.setdefault(name, where)
        elif option == "--all-extras":
            found.all_extras = found.all_extras or where
        elif option == "--all-groups":
            found.all_groups = found.all_groups or where
        elif option == "--package":
            found.members.update(dict.fromkeys(names, where))
        elif option in ("-r", "--requirement", "--requirements") and program == "pip":
            found.requirements.setdefault(value, where)
    if program == "pip":
        for word in words:
            if match := re.match(r"(?:\.|[\w./-]*)\[([\w,\s-]+)\]$", word):
                found.extras.update(dict.fromkeys(re.split(r"[,\s]+", match[1]), where))


_TOOLS = frozenset({"uv", "poetry", "pipenv", "pdm", "pip", "pip-tools", "setuptools", "wheel", "hatch", "virtualenv"})
_VALUED = frozenset(
    {"-r", "--requirement", "--requirements", "-c", "--constraint", "-e", "--editable", "-t", "--target", "-i", "-f"}
    | {"--index-url", "--extra-index-url", "--find-links", "--trusted-host", "--prefix", "--root", "--python", "--user"}
)
_PACKAGE = re.compile(r"([A-Za-z][A-Za-z0-9._-]*)(?:\[[\w,.-]*\])?(?:[=<>~!]=?[\w.*,=<>~!]+)?")


def _named(words: tuple[str, ...]) -> Iterator[str]:
    if "install" not in words:
        return
    given = words[words.index("install") + 1 :]
    for before, word in zip(("", *given), given, strict=False):
        match = _PACKAGE.fullmatch(word)
        if match and before not in _VALUED and match[1].lower() not in {*_TOOLS, "build"}:
            yield word


def _options(words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for index, word in enumerate(words):
        if word.startswith("-"):
            name, equals, value = word.partition("=")
            if not equals and re.fullmatch(r"-r\S+", word):
                name, value = "-r", word[2:]
            following = words[index + 1] if index + 1 < len(words) else ""
            yield name, value if equals or value else ("" if following.startswith("-") else following)
