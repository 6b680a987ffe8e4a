"""A folder that is rendered again and again, and applied each time with the real hashicorp/google on a fake of Google.

with OnGoogle.opened(folder, terraform) as world:
    world.play(spec)                # applies A
    world.play(other).outcome       # what B changed, by the real provider's plans
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rig.gcp.life import Life, living
from rig.standin.workspace import ZONES
from rig.tools.terraform import Terraform, TerraformError
from rig.updates.imagined import Played
from rig.updates.outcome import Outcome
from rig.updates.rendering import render_over


@dataclass
class OnGoogle:
    """A folder of the target gcp, its modules' working copies, and a faked cloud."""

    folder: Path
    life: Life
    target: str = "gcp"

    @classmethod
    @contextmanager
    def opened(cls, folder: Path, terraform: Terraform, zones: Sequence[str] = ZONES) -> Iterator[OnGoogle]:
        """Start the fake, with an empty cloud in a new folder; stop it, and the provider, at the end."""
        with living(folder / "life", terraform, zones) as life:
            yield cls(folder, life)

    @property
    def tree(self) -> Path:
        """Where cloudgen renders to."""
        return self.folder / "deploy" / self.target

    def play(self, spec: Mapping[str, Any], options: Sequence[str] = ()) -> Played:
        """Render a spec over the folder and apply it, in the order of deploy.sh; plan again.

        Raises `RefusedError` and `TerraformError`, the latter with what the fake refused of late.
        """
        return self._apply(render_over(spec, self.tree, self.target, options))

    def new_images(self) -> Played:
        """Build every image anew and apply the root module with the new digests, as deploy.sh does; plan again."""
        self.life.build_anew()
        return self._apply("")

    def _apply(self, said: str) -> Played:
        try:
            step = self.life.apply(self.tree, only_changed=True)
        except TerraformError as error:
            refused = "\n".join(map(str, self.life.google.plane.refused()[-5:]))
            raise TerraformError(f"{error}\n{refused}") from None
        return Played(Outcome.of(step.plans), Outcome.of(step.second_plans), said, tuple(step.plans))

    def later(self, modules: Sequence[str]) -> tuple[tuple[str, Outcome], ...]:  # noqa: ARG002
        """Nothing: what the fake is asked for is done at once."""
        return ()

    def keep(self) -> Path:
        """Copy everything that an apply changes; return where."""
        kept = self.folder / f"kept-{len(list(self.folder.glob('kept-*')))}"
        shutil.copytree(self.tree.parent, kept / "deploy")
        self.life.keep(kept / "modules")
        return kept

    def back_to(self, kept: Path | None) -> None:
        """Make cloud, states and files what they were; None is the time before anything was applied."""
        shutil.rmtree(self.tree.parent, ignore_errors=True)
        self.life.back_to(kept / "modules" if kept else None)
        if kept:
            shutil.copytree(kept / "deploy", self.tree.parent)
