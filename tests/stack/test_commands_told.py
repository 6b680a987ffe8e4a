"""What a container is told and would not do: variables that nothing replaces, a single worker that is doubled."""

from __future__ import annotations

from pathlib import Path

import pytest

from cloudgen.pipeline import build, read_spec

SPEC = """\
version: 1
name: shop
targets: {{aws: {{region: eu-west-1}}, gcp: {{region: europe-west1, project: acme-shop}}}}
containers:
  web: {{port: 8000, connects_to: [main], environment: {{{environment}}}}}
  beat: {{command: [celery, beat], connects_to: [main]{beat}}}
storage: {{databases: {{main: {{}}}}}}
"""


def told(tmp_path: Path, target: str, environment: str = "", beat: str = "") -> dict[str, str]:
    spec = tmp_path / "cloudgen.yaml"
    spec.write_text(SPEC.format(environment=environment, beat=beat), encoding="utf-8")
    return {problem.code: str(problem.hint) for problem in build(read_spec(str(spec)), target).warnings}


@pytest.mark.parametrize("target", ["aws", "gcp", "docker"])
def test_a_variable_within_another_one(target: str, tmp_path: Path) -> None:
    found = told(tmp_path, target, 'DATABASE_URL: "postgresql://${MAIN_USER}:${MAIN_PASSWORD}@${MAIN_HOST}/main"')
    assert "{from: main.url}" in found["not-replaced"]
    assert "not-replaced" not in told(tmp_path, target, 'GREETING: "${name} ${OTHER_HOST} $MAIN"')


@pytest.mark.parametrize("target", ["aws", "gcp", "docker"])
def test_one_worker_that_is_two_for_a_while(target: str, tmp_path: Path) -> None:
    found = told(tmp_path, target, beat=", scaling: {min: 1, max: 1}")
    assert "exactly_one" in found["two-at-a-time"]
    assert "two-at-a-time" not in told(tmp_path, target, beat=", scaling: {min: 1, max: 2}")
    assert "two-at-a-time" not in told(tmp_path, target)
