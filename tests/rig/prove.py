"""`make prove`: run any spec through all stages on an imagined cloud, and print what was seen and what was not run.

aws: the real provider on the emulator, and the stand-in with the recorded schema of hashicorp/aws 6. gcp: the
stand-in with the recorded schemas of hashicorp/google 8 and 7. With `--then`, further specs are applied over the first
one, and what each changes is told.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cloudgen import report
from cloudgen.errors import CloudgenError
from cloudgen.pipeline import build, read_spec
from cloudgen.spec.deployment import Deployment
from cloudgen.spec.loader import DocumentError
from rig.emulator.cycle import cycle
from rig.facts import facts_of, look
from rig.real_provider import mirror
from rig.standin.lives import play
from rig.standin.trees import MAJORS
from rig.tools.terraform import Terraform
from rig.tools.toolbox import MissingToolError, Toolbox, terraform
from rig.trees.render import render
from rig.updates.proving import play_in_turn

FINDERS = {"terraform": terraform, "aws-provider": mirror.find_aws_provider}
PROVIDERS = {"aws": "hashicorp/aws", "gcp": "hashicorp/google"}


@dataclass(frozen=True)
class Stage:
    """One way to play a spec through: what it is, and a function that returns what was wrong, a sentence each.

    The function raises `MissingToolError` for what is not to be had here, and AssertionError (`TerraformError`) when
    a step fails.
    """

    title: str
    run: Callable[[], list[str]]


def stages(spec: Path, deployment: Deployment, target: str, box: Toolbox, folder: Path) -> Iterator[Stage]:
    """Yield the ways to play a spec through for a target, the most real one first."""
    if target == "aws":
        yield Stage("the real hashicorp/aws, on an emulated AWS", lambda: _emulated(spec, box, folder / "emulated"))
    for major in MAJORS[target]:
        tree = folder / f"standin-{major}" / target
        title = f"a stand-in with the schema of {PROVIDERS[target]} {major}"
        yield Stage(title, lambda tree=tree, major=major: _imagined(spec, deployment, tree, major))  # type: ignore[misc]


def edits(specs: list[Path], target: str, folder: Path) -> Iterator[Stage]:
    """Yield the ways to play an edit, or several in turn."""
    title = f"{' -> '.join(spec.name for spec in specs)}, on a stand-in for {PROVIDERS[target]}"
    yield Stage(title, lambda: list(play_in_turn(specs, target, folder / "edits")))


def _emulated(spec: Path, box: Toolbox, folder: Path) -> list[str]:
    tools = Terraform(box.find("terraform"), box.find("aws-provider"))
    print("  some minutes, in which the provider mostly waits", flush=True)
    # Applied once more on the stand-in only: it would take as long again, and moto takes DNS records that were deleted
    # from a zone of the user's for ones that exist.
    seen = cycle(spec, folder, tools, spec.name)
    print(f"  {seen}")
    for change in seen.tolerated:
        print(f"  because of the emulator, a second plan changes {change}")
    wrong = [f"a second plan changes {change}" for change in seen.second_plan]
    return wrong + [f"not destroyed: {address}" for address in seen.left]


def _imagined(spec: Path, deployment: Deployment, tree: Path, major: str) -> list[str]:
    render(spec, tree.name, tree)
    balancer = deployment.load_balancer
    zones = [balancer.zone] if balancer is not None and balancer.zone is not None else []
    seen = play(spec, tree, major, zones)
    print(f"  {sum(seen.resources.values())} resources; second plans empty, destroyed, applied again")
    found = {fact.name: look(fact, tree.name, deployment, seen.plans) for fact in facts_of(tree.name)}
    held = [looked.subjects for looked in found.values() if looked.subjects and not looked.wrong]
    print(f"  {len(held)} facts about security and wiring hold, for {sum(held)} things")
    return [f"{name}: {sentence}" for name, looked in found.items() for sentence in looked.wrong]


def run(stage: Stage, target: str) -> bool:
    """Run one stage, and tell how it went. Return whether nothing was wrong; what cannot be run here is not wrong."""
    print(f"{target}: {stage.title}", flush=True)
    try:
        wrong = stage.run()
    except MissingToolError as missing:
        print(f"  NOT RUN: {missing}")
        return True
    except AssertionError as error:
        wrong = [str(error)]
    for sentence in wrong:
        print(f"  WRONG: {sentence}")
    return not wrong


def main(arguments: list[str] | None = None) -> int:
    """Return 0 when nothing is wrong, 1 when something is, 2 when nothing could be run."""
    parser = argparse.ArgumentParser(prog="make prove", description=__doc__)
    parser.add_argument("spec", type=Path)
    parser.add_argument("--target", choices=tuple(MAJORS), default="aws")
    parser.add_argument("--then", type=Path, action="append", default=[], help="a spec that is applied over it")
    options = parser.parse_args(arguments)
    try:
        spec = read_spec(str(options.spec))
        build(spec, options.target)
    except DocumentError as error:
        print(report.render(error.problems, error.document, "text"), end="", file=sys.stderr)
        return 1
    except CloudgenError as error:
        print(error, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="cloudgen-prove-") as name:
        (tools := Path(name, "tools")).mkdir()
        box = Toolbox(FINDERS, tools)
        try:
            box.find("terraform")
            specs = [path.resolve() for path in (options.spec, *options.then)]
            found = (
                edits(specs, options.target, Path(name))
                if options.then
                else stages(specs[0], spec.deployment, options.target, box, Path(name))
            )
            wrong = [stage for stage in found if not run(stage, options.target)]
        except MissingToolError as missing:
            print(missing, file=sys.stderr)
            return 2
        finally:
            box.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
