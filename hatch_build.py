"""Compiles the templates when a wheel is built; hatchling calls this, see `tool.hatch.build.targets.wheel.hooks`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TemplateCompiler(BuildHookInterface[Any]):
    """Puts `compiled/<target>` into the wheel, beside the templates that it is made of."""

    PLUGIN_NAME = "custom"

    made: Path | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile to a folder of its own. An editable install renders from the sources, which change."""
        if version == "editable":
            return
        root = Path(self.root)
        # The sources that are packed, whatever else may be installed.
        sys.path.insert(0, str(root / "src"))
        from cloudgen.render.templates import compile_templates

        self.made = Path(mkdtemp(prefix="cloudgen-"))
        for manifest in sorted(root.glob("templates/*/manifest.yaml")):
            compile_templates(manifest.parent, self.made / manifest.parent.name)
        build_data["force_include"][str(self.made)] = "cloudgen/compiled"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove the folder, now that it is packed."""
        if self.made:
            shutil.rmtree(self.made)
