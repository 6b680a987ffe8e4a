"""Any sequence of renders and edits: no edit is lost without force, no stale file stays."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cloudgen.errors import EditedError
from cloudgen.output import apply, plan
from cloudgen.render import RenderedFile

PATHS = st.sampled_from(["a.tf", "b.tf", "sub/c.tf", "sub/deep/d.tf"])
OWN = st.sampled_from(["a_override.tf", "own.tf", "sub/own.tf", "prod.tfvars", "other/x.tf"])
TEXTS = st.sampled_from(["one\n", "two\n", "three\n", ""])


class History(RuleBasedStateMachine):
    """The model: what cloudgen wrote last (`written`), and what must be in the folder now (`present`)."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.written: dict[str, str] = {}
        self.present: dict[str, str] = {}

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def would_lose(self, rendered: dict[str, str]) -> set[str]:
        """The paths where somebody's text is in the way."""
        return {
            path
            for path, text in self.present.items()
            if text != self.written.get(path)
            and text != rendered.get(path)
            and (path in rendered or path in self.written)
        }

    @rule(rendered=st.dictionaries(PATHS, TEXTS), force=st.sampled_from([False, False, True]))
    def render(self, rendered: dict[str, str], force: bool) -> None:
        changes = plan([RenderedFile(path, text) for path, text in rendered.items()], self.folder)
        lost = self.would_lose(rendered)
        assert {change.path for change in changes.conflicts} == lost
        if lost and not force:
            with pytest.raises(EditedError) as caught:
                apply(changes)
            assert {str(self.folder / path) for path in lost} == set(caught.value.files)
            return
        apply(changes, force=force)
        for path in self.written.keys() - rendered.keys():
            self.present.pop(path, None)
        self.present.update(rendered)
        self.written = rendered

    @rule(path=PATHS | OWN, text=TEXTS | st.just("edited\n"))
    def edit(self, path: str, text: str) -> None:
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        self.present[path] = text

    @precondition(lambda self: self.present)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(sorted(self.present)))
        (self.folder / path).unlink()
        del self.present[path]

    @rule()
    def render_the_same_again(self) -> None:
        if any(self.present.get(path) != text for path, text in self.written.items()):
            return
        before = {path: path.stat().st_mtime_ns for path in self.folder.rglob("*")}
        apply(plan([RenderedFile(path, text) for path, text in self.written.items()], self.folder))
        after = {path: path.stat().st_mtime_ns for path in self.folder.rglob("*")}
        if (self.folder / ".cloudgen.json") in before:
            assert after == before

    @invariant()
    def the_folder_is_as_it_must_be(self) -> None:
        found = {
            path.relative_to(self.folder).as_posix(): path.read_text()
            for path in self.folder.rglob("*")
            if path.is_file() and path.name != ".cloudgen.json"
        }
        assert found == self.present


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
