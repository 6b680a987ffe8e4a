"""A Dockerfile of the repository: its stages, what it runs, and where its paths lie in the repository."""

from __future__ import annotations

import json
import posixpath
import re
from functools import cached_property
from typing import TYPE_CHECKING

from cloudgen.dataclass import dataclass, field
from cloudgen.detect.facts import Fact
from cloudgen.detect.stated.shell import commands, expand, split

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_INSTRUCTION = re.compile(r"\s*([A-Za-z]+)\s+(.*)$", re.DOTALL)


_DEVELOPERS = re.compile(r"\b(dev|devel|development|test|tests|testing|debug|lint)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Instruction:
    """One instruction: its keyword in capitals, its text, the line where it begins."""

    keyword: str
    text: str
    line: int

    def words(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """Return the words of the exec form, or `sh -c` and the text of the shell form."""
        text = re.sub(r"^(--\S+\s+)+", "", self.text.strip())
        if text.startswith("["):
            try:
                return tuple(expand(str(word), values) for word in json.loads(text))
            except ValueError:
                pass
        return ("sh", "-c", text)


@dataclass
class Stage:
    """What stands between two FROM."""

    name: str
    base: str
    line: int
    instructions: list[Instruction] = field(default_factory=list)


@dataclass
class Dockerfile:
    """A parsed Dockerfile; `context` is the folder that it is built with, `target` the stage, `arguments` its args."""

    file: str
    stages: list[Stage]
    arguments: dict[str, str]
    context: str = ""
    target: str | None = None
    given: dict[str, str] = field(default_factory=dict)
    """The arguments that something else than the file itself states."""

    @cached_property
    def chain(self) -> list[Stage]:
        """The stages that make the image, the first base first."""
        by_name = {stage.name.lower(): stage for stage in self.stages if stage.name}
        stage: Stage | None = by_name.get((self.target or "").lower()) or self._last()
        found: list[Stage] = []
        while stage is not None and stage not in found:
            found.insert(0, stage)
            stage = by_name.get(expand(stage.base, self.arguments).lower())
        return found

    def _last(self) -> Stage | None:
        """Return the stage that is built where nobody says which: the last one that is not for developers."""
        listed = [stage for stage in self.stages if not _DEVELOPERS.search(stage.name)] or self.stages
        return listed[-1] if listed else None

    @cached_property
    def used(self) -> list[Stage]:
        """The stages that make the image, and those that it copies from, in the order of the file."""
        names = {stage.name.lower(): stage for stage in self.stages if stage.name}
        found: list[Stage] = []
        pending = [*self.chain]
        while pending:
            stage = pending.pop()
            if stage in found:
                continue
            found.append(stage)
            texts = " ".join(item.text for item in stage.instructions)
            named = [expand(stage.base, self.arguments), *re.findall(r"(?:--from=|,from=)([\w.-]+)", texts)]
            pending += [names[name.lower()] for name in named if name.lower() in names]
            pending += [self.stages[int(name)] for name in named if name.isdigit() and int(name) < len(self.stages)]
        return [stage for stage in self.stages if stage in found]

    @cached_property
    def values(self) -> dict[str, str]:
        """Variables of the image: ARG with a default, ENV."""
        known = dict(self.arguments)
        for instruction in self.of("ARG", "ENV"):
            for name, value in _settings(instruction):
                if instruction.keyword == "ENV" or name not in known:
                    known[name] = expand(value, known)
        return known

    def forget(self) -> None:
        """Forget what was worked out, because target or arguments have changed."""
        for name in ("chain", "used", "values"):
            self.__dict__.pop(name, None)

    def of(self, *keywords: str) -> Iterator[Instruction]:
        """Yield the instructions of a kind, of all stages that make the image."""
        for stage in self.chain:
            yield from (item for item in stage.instructions if item.keyword in keywords)

    def last(self, keyword: str) -> Instruction | None:
        """Return the instruction that wins where there are several."""
        return next(reversed([*self.of(keyword)]), None)

    def place(self, instruction: Instruction) -> str:
        """Return the evidence for an instruction."""
        return f"{self.file}:{instruction.line}"

    def command(self) -> tuple[tuple[str, ...], str] | None:
        """Return the words of ENTRYPOINT and CMD, and the evidence of the latter."""
        entry, command = self.last("ENTRYPOINT"), self.last("CMD")
        if entry and command and command.line < entry.line and not self._same_stage(entry, command):
            command = None
        told = command or entry
        if told is None:
            return None
        words = entry.words(self.values) if entry else ()
        if command:
            stated = command.words(self.values)
            words = (*words, *(split(stated[2]) if entry and stated[:2] == ("sh", "-c") else stated))
        return words, self.place(told)

    def _same_stage(self, one: Instruction, other: Instruction) -> bool:
        return any(one in stage.instructions and other in stage.instructions for stage in self.chain)

    def python(self) -> Fact[str] | None:
        """Return the Python version of the base image."""
        for stage in reversed(self.chain):
            image = expand(stage.base, self.values)
            match = re.search(r"(?:python|uvicorn-gunicorn[\w-]*|uv)[^/]*:(?:.*python)?-?v?(\d\.\d+)", image)
            if match:
                return Fact(match[1], f"{self.file}:{stage.line}")
        return None

    def workdir(self) -> str:
        """Return the folder of the image that the process starts in."""
        folder = "/"
        for instruction in self.of("WORKDIR"):
            folder = posixpath.join(folder, expand(instruction.text.strip().strip("\"'"), self.values))
        return folder

    def user(self) -> Fact[str] | None:
        """Return the user that the image runs as."""
        found = self.last("USER")
        return Fact(expand(found.text.strip(), self.values).partition(":")[0], self.place(found)) if found else None

    def ports(self) -> list[Fact[int]]:
        """Return the ports of EXPOSE."""
        found = []
        for instruction in self.of("EXPOSE"):
            for word in instruction.text.split():
                number = expand(word, self.values).partition("/")[0]
                if number.isdigit():
                    found.append(Fact(int(number), self.place(instruction)))
        return found

    def runs(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Yield the commands of every RUN of the stages that are used, with their evidence."""
        for stage in self.used:
            for instruction in stage.instructions:
                if instruction.keyword == "RUN":
                    text = re.sub(r"^(--\S+\s+)+", "", instruction.text)
                    words = instruction.words(self.values) if text.startswith("[") else ()
                    if words and words[:2] != ("sh", "-c"):
                        yield words, self.place(instruction)
                        continue
                    for command in commands(text, self.values):
                        yield command.words, f"{self.file}:{instruction.line}"

    def repository_path(self, path: str) -> str | None:
        """Return where a path of the image comes from: `/srv/start.sh` is `docker/start.sh` by its COPY."""
        path = posixpath.normpath(posixpath.join(self.workdir(), path))
        best: tuple[int, str] | None = None
        folder = "/"
        for instruction in self.of("WORKDIR", "COPY", "ADD"):
            if instruction.keyword == "WORKDIR":
                folder = posixpath.join(folder, expand(instruction.text.strip(), self.values))
                continue
            for source, target in copies(instruction, folder, self.values):
                inside = path == target or path.startswith(target.rstrip("/") + "/")
                if inside and (best is None or len(target) >= best[0]):
                    rest = path[len(target) :].strip("/")
                    best = len(target), posixpath.normpath(posixpath.join(self.context, source, rest))
        return None if best is None else ("" if best[1] == "." else best[1])


def copies(instruction: Instruction, folder: str, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield source and target of a COPY from the context."""
    if "--from=" in instruction.text:
        return
    text = expand(instruction.text, values)
    words = [word for word in (_json_words(text) or split(text)) if not word.startswith("--")]
    if len(words) < 2:
        return
    *sources, target = words
    goal = posixpath.normpath(posixpath.join(folder, target))
    for source in sources:
        clean = posixpath.normpath(source.lstrip("/") or ".")
        is_folder = target.endswith("/") or target in (".", "./") or len(sources) > 1
        is_file = "." in posixpath.basename(clean) and clean != "."
        yield clean, posixpath.join(goal, posixpath.basename(clean)) if is_folder and is_file else goal


def _json_words(text: str) -> list[str]:
    try:
        found = json.loads(text) if text.strip().startswith("[") else []
    except ValueError:
        return []
    return [str(word) for word in found]


def _settings(instruction: Instruction) -> Iterator[tuple[str, str]]:
    words = split(instruction.text)
    if words and "=" not in words[0]:
        if instruction.keyword == "ENV" and len(words) > 1:
            yield words[0], " ".join(words[1:])
        return
    for word in words:
        name, equals, value = word.partition("=")
        if equals:
            yield name, value


def parse(file: str, text: str) -> Dockerfile:
    """Parse a Dockerfile. Lines that are none of its instructions are passed over."""
    stages: list[Stage] = []
    arguments: dict[str, str] = {}
    for line, logical in _logical_lines(text):
        match = _INSTRUCTION.match(logical)
        if match is None:
            continue
        instruction = Instruction(match[1].upper(), match[2].strip(), line)
        if instruction.keyword == "FROM":
            words = [word for word in instruction.text.split() if not word.startswith("--")]
            if words:
                name = words[2] if len(words) > 2 and words[1].lower() == "as" else ""
                stages.append(Stage(name, words[0], line))
        elif stages:
            stages[-1].instructions.append(instruction)
        elif instruction.keyword == "ARG":
            arguments.update(_settings(instruction))
    return Dockerfile(file, stages, arguments)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    pending, start, heredoc = "", 0, ""
    for number, raw in enumerate(text.splitlines(), 1):
        if heredoc:
            if raw.strip() == heredoc:
                yield start, pending
                pending, start, heredoc = "", 0, ""
            else:
                pending += "\n" + raw
            continue
        if raw.lstrip().startswith("#") or (not raw.strip() and pending):
            continue
        start = start or number
        if match := re.search(r"<<-?[\"']?(\w+)[\"']?\s*$", raw):
            pending, heredoc = pending + raw[: match.start()], match[1]
        elif raw.rstrip().endswith(("\\", "`")):
            pending += raw.rstrip()[:-1] + " "
        else:
            yield start, pending + raw
            pending, start = "", 0
    if pending.strip():
        yield start, pending
