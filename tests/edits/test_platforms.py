"""What `render` says where a container changes its platform: only what is true on the cloud."""

from __future__ import annotations

from pathlib import Path

import pytest

from edits.conftest import Life

TARGETS = {"aws": {"region": "eu-west-1"}, "gcp": {"region": "europe-west1", "project": "acme-shop"}}
WEB = "containers.web.platform"
MOVES = (
    "warning[edit-interrupts]: container web: platform {} becomes {}, which interrupts it: requests go to the new one"
)


@pytest.fixture(params=["aws", "gcp"])
def web(request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Life:
    """A service, a function of a queue and a job, rendered once."""
    made = Life(tmp_path, request.param, capsys)
    made.render(
        {
            "version": 1,
            "name": "shop",
            "targets": {request.param: TARGETS[request.param]},
            "containers": {
                "web": {"port": 8000, "build": {"context": "."}},
                "mail": {"build": {"context": "."}, "trigger": {"queue": "jobs"}},
                "nightly": {"build": {"context": "."}, "command": ["run"], "schedule": {"cron": "0 2 * * *"}},
            },
            "load_balancer": {"domain": "shop.example.com"},
            "storage": {"queues": {"jobs": {}}},
        }
    )
    assert made.code == 0, made.said
    return made


def test_a_service_that_becomes_a_function_is_told_where_another_takes_its_place(web: Life) -> None:
    for before, after in (("containers", "functions"), ("functions", "containers")):
        said = web.edit({WEB: after})
        assert web.code == 0, said
        assert (MOVES.format(before, after) in said) == (web.target == "aws")
        assert ("edit-" in said) == (web.target == "aws")


def test_machines_are_others_on_every_cloud(web: Life) -> None:
    for before, after in (("containers", "virtual_machines"), ("virtual_machines", "functions")):
        said = web.edit({WEB: after})
        assert web.code == 0, said
        assert MOVES.format(before, after) in said


def test_what_a_queue_starts_changes_in_place_where_it_may_run_always(web: Life) -> None:
    said = web.edit({"containers.mail.platform": "containers"})
    assert (web.code == 0) == (web.target == "gcp")
    assert "edit-" not in said


def test_a_job_keeps_nobody_waiting(web: Life) -> None:
    said = web.edit({"containers.nightly.platform": "functions"}, remove=("containers.nightly.command",))
    assert web.code == 0, said
    told = (
        "warning[edit-replaces]: container nightly: platform containers becomes functions, which replaces it: the clock"
    )
    assert told in said
    assert "edit-interrupts" not in said
