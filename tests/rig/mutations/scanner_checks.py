"""The checks that read a tree without running it: our own rules, checkov, and the checkers of what is no Terraform."""

from __future__ import annotations

import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from rig.mutations.trees import Tree, excerpts
from rig.scanners import tree as rules
from rig.scanners.aws import blind_spots as blind_spots_aws
from rig.scanners.gcp import blind_spots as blind_spots_gcp
from rig.tools.checkov import gather, scan
from rig.trees.hcl import RenderedBlock, data_sources, local_values, read_tree, resources

RULES = {"aws": blind_spots_aws.RULES, "gcp": blind_spots_gcp.RULES}
"""Our own rules for each cloud."""


def blind_spots(tree: Tree) -> list[str]:
    """Return what our own rules find wrong with a tree."""
    files = [_read(file, text) for file, text in read_tree(tree.folder).items()]
    read = rules.Tree(
        tuple(block for found, _, _ in files for block in found),
        tuple(block for _, found, _ in files for block in found),
        tree.deployment,
        tuple(block for _, _, found in files for block in found),
    )
    return [sentence for rule in RULES[tree.target] for sentence in rule(read)]


@cache
def _read(file: str, text: str) -> tuple[tuple[RenderedBlock, ...], ...]:
    """Read resources, data sources and local values of a file, once for all trees that have the same: it takes long."""
    return tuple(resources(file, text)), tuple(data_sources(file, text)), tuple(local_values(file, text))


def checkov(program: Path, root: Path, trees: Iterable[Tree]) -> Mapping[tuple[str, str], list[str]]:
    """Return what checkov finds, by a tree's name and `before` or `after` the mutation, as `CHECK resource`.

    It sees the files in which a tree has its mutation: to scan whole trees would take minutes.
    """
    folders = {f"{tree.name}/{when}": folder for tree in trees for when, folder in excerpts(tree).items()}
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for result in scan(program, gather(root, folders), "terraform", "dockerfile").values():
        for finding in sorted(result.failed):
            _, name, when, *_ = finding.file.split("/")
            # The resource of a Dockerfile begins with its path.
            resource = finding.resource.removeprefix(f"/{name}/{when}/")
            found[name, when].append(f"{finding.check} {resource}")
        for file in result.unread:
            name, when, *_ = file.lstrip("/").split("/")
            found[name, when].append(f"cannot read {file}")
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
