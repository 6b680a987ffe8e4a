"""Two environments of one project never meet: whatever has a name of its own has another one in each."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
import yaml

from cloudgen.render.tree import render
from cloudgen.spec.loader import loads
from cloudgen.spec.parse import parse
from cloudgen.stack import coordinate_models
from cloudgen.stack.gcp.stack import build

GOLDEN = Path(__file__).parents[2] / "golden"
CASES = sorted(path.parent.name for path in GOLDEN.glob("*/gcp"))
ENVIRONMENTS = ("development", "staging", "production")
BLOCK = re.compile(r'^resource "(google_\w+)" "[\w-]+" \{\n(.*?)^\}', re.M | re.S)
NAMED = re.compile(
    r'^  (?:name|account_id|bucket_id|instance_id|secret_id|repository_id|display_name)\s+= (".*"|\w.*)$', re.M
)
WITHIN = (
    # Named within something that has another name in each environment.
    *("google_kms_crypto_key", "google_sql_database", "google_sql_user", "google_sql_database_instance"),
    # The domain is the user's.
    "google_dns_record_set",
    # Mail addresses and roles may be the same.
    *("google_monitoring_notification_channel", "google_project_service"),
)


def _names(case: str, environment: str) -> set[tuple[str, str]]:
    """Return type and name of what a golden spec makes in an environment, but for the project's audit trail."""
    spec = yaml.safe_load((GOLDEN / case / "cloudgen.yaml").read_text(encoding="utf-8"))
    spec |= {"environment": environment}
    deployment = parse(loads(yaml.safe_dump(spec)), coordinate_models())
    found = set()
    for file in render(build(deployment)):
        if file.path.endswith(".tf") and not file.path.startswith("account/"):
            for kind, body in BLOCK.findall(file.text):
                if kind not in WITHIN and not kind.endswith("_iam_member") and (name := NAMED.search(body)):
                    found.add((kind, name[1]))
    return found


@pytest.mark.parametrize("case", CASES)
def test_no_name_is_that_of_another_environment(case: str) -> None:
    names = {environment: _names(case, environment) for environment in ENVIRONMENTS}
    for one, other in combinations(ENVIRONMENTS, 2):
        same = {(kind, name) for kind, name in names[one] & names[other] if not name.startswith("google_")}
        assert not same
    assert len(names["production"]) > 10
