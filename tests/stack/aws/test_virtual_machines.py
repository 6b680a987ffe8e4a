"""Machines of EC2: which type, what they are told, how many, and what is refused."""

from __future__ import annotations

import pytest

from cloudgen.errors import Problem
from cloudgen.spec.compute import SIZES
from cloudgen.stack.aws.platforms.schedules import unix_cron
from cloudgen.stack.aws.platforms.virtual_machines.ground import Groups
from cloudgen.stack.aws.platforms.virtual_machines.machine import Machines
from cloudgen.stack.aws.regions import REGIONS
from cloudgen.stack.aws.sizes import SYSTEM, machine_type
from cloudgen.stack.aws.stack import AwsStack, build
from rig.parts.aws import HEAD, make_foundation, refused

ON_MACHINES = "compute: {platform: virtual_machines}\n"
WORKER = """
containers:
  worker: {command: [run], connects_to: ["jobs:consume"], scaling: {%s}}
storage: {queues: {jobs: {}}}
"""


def stack(body: str, head: str = HEAD) -> AwsStack:
    return build(make_foundation(f"{ON_MACHINES}{body}", head).deployment)


def group(body: str, head: str = HEAD) -> Machines:
    """The machines of the only container."""
    (found,) = stack(body, head).workloads
    assert isinstance(found, Machines)
    return found


def warned(body: str) -> list[Problem]:
    return list(stack(body).warnings)


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("architecture", ["amd64", "arm64"])
def test_every_size_is_another_machine_in_every_region(region: str, architecture: str) -> None:
    found = [machine_type(region, architecture, *size) for size in SIZES.values()]  # type: ignore[arg-type]
    assert len({each.name for each in found if each}) == len(SIZES)
    for each, (vcpu, memory) in zip(found, SIZES.values(), strict=True):
        assert each is not None
        assert each.vcpu >= vcpu
        assert each.memory * 1024 >= memory + SYSTEM


@pytest.mark.parametrize(
    ("vcpu", "memory", "name"),
    [
        (0.25, 512, "t3.micro"),
        (0.25, 700, "t3.small"),
        (1, 4096, "m7i.large"),
        (2, 9000, "r7i.large"),
        (3, 1024, "m7i.xlarge"),
        (64, 300_000, "r7i.16xlarge"),
        (64, 600_000, None),
    ],
)
def test_the_smallest_machine_that_is_large_enough(vcpu: float, memory: int, name: str | None) -> None:
    found = machine_type("eu-west-1", "amd64", vcpu, memory)
    assert (found and found.name) == name


def test_a_region_without_the_newest_family_has_the_one_before() -> None:
    found = machine_type("ca-west-1", "arm64", 2, 4096)
    assert found is not None
    assert found.names == ("m6g.large",)


def test_what_is_too_large_is_refused_where_it_is_written() -> None:
    body = f"{ON_MACHINES}containers: {{web: {{port: 8000, cpu: 64, memory: 600Gi}}}}"
    assert refused(make_foundation(body)) == [("no-such-size", "containers.web.cpu")]


def test_what_a_stated_size_becomes_is_told_and_a_default_is_not() -> None:
    stated = [each for each in warned("containers: {web: {port: 8000, size: large}}") if "m7i.large" in each.message]
    assert [each.path for each in stated] == [("containers", "web", "size")]
    assert not [each for each in warned("containers: {web: {port: 8000}}") if "t3." in each.message]


def test_spot_may_be_any_type_of_the_size_and_on_demand_is_one() -> None:
    spot = group("containers: {web: {port: 8000, size: large, capacity: spot}}")
    assert spot.spot
    assert spot.type.names == ("m7i.large", "m6i.large", "m5.large")
    assert not group("containers: {web: {port: 8000, capacity: instances}}").spot
    assert group("containers: {web: {port: 8000, architecture: arm64}}").type.name == "t4g.small"


def test_a_machine_is_told_where_secrets_lie_and_never_what_they_are() -> None:
    told = group(
        "containers: {web: {port: 8000, secrets: {KEY: signing-key}, environment: {A: '1', AWS_REGION: mine}}}\n"
        "security: {secrets: {signing-key: {}}}"
    ).settings
    assert told["environment"] == {"AWS_REGION": "mine", "AWS_DEFAULT_REGION": "eu-west-1", "PORT": "8000", "A": "1"}
    assert {name: str(value) for name, value in told["secrets"]["KEY"].items()} == {
        "secret": "aws_secretsmanager_secret.signing_key.arn",
        "version": "aws_secretsmanager_secret_version.signing_key.version_id",
    }


def test_the_container_has_no_privileges() -> None:
    options = group("containers: {web: {port: 8000}}").settings["options"]
    assert {"--cap-drop=ALL", "--security-opt=no-new-privileges", "--user=10001:10001", "--read-only"} <= set(options)
    assert {"--ulimit=core=0", "--log-opt=cache-disabled=true"} <= set(options)
    own = group("containers: {web: {port: 8000, image: 'nginx:1', read_only: false}}").settings["options"]
    assert not [each for each in own if str(each).startswith(("--user", "--read-only", "--tmpfs"))]


