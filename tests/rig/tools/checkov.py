"""Running checkov, a scanner for insecure settings, on folders of Terraform or Dockerfiles: one process for many.

Each folder is copied under one root, because checkov 3.3 scans the first of several folders again and again.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

SKIP = re.compile(r"^[ \t]*#[ \t]*checkov:skip=(?P<check>[A-Z0-9_]+)(?::[ \t]*(?P<reason>.*))?\n", re.MULTILINE)
"""A suppression, as we write it: a line of its own inside of the block, with its reason."""

TIME_LIMIT = 1200
"""Seconds; a scan takes one or two minutes of computing."""


@dataclass(frozen=True, order=True)
class Finding:
    """A check, and the resource that it looked at. The file is a path below the root, and begins with `/`."""

    check: str
    file: str
    resource: str


@dataclass(frozen=True)
class Suppression:
    """A finding that a comment suppresses: the lines, from 1, of the block that it stands in, and its reason."""

    first: int
    last: int
    reason: str


@dataclass(frozen=True)
class Scan:
    """What checkov says of files, with one of its frameworks."""

    passed: tuple[Finding, ...] = ()
    failed: frozenset[Finding] = frozenset()
    suppressed: Mapping[Finding, Suppression] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    """Files that it could not parse, and so did not check."""

    @property
    def found(self) -> int:
        """How many checks do not pass, before any suppression."""
        return len(self.failed) + len(self.suppressed)

    @property
    def resources(self) -> int:
        """How many resources any check looks at."""
        return len({(one.file, one.resource) for one in (*self.passed, *self.failed, *self.suppressed)})

    @property
    def share(self) -> float:
        """The share of checks that pass, before any suppression."""
        return len(self.passed) / (len(self.passed) + self.found)

    @property
    def each(self) -> float:
        """Findings per resource, before any suppression."""
        return self.found / self.resources

    def __str__(self) -> str:
        figures = f"{len(self.passed)} passed, {len(self.failed)} failed, {len(self.suppressed)} suppressed"
        if not self.resources:
            return figures
        return f"{figures} of {self.resources} resources; before: {self.share:.1%} passed, {self.each:.3f} per resource"

    def within(self, folders: Collection[str]) -> Scan:
        """Return what it says of what lies in these folders below the root."""
        return Scan(
            tuple(one for one in self.passed if _folder(one.file) in folders),
            frozenset(one for one in self.failed if _folder(one.file) in folders),
            {one: why for one, why in self.suppressed.items() if _folder(one.file) in folders},
            tuple(file for file in self.unread if _folder(file) in folders),
        )

    def without(self, accepted: Callable[[str], bool]) -> Scan:
        """Return what it says when suppressions whose reason is accepted count as no findings, and as no passes."""
        kept = {one: why for one, why in self.suppressed.items() if not accepted(why.reason)}
        return replace(self, suppressed=kept)


def gather(root: Path, folders: Mapping[str, Path], *, without_skips: bool = False) -> Path:
    """Copy folders under a root, by their names there; without suppressions, if wanted."""
    for name, folder in folders.items():
        shutil.copytree(folder, root / name)
    if without_skips:
        for path in root.rglob("*"):
            if path.is_file():
                path.write_text(SKIP.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")
    return root


def scan(checkov: Path, root: Path, *frameworks: str) -> dict[str, Scan]:
    """Run checkov on everything under the root, without the network; return what each of its frameworks says."""
    options = ["--compact", "--skip-download", "--output", "json", "--directory", "."]
    environment = {**os.environ, "LOG_LEVEL": "ERROR"}
    run = subprocess.run(
        [checkov, "--framework", *frameworks, *options],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
        check=False,
    )
    # 1: something failed.
    if run.returncode not in {0, 1}:
        raise AssertionError(f"checkov ended with {run.returncode}:\n{run.stdout[-2000:]}{run.stderr[-2000:]}")
    # One report, a list of them, or bare figures: a framework that finds nothing of its own in the files says nothing.
    answer = json.loads(run.stdout)
    reports = answer if isinstance(answer, list) else [answer]
    scans = {report["check_type"]: _scan(report) for report in reports if "check_type" in report}
    return {framework: scans.get(framework, Scan()) for framework in frameworks}


def _scan(report: Mapping[str, Any]) -> Scan:
    results = report["results"]
    return Scan(
        passed=tuple(_finding(found) for found in results["passed_checks"]),
        failed=frozenset(_finding(found) for found in results["failed_checks"]),
        suppressed={_finding(found): _suppression(found) for found in results["skipped_checks"]},
        unread=tuple(results["parsing_errors"]),
    )


def _finding(found: Mapping[str, str]) -> Finding:
    return Finding(found["check_id"], found["file_path"], found["resource"])


def _suppression(found: Mapping[str, object]) -> Suppression:
    lines, result = found["file_line_range"], found["check_result"]
    assert isinstance(lines, list)
    assert isinstance(result, dict)
    return Suppression(lines[0], lines[1], str(result.get("suppress_comment") or "").strip())


def _folder(file: str) -> str:
    return file.lstrip("/").split("/")[0]
