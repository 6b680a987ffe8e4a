"""From a document to a deployment, or to every problem that the document has.

After a failed validation the data is repaired in memory and validated again, so that one run also finds the mistakes
that the first ones hid. What only follows from a repair is not reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cloudgen.dataclass import replace
from cloudgen.errors import MAX_PROBLEMS, Problem, SpecPath, more_problems
from cloudgen.spec import profiles, references, secrecy
from cloudgen.spec.deployment import Deployment, deployment_model
from cloudgen.spec.document import Document
from cloudgen.spec.environment import without_choices
from cloudgen.spec.fields import field_at, keys, shape_at
from cloudgen.spec.loader import DocumentError
from cloudgen.spec.messages import described, problem_of, value_at
from cloudgen.spec.repair import WorkingCopy
from cloudgen.spec.suggest import suggest
from cloudgen.spec.types import StrictModel
from cloudgen.spec.values import places

_MAX_ROUNDS = 40
_MOST_UNKNOWN = 50
"""With more unknown keys in one mapping it is another kind of file: nobody meant one of ours by each of them."""
# What stands in for a required key of the root that is missing or wrong, while the rest is checked.
_PLACEHOLDERS: dict[str, Any] = {"version": "1", "name": "app", "containers": {"app": {}}}


def parse(document: Document, targets: Mapping[str, type[StrictModel]]) -> Deployment:
    """Validate a document against the models, with the coordinates of the given targets.

    Raises `DocumentError`, a `SpecError`, with every problem, those of the loader included, located and in the order
    of the file.
    """
    model = deployment_model(targets)
    parser = _Parser(document, model)
    deployment = parser.run()
    found = [*document.problems, *parser.problems]
    if len(found) > MAX_PROBLEMS:
        found = [*found[:MAX_PROBLEMS], more_problems(document.lines)]
    problems = document.locate(found)
    if deployment is None or problems:
        raise DocumentError(problems, document)
    return deployment


class _Parser:
    """One run over a document."""

    def __init__(self, document: Document, model: type[Deployment]) -> None:
        self._document = document
        self._model = model
        self.problems: list[Problem] = []
        self._secrets: set[SpecPath] = set()
        self._meanings: dict[SpecPath, dict[str, str]] = {}
        self._data = self._with_empty_sections(document.data, ())
        self._copy = WorkingCopy(self._data, document.unreadable)

    def run(self) -> Deployment | None:
        """Validate until nothing new is found; return the deployment when the first round was clean."""
        if not isinstance(self._data, dict):
            self._not_a_mapping()
            return None
        for path in self._document.empty:
            if self._is_full:
                break
            self._refuse_nothing(path)
        self._refuse_secrets()
        deployment = self._validate()
        # Behind an alias there may be the very things that are referred to.
        if not any(len(path) <= 2 for path in self._document.unreadable):
            self._check_references()
        return deployment

    @property
    def _is_full(self) -> bool:
        """Whether there are more problems than are told, so that looking on is for nothing."""
        return len(self.problems) > MAX_PROBLEMS

    def _refuse_secrets(self) -> None:
        for problem in secrecy.check(self._data):
            if self._is_full:
                return
            self._secrets.add(problem.path)
            self._add(problem)

    def _check_references(self) -> None:
        for problem in references.check(self._copy.data(without_dropped=False)):
            if self._is_full:
                return
            path = self._copy.origin(problem.path)
            if not self._is_known(path):
                self._add(replace(problem, path=path))

    def _not_a_mapping(self) -> None:
        if self._document.unreadable or any(problem.code == "alias" for problem in self._document.problems):
            return
        message = "the spec is empty" if self._data is None else "a spec is a mapping of keys to values"
        self._add(Problem("wrong-type", message, hint="begin with `version: 1`; `cloudgen init` writes a whole spec"))

    def _validate(self) -> Deployment | None:
        for _ in range(_MAX_ROUNDS):
            if self._is_full:
                return None
            data = self._copy.data()
            try:
                deployment = self._model.model_validate(profiles.apply(data))
            except ValidationError as failure:
                # Unknown keys first: one may turn out to be the key that another error misses.
                errors = sorted(
                    map(without_choices, failure.errors(include_url=False, include_input=False)),
                    key=lambda error: error["type"] != "extra_forbidden",
                )
                errors = errors[: MAX_PROBLEMS + 1]
            else:
                deployment.remember(frozenset(places(data)))
                return None if self.problems else deployment
            # Errors of one round do not follow from each other, so all are judged before anything is repaired.
            found = [problem_of(error, self._model, data) for error in errors]
            paths = [self._copy.origin(problem.path) for problem in found]
            echoes = [
                self._is_echo(error) or self._is_wrong_guess(one, path)
                for error, one, path in zip(errors, found, paths, strict=True)
            ]
            for error, problem, path, is_echo in zip(errors, found, paths, echoes, strict=True):
                if self._is_renamed(error, path):
                    continue
                if not is_echo:
                    self._add(replace(problem, path=path))
                self._repair(error, path)
        return None

    def _is_renamed(self, error: ErrorDetails, parent: SpecPath) -> bool:
        """Whether a missing key is there after all, under the name of an unknown one."""
        return error["type"] == "missing" and self._copy.is_renamed_to(parent, str(error["loc"][-1]))

    def _is_echo(self, error: ErrorDetails) -> bool:
        """Whether an error only follows from a repair."""
        path = self._copy.origin(error["loc"])
        is_about_whole = error["type"] not in ("missing", "extra_forbidden")
        if path in self._secrets:
            return True  # What it would be else is nobody's question.
        code = error.get("ctx", {}).get("code")
        if code == "missing-key" and self._copy.lost_an_unknown_key(path):
            return True
        return self._copy.is_dropped(path) or (is_about_whole and self._copy.lost_a_child(path))

    def _is_wrong_guess(self, problem: Problem, path: SpecPath) -> bool:
        """Whether an unknown key was taken for one that holds something of another kind."""
        return problem.code == "wrong-type" and self._copy.is_renamed(path)

    def _repair(self, error: ErrorDetails, path: SpecPath) -> None:
        """Change the working copy so that this error does not come again. `path` is that of the problem."""
        if error["type"] == "extra_forbidden":
            meant = self._meant(path)
            self._copy.rename(path, meant) if meant else self._copy.drop(path, is_known=False)
            return
        missing = error["loc"][-1:] if error["type"] == "missing" else ()
        if not path and missing and missing[0] in _PLACEHOLDERS:
            path = missing
        while len(path) > 1 and value_at(self._data, path[:-1]) is None:
            path = path[:-1]
        if len(path) == 1 and path[0] in _PLACEHOLDERS:
            self._copy.fill(path, _PLACEHOLDERS[str(path[0])])
        else:
            self._copy.drop(path)

    def _meant(self, path: SpecPath) -> str | None:
        """The key that an unknown one was meant to be, if it is free."""
        shape = shape_at(self._model, path[:-1])
        siblings = value_at(self._data, path[:-1])
        if shape is None or shape.model is None or not isinstance(siblings, dict):
            return None
        known = keys(shape.model)
        meanings = self._meanings_of(path[:-1], siblings, list(known))
        meant = meanings.get(str(path[-1]))
        rivals = [key for key, other in meanings.items() if key != path[-1] and other == meant]
        return meant if meant and meant not in siblings and not rivals else None

    def _meanings_of(self, path: SpecPath, siblings: dict[str, Any], known: list[str]) -> dict[str, str]:
        """What each unknown key of a mapping was probably meant to be, worked out once for all of them."""
        if path not in self._meanings:
            unknown = [key for key in siblings if key not in known]
            meant = {key: suggest(key, known, surely=True) for key in unknown} if len(unknown) <= _MOST_UNKNOWN else {}
            self._meanings[path] = {key: name for key, name in meant.items() if name}
        return self._meanings[path]

    def _is_known(self, path: SpecPath) -> bool:
        """Whether the place of a reference has a problem already, in itself or, for an item of a list, within."""
        is_part = len(path) > 1 and (isinstance(path[-1], int) or path[-1] == "routes")
        places = [problem.path[: len(path)] if is_part else problem.path for problem in self.problems]
        return path in places

    def _with_empty_sections(self, node: Any, path: SpecPath) -> Any:
        """Take a section whose lines are all commented out for an empty one: `networking:` is `networking: {}`."""
        if node is None and path in self._document.empty:
            shape = shape_at(self._model, path)
            if shape is not None and shape.kind != "scalar":
                return [] if shape.kind == "list" else {}
        if isinstance(node, dict):
            return {key: self._with_empty_sections(value, (*path, key)) for key, value in node.items()}
        if isinstance(node, list):
            return [self._with_empty_sections(value, (*path, index)) for index, value in enumerate(node)]
        return node

    def _refuse_nothing(self, path: SpecPath) -> None:
        """Refuse `port:` with nothing behind it, which would silently mean that there is no port."""
        shape = shape_at(self._model, path)
        if shape is not None and shape.kind == "scalar" and value_at(self._data, path[:-1]) is not None:
            field = field_at(self._model, path)
            meaning = f" {described(field.description)}" if field and field.description else ""
            hint = f"give it a value{meaning}, or remove the line"
            self._add(Problem("missing-value", f"`{path[-1]}` has no value", path, "key", hint))
            self._copy.drop(path)

    def _add(self, problem: Problem) -> None:
        value = value_at(self._data, problem.path)
        if isinstance(value, str) and problem.at == "value" and secrecy.is_secret(problem.path, value):
            hint = problem.hint and secrecy.redact(problem.hint, value)
            problem = replace(problem, message=secrecy.redact(problem.message, value), hint=hint)
        self.problems.append(problem)