@pytest.mark.parametrize("name", ["PATH", "DOCKER_HOST"])
def test_a_secret_cannot_have_the_name_of_what_starts_the_container_reads(name: str) -> None:
    body = f"containers: {{web: {{port: 8000, secrets: {{{name}: k}}}}}}\nsecurity: {{secrets: {{k: {{}}}}}}"
    assert refused(make_foundation(f"{ON_MACHINES}{body}")) == [("reserved-name", f"containers.web.secrets.{name}")]
    assert group(f"containers: {{web: {{port: 8000, environment: {{{name}: /x}}}}}}").settings["environment"][name]


def test_more_than_user_data_holds_is_refused() -> None:
    body = f"containers: {{web: {{port: 8000, environment: {{TEXT: {'x' * 9000}}}}}}}"
    assert refused(make_foundation(f"{ON_MACHINES}{body}")) == [("too-large", "containers.web.environment")]


def test_a_job_is_refused_at_its_schedule_with_the_way_out() -> None:
    body = "containers: {nightly: {command: [run], schedule: {cron: '0 2 * * *', timezone: UTC}}}"
    assert refused(make_foundation(f"{ON_MACHINES}{body}")) == [("unsupported", "containers.nightly.schedule")]
    other = body.replace("nightly: {", "nightly: {platform: containers, ")
    assert [type(each).__name__ for each in stack(other).workloads] == ["Job"]


def test_a_worker_has_no_way_in_and_follows_its_queue() -> None:
    worker = group(WORKER % "max: 5, messages_per_instance: 30")
    assert worker.entry is None
    assert worker.health_check_type == "EC2"
    assert not [rule for one in worker.security_groups for rule in one.ingress]
    messages = next(policy for policy in worker.scaling.policies if policy.name == "messages")
    assert (messages.target, messages.metric) == (30, None)
    assert [query.id for query in messages.queries] == ["messages", "machines", "backlog"]


def test_a_fixed_number_of_machines_has_nothing_that_changes_it() -> None:
    scaling = group("containers: {web: {port: 8000, scaling: {min: 3, max: 3}}}").scaling
    assert (scaling.min, scaling.max, scaling.policies) == (3, 3, ())


def test_schedules_write_limits_and_terraform_then_does_not() -> None:
    plain = group("containers: {web: {port: 8000}}")
    schedules = "[{cron: '0 7 * * 1-7', min: 4}, {cron: '0 8 * * *', min: 2}]"
    timed = group(f"containers: {{web: {{port: 8000, scaling: {{schedules: {schedules}}}}}}}")
    assert [(action.recurrence, action.min, action.max) for action in timed.scaling.schedules] == [
        ("0 7 * * *", 4, -1),
        ("0 8 * * *", 2, -1),
    ]
    assert [str(each) for each in plain.ignored] == ["launch_template[0].version"]
    assert [str(each) for each in timed.ignored][1:] == ["min_size", "max_size"]


@pytest.mark.parametrize(
    ("cron", "written"),
    [("0 7 * * 1-5", "0 7 * * 1-5"), ("0 7 * * 7", "0 7 * * 0"), ("5 1 1 * 5-7", "5 1 1 * 0,5,6")],
)
def test_sunday_is_0_for_a_group(cron: str, written: str) -> None:
    assert unix_cron(cron) == written


def test_a_role_is_that_of_ec2_and_reads_no_parameters_of_the_account() -> None:
    role = group("containers: {web: {port: 8000}}").role
    assert (role.trust.principal, role.trust.conditions, role.managed_policies) == ("ec2.amazonaws.com", (), ())
    assert len({grant.sid for grant in role.grants}) == len(role.grants)
    assert "ssm:GetParameter" not in {action for grant in role.grants for action in grant.actions}


def test_the_key_admits_the_role_that_starts_machines_and_only_where_there_are_some() -> None:
    made = stack("containers: {web: {port: 8000}}")
    assert made.key is not None
    assert len(made.key.users) == 1
    assert build(make_foundation("containers: {web: {port: 8000}}").deployment).key.users == ()  # type: ignore[union-attr]


def test_machines_and_tasks_share_one_deployment() -> None:
    mixed = build(
        make_foundation(
            "containers: {web: {port: 8000, platform: virtual_machines}, worker: {command: [run]}}\n"
            "load_balancer: {domain: shop.example.com}"
        ).deployment
    )
    assert {name: type(ground).__name__ for name, ground in mixed.platforms.kinds.items()} == {
        "containers": "Cluster",
        "virtual_machines": "Groups",
    }
    assert mixed.load_balancer is not None
    (target,) = mixed.load_balancer.target_groups
    assert (target.entry.target_type, target.port) == ("instance", 8000)
    assert isinstance(mixed.platforms.virtual_machines, Groups)
