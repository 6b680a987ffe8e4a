"""Running checkov, a scanner for insecure settings, on folders of Terraform or Dockerfiles: one process for many.

Each folder is copied under one root, because checkov 3.3 scans the first of several folders again and again.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SKIP = re.compile(r"^[ \t]*#[ \t]*checkov:skip=(?P<check>[A-Z0-9_]+)(?::[ \t]*(?P<reason>.*))?\n", re.MULTILINE)
"""A suppression, as we write it: a line of its own inside of the block, with its reason."""

TIME_LIMIT = 170
"""Seconds."""


@dataclass(frozen=True, order=True)
class Finding:
    """A check that did not pass on a resource. The file is a path below the root, and begins with `/`."""

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
    """What checkov says of all files."""

    passed: int
    failed: frozenset[Finding]
    suppressed: Mapping[Finding, Suppression]
    unread: tuple[str, ...]
    """Files that it could not parse, and so did not check."""
    resources: int

    def __str__(self) -> str:
        """The figures in one line; rates are those without any suppression."""
        found = len(self.failed) + len(self.suppressed)
        return (
            f"{self.resources} resources, {self.passed} passed, {len(self.failed)} failed, "
            f"{len(self.suppressed)} suppressed; before suppressions {self.passed / (self.passed + found):.1%} passed, "
            f"{found / self.resources:.2f} failed per resource"
        )


def gather(root: Path, folders: Mapping[str, Path], *, without_skips: bool = False) -> Path:
    """Copy folders under a root, by their names there; without suppressions, if wanted."""
    for name, folder in folders.items():
        shutil.copytree(folder, root / name)
    if without_skips:
        for path in root.rglob("*"):
            if path.is_file():
                path.write_text(SKIP.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")
    return root


def scan(checkov: Path, root: Path, framework: str) -> Scan:
    """Run checkov on everything under the root, without the network."""
    options = ["--compact", "--skip-download", "--output", "json", "--directory", "."]
    environment = {**os.environ, "LOG_LEVEL": "ERROR"}
    run = subprocess.run(
        [checkov, "--framework", framework, *options],
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
    report = json.loads(run.stdout)
    results = report["results"]
    return Scan(
        passed=report["summary"]["passed"],
        failed=frozenset(_finding(found) for found in results["failed_checks"]),
        suppressed={_finding(found): _suppression(found) for found in results["skipped_checks"]},
        unread=tuple(results["parsing_errors"]),
        resources=report["summary"]["resource_count"],
    )


def _finding(found: Mapping[str, str]) -> Finding:
    return Finding(found["check_id"], found["file_path"], found["resource"])


def _suppression(found: Mapping[str, object]) -> Suppression:
    lines, result = found["file_line_range"], found["check_result"]
    assert isinstance(lines, list)
    assert isinstance(result, dict)
    return Suppression(lines[0], lines[1], str(result.get("suppress_comment") or "").strip())
