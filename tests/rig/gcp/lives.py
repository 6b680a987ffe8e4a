"""The specs that live on the real hashicorp/google, and the lives that go on beside each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from cloudgen.pipeline import read_spec
from rig.gcp.life import Report, play
from rig.tools.terraform import Terraform
from rig.trees.cover import fewest
from rig.trees.examples import EXAMPLES
from rig.trees.golden import golden_cases
from rig.trees.render import render, unprotected

SPECS = {**EXAMPLES, **{case.name: case.spec for case in golden_cases("gcp")}}
"""What lives: the examples, and every golden spec."""

OFTEN = fewest({case.name: case.tree("gcp") for case in golden_cases("gcp")})
"""What has every type of resource. Only `make whole` plays the others, which the stand-in always plays."""

AT_ONCE = 5
"""Lives beside each other: each mostly waits for the provider, whose waiting times are fixed."""

Lives = dict[str, Future[Report]]
"""What each life shows, once it is over."""


def live(name: str, spec: Path, folder: Path, terraform: Terraform) -> Report:
    """Play a spec through on a cloud of its own. Raises `TerraformError`."""
    folder.mkdir(parents=True)
    tree, without = folder / "rendered" / "gcp", folder / "unprotected" / "gcp"
    render(spec, "gcp", tree)
    render(unprotected(spec, folder / "unprotected.yaml"), "gcp", without)
    balancer = read_spec(str(spec)).deployment.load_balancer
    zone = balancer.zone if balancer is not None and not balancer.create_zone else None
    return play(name, [tree], folder / "life", terraform, unprotected=without, zones=[zone] if zone else [])


@contextmanager
def playing(wanted: Collection[str], folder: Path, terraform: Terraform) -> Iterator[Lives]:
    """Begin the lives of these specs, some at once; give up at the end those that have not begun."""
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        yield {
            name: pool.submit(live, name, spec, folder / name, terraform)
            for name, spec in SPECS.items()
            if name in wanted
        }
    finally:
        pool.shutdown(cancel_futures=True)
