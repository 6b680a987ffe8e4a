"""The specs that are played through on an emulated AWS, and the cycles that run beside each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from cloudgen.pipeline import read_spec
from rig.emulator.cycle import Report, cycle
from rig.tools.terraform import Terraform
from rig.trees.cover import fewest
from rig.trees.examples import EXAMPLES
from rig.trees.golden import golden_cases


def _is_played(spec: Path) -> bool:
    return not read_spec(str(spec)).deployment.monitoring.uptime_checks


CYCLES = {**EXAMPLES, **{case.name: case.spec for case in golden_cases("aws") if _is_played(case.spec)}}
"""What is played through: the examples, and every golden spec but those with uptime checks.

Their topic is in us-east-1, which the real provider does not find again on moto 5.2.5; the stand-in plays them.
"""

OFTEN = fewest({case.name: case.tree("aws") for case in golden_cases("aws") if case.name in CYCLES})
"""What has every type of resource. Only `make whole` plays the others, which the stand-in always plays."""

FIRST = ("reference", "machines", "functions", "development", "production", "worker-only")
"""What takes longest, and so begins first, or the end is spent waiting for it alone."""

AT_ONCE = 8
"""Cycles beside each other: each mostly waits for the provider, whose waiting times are fixed."""


def _brings_zone(spec: Path) -> bool:
    balancer = read_spec(str(spec)).deployment.load_balancer
    return balancer is not None and balancer.zone is not None and not balancer.create_zone


AGAIN = tuple(name for name, spec in CYCLES.items() if not _brings_zone(spec))
"""What is applied once more after it was destroyed: all but those in a zone that is there before and stays. They would
meet moto's journal of DNS changes, which takes a record that is made, deleted and made for one that exists; on the
stand-in providers they are applied once more, too.
"""

Cycles = dict[str, Future[Report]]
"""What each cycle shows, once it is over."""


@contextmanager
def playing(wanted: Collection[str], folder: Path, terraform: Terraform) -> Iterator[Cycles]:
    """Begin the cycles of these specs, some at once; give up at the end those that have not begun."""
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        yield {
            name: pool.submit(cycle, spec, folder / name, terraform, name, again=name in AGAIN)
            for name, spec in sorted(CYCLES.items(), key=lambda item: item[0] not in FIRST)
            if name in wanted
        }
    finally:
        pool.shutdown(cancel_futures=True)
