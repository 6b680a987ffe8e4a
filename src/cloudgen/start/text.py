"""The text of a first spec, and whether a spec can hold what the user said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudgen.errors import CloudgenError, Problem, SpecError
from cloudgen.spec.loader import loads
from cloudgen.spec.parse import parse
from cloudgen.stack import coordinate_models
from cloudgen.start.items import Block, lines

if TYPE_CHECKING:
    from cloudgen.start.answers import Answers

SCHEMA_FILE = "cloudgen.schema.json"
_HEAD = "# What this application needs, on any cloud. `cloudgen explain FIELD` tells what a key means and its default."
_APART = ("targets", "containers", "load_balancer", "storage", "security")


def spec_text(sections: Block, answers: Answers) -> str:
    """Return the text of a spec, sections apart from each other."""
    listed = [f"# yaml-language-server: $schema={SCHEMA_FILE}"] if answers.schema else []
    listed.append(_HEAD)
    for name, item in sections.items():
        if name in _APART:
            listed.append("")
        listed += lines({name: item})
    return "\n".join(listed) + "\n"


def problems(text: str, answers: Answers) -> list[Problem]:
    """Return what `validate` will say. Raises `CloudgenError` where it says it about an answer of the user."""
    try:
        parse(loads(text), coordinate_models())
    except SpecError as error:
        wrong = [problem for problem in error.problems if _is_answer(problem, answers)]
        if wrong:
            told = "; ".join(problem.message + (f" ({problem.hint})" if problem.hint else "") for problem in wrong)
            raise CloudgenError(f"an answer does not fit the spec: {told}") from error
        return list(error.problems)
    return []


def _is_answer(problem: Problem, answers: Answers) -> bool:
    """Whether a problem is about a value that the user stated."""
    if problem.code == "missing-value":
        return False
    keys = {item for item in problem.path if isinstance(item, str)}
    return bool(keys & answers.given()) or (problem.path[:1] == ("name",) and answers.name is not None)
