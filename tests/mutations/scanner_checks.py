"""The checks that read a tree without running it: our own rules, checkov, and the checkers of what is no Terraform."""

from __future__ import annotations

import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from mutations.trees import Tree
from scanners import blind_spots as gcp
from support.checkov import gather, scan
from support.hcl import read_tree, resources

FRAMEWORKS = {"docker": "dockerfile"}
"""What checkov is told to look for, where it is not Terraform."""


def blind_spots(tree: Tree) -> list[str]:
    """Return what our own rules find wrong with a tree of Google Cloud."""
    found = tuple(one for file, text in read_tree(tree.folder).items() for one in resources(file, text))
    read = gcp.Tree(found, tree.deployment)
    return [sentence for rule in gcp.RULES for sentence in rule(read)]


def checkov(program: Path, root: Path, trees: Iterable[Tree]) -> Mapping[str, list[str]]:
    """Return what fails in each tree by its name, as `CHECK resource`; one process for each framework."""
    by_framework: dict[str, dict[str, Path]] = defaultdict(dict)
    for tree in trees:
        by_framework[FRAMEWORKS.get(tree.target, "terraform")][tree.name] = tree.folder
    found: dict[str, list[str]] = defaultdict(list)
    for framework, folders in by_framework.items():
        result = scan(program, gather(root / framework, folders), framework)
        for finding in sorted(result.failed):
            found[finding.file.split("/")[1]].append(f"{finding.check} {finding.resource}")
        for file in result.unread:
            found[file.strip("/").split("/")[0]].append(f"cannot be read: {file}")
    return found


def compose(program: Path, tree: Tree) -> list[str]:
    """Return what Docker Compose says of a tree's file, warnings included."""
    run = _run(program, "--file", tree.folder / "compose.yaml", "config", "--quiet")
    return [run.stderr] if run.returncode or "level=warning" in run.stderr else []


def shellcheck(program: Path, tree: Tree) -> list[str]:
    """Return what ShellCheck finds in a tree's scripts."""
    run = _run(program, "--format", "gcc", *sorted(tree.folder.rglob("*.sh")))
    return run.stdout.splitlines()


def hadolint(program: Path, tree: Tree) -> list[str]:
    """Return what hadolint finds in a tree's Dockerfiles."""
    run = _run(program, "--format", "tty", "--no-color", *sorted(tree.folder.rglob("*Dockerfile")))
    return run.stdout.splitlines()


def _run(program: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=120, check=False)
