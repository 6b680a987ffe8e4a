"""Cloud Run's pairs of CPU and memory."""

from __future__ import annotations

import pytest

from cloudgen.stack.gcp.sizes import CLOUD_RUN, cloud_run_size
from rig.parts.gcp import make_foundation, make_runs, told


@pytest.mark.parametrize(
    ("vcpu", "memory", "pair"),
    [
        (0.25, 512, (1, 512)),
        (0.5, 128, (1, 512)),
        (1, 4096, (1, 4096)),
        (1, 4097, (2, 4097)),
        (3, 1024, (4, 2048)),
        (4, 16384, (4, 16384)),
        (4, 20000, (6, 20000)),
        (5, 512, (6, 4096)),
        (8, 32768, (8, 32768)),
        (8, 32769, None),
        (9, 1024, None),
    ],
)
def test_rounded_up_to_a_pair_that_cloud_run_has(vcpu: float, memory: int, pair: tuple[int, int] | None) -> None:
    assert cloud_run_size(vcpu, memory) == pair


def test_a_pair_on_offer_stays_as_it_is() -> None:
    for vcpu, (least, most) in CLOUD_RUN.items():
        assert cloud_run_size(vcpu, most) == (vcpu, most)
        assert cloud_run_size(vcpu, least) == (vcpu, least)


def test_rounding_is_told_where_the_size_stands() -> None:
    foundation = make_foundation("containers: {web: {port: 8000, size: xsmall}, api: {port: 80, size: large}}")
    parts = make_runs(foundation)
    assert (parts["web"].cpu, parts["web"].memory, parts["web"].limits) == (1, 512, {"cpu": "1", "memory": "512Mi"})
    assert parts["api"].limits == {"cpu": "2", "memory": "4Gi"}
    assert told(foundation) == [("rounded-size", "containers.web.size")]
    assert "1 vCPU and 512 MiB" in foundation.problems.found[0].message


def test_too_large_is_an_error() -> None:
    foundation = make_foundation("containers: {web: {port: 8000, cpu: 16, memory: 64Gi}}")
    make_runs(foundation)
    assert told(foundation) == [("no-such-size", "containers.web.cpu")]
    assert foundation.problems.errors
