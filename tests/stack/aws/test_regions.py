"""Regions by table: partition, zones and instance families, held against the packages that know them."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import botocore.session
import pytest

from cloudgen.errors import SpecError
from cloudgen.stack.aws.regions import ELSEWHERE, IAM_NOT_RECORDED, REGIONS
from cloudgen.stack.aws.sizes import EC2, ELASTICACHE, RDS
from cloudgen.stack.aws.stack import build
from cloudgen.stack.aws.storage.access_logs import ACCESS_LOGS, AUDIT
from cloudgen.stack.aws.storage.private_bucket import bucket_name
from rig.parts.aws import HEAD, WEB, make_foundation


def _refused(head: str, body: str = WEB) -> list[str]:
    with pytest.raises(SpecError) as raised:
        build(make_foundation(body, head).deployment)
    return [f"{'.'.join(map(str, problem.path))}: {problem.message}" for problem in raised.value.problems]


def test_regions_are_those_of_botocore() -> None:
    """Those of the commercial partition and of GovCloud; every other one is refused by how it begins."""
    data = botocore.session.get_session().get_component("data_loader").load_data("endpoints")
    for partition in data["partitions"]:
        for region in partition["regions"]:
            if partition["partition"] in {"aws", "aws-us-gov"}:
                assert REGIONS[region].partition == partition["partition"]
            else:
                assert region.startswith(ELSEWHERE), region
    assert set(REGIONS) >= IAM_NOT_RECORDED


def test_where_config_does_not_record_iam_it_is_told() -> None:
    def told(region: str) -> list[str]:
        body = f"{WEB}\nmonitoring: {{audit: true}}\n"
        stack = build(make_foundation(body, HEAD.replace("eu-west-1", region)).deployment)
        return [problem.message for problem in stack.warnings if problem.path == ("monitoring", "audit")]

    assert len(told("eu-south-2")) == 1
    assert told("eu-west-1") == []


def _enums(*names: str) -> dict[str, object]:
    package = find_spec("cfnlint")
    if package is None or package.origin is None:
        pytest.skip("cfn-lint is not installed")
    file = Path(package.origin).parent.joinpath("data", "schemas", "extensions", *names)
    return dict(json.loads(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("region", REGIONS)
def test_families_are_those_of_cfn_lint(region: str) -> None:
    databases = _enums("aws_rds_dbinstance", "dbinstanceclass_enum.json").get(region, {})
    caches = _enums("aws_elasticache_cachecluster", "cachenodetype_enum.json").get(region, {})
    rules = databases["allOf"] if isinstance(databases, dict) else []
    for engine in ("postgres", "mysql"):
        known = [
            str(rule["then"])
            for rule in rules
            if rule["if"]["properties"].get("Engine", {}).get("const") == engine
            or engine in rule["if"]["properties"].get("Engine", {}).get("enum", [])
        ]
        for size in RDS.values():
            lacking = size.name.rpartition(".")[0] in REGIONS[region].missing
            assert lacking is not any(f"'{size.name}'" in text for text in known), size.name
    for node, _ in ELASTICACHE.values():
        lacking = node.rpartition(".")[0] in REGIONS[region].missing
        assert lacking is not (f"'{node}'" in str(caches)), node


@pytest.mark.parametrize("region", REGIONS)
def test_families_of_machines_are_those_of_cfn_lint(region: str) -> None:
    known = _enums("aws_ec2_instance", "instancetype_enum.json").get(region, {})
    offered = set(known["enum"]) if isinstance(known, dict) else set()
    for series in (one for all_of_them in EC2.values() for one in all_of_them):
        for family in series.families:
            lacking = {f"{family}.{size}" for size in series.sizes} - offered
            assert (family in REGIONS[region].missing) is bool(lacking), family


@pytest.mark.parametrize(
    ("region", "says"),
    [
        ("xx-nowhere-9", "AWS has no region xx-nowhere-9 that cloudgen knows"),
        ("eu-west-9", "AWS has no region eu-west-9 that cloudgen knows"),
        ("cn-north-1", "cn-north-1 belongs to another partition"),
        ("us-iso-east-1", "us-iso-east-1 belongs to another partition"),
        ("eusc-de-east-1", "eusc-de-east-1 belongs to another partition"),
    ],
)
def test_regions_that_are_refused(region: str, says: str) -> None:
    (problem,) = _refused(HEAD.replace("eu-west-1", region))
    assert problem.startswith(f"targets.aws.region: {says}")


@pytest.mark.parametrize(
    ("region", "storage", "says"),
    [
        ("ca-west-1", "databases: {orders: {size: small}}", "storage.databases.orders.size: RDS has no db.t4g.small"),
        ("eu-south-1", "databases: {orders: {size: large}}", "storage.databases.orders.size: RDS has no db.m7g.large"),
        (
            "me-south-1",
            "caches: {pages: {size: small}}",
            "storage.caches.pages.size: ElastiCache has no ",
        ),
    ],
)
def test_sizes_that_a_region_lacks(region: str, storage: str, says: str) -> None:
    (problem,) = _refused(HEAD.replace("eu-west-1", region), f"{WEB}\nstorage: {{{storage}}}")
    assert problem.startswith(says)


@pytest.mark.parametrize(
    ("name", "what"),
    [("internal", "load balancers"), ("sg", "security groups"), ("sthree", "buckets"), ("amzn-s3-demo", "buckets")],
)
def test_names_that_begin_as_those_of_aws(name: str, what: str) -> None:
    (problem,) = _refused(HEAD.replace("name: shop", f"name: {name}"), f"{WEB}\nload_balancer: {{}}")
    assert problem == f"name: AWS refuses {what} whose name begins with {name}-"


def test_two_regions_of_an_account_never_meet() -> None:
    """What is named once for all regions of an account, or for the world, has the region in its name."""
    body = f"{WEB}\nstorage: {{buckets: {{assets: {{}}}}, databases: {{orders: {{}}}}}}\nmonitoring: {{audit: true}}"
    names = []
    for region in ("eu-west-1", "us-east-1"):
        stack = build(make_foundation(body, HEAD.replace("eu-west-1", region)).deployment)
        assert stack.bootstrap is not None
        assert stack.bootstrap.state is not None
        assert stack.audit is not None
        buckets = (ACCESS_LOGS, AUDIT, "assets")
        names.append(
            {
                str(stack.bootstrap.state.name),
                *(role.name for role in stack.roles),
                *(str(bucket_name(make_foundation(body, HEAD.replace("eu-west-1", region)), name)) for name in buckets),
                stack.audit.trail.role_name,
                stack.audit.recorder.role_name,
            }
        )
    assert not names[0] & names[1]
