"""Sizes, tasks, services, the load balancer and scaling: the decisions, not the text."""

from __future__ import annotations

import pytest

from cloudgen.stack.aws.entrance.dns import dns
from cloudgen.stack.aws.platforms.containers.services import Service
from cloudgen.stack.aws.sizes import FARGATE, fargate_size
from cloudgen.stack.aws.stack import build
from rig.parts.aws import HEAD, WEB, make_balancer, make_foundation, make_services, make_tasks


@pytest.mark.parametrize(
    ("vcpu", "memory", "size"),
    [
        (0.25, 512, (256, 512)),
        (0.1, 100, (256, 512)),
        (0.25, 1500, (256, 2048)),
        (0.25, 3000, (512, 3072)),
        (0.5, 512, (512, 1024)),
        (1, 2048, (1024, 2048)),
        (1.5, 2048, (2048, 4096)),
        (3, 8192, (4096, 8192)),
        (8, 16384, (8192, 16384)),
        (8, 17000, (8192, 20480)),
        (1, 64 * 1024, (16384, 64 * 1024)),
        (16, 120 * 1024, (16384, 120 * 1024)),
    ],
)
def test_sizes_are_rounded_up(vcpu: float, memory: int, size: tuple[int, int]) -> None:
    assert fargate_size(vcpu, memory) == size
    assert size[1] in FARGATE[size[0]]


@pytest.mark.parametrize(("vcpu", "memory"), [(17, 1024), (1, 121 * 1024)])
def test_there_is_a_largest_size(vcpu: float, memory: int) -> None:
    assert fargate_size(vcpu, memory) is None


def test_rounding_is_told() -> None:
    foundation = make_foundation("containers: {web: {port: 8000, cpu: 1, memory: 900Mi}}")
    (task,) = make_tasks(foundation)
    assert (task.cpu, task.memory) == (1024, 2048)
    (problem,) = foundation.problems.warnings
    assert problem.code == "rounded-size"
    assert "1 vCPU and 2048 MiB" in problem.message


def test_a_task_has_two_roles_and_they_differ() -> None:
    (task,) = make_tasks(make_foundation(WEB))
    assert task.execution_role.label == "web_execution"
    assert task.task_role.label == "web_task"
    assert task.task_role.grants == ()
    assert {grant.sid for grant in task.execution_role.grants} == {"AuthorizeAtRegistry", "PullImage", "WriteLogs"}


@pytest.mark.parametrize(
    ("image", "pulls"),
    [("nginx:1.29", False), ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web:1", True)],
)
def test_only_ecr_needs_permission_to_pull(image: str, pulls: bool) -> None:
    (task,) = make_tasks(make_foundation(f'containers: {{web: {{port: 80, image: "{image}"}}}}'))
    grants = {grant.sid: grant for grant in task.execution_role.grants}
    assert ("PullImage" in grants) == pulls
    if pulls:
        assert grants["PullImage"].resources == ["arn:aws:ecr:eu-west-1:111122223333:repository/team/web"]


@pytest.mark.parametrize(
    ("container", "user"),
    [
        ("{port: 80}", "10001:10001"),
        ("{port: 80, image: nginx}", None),
        ("{port: 80, image: nginx, user: 101}", "101:101"),
    ],
)
def test_the_user_is_numeric_where_it_is_known(container: str, user: str | None) -> None:
    (task,) = make_tasks(make_foundation(f"containers: {{web: {container}}}"))
    assert task.container_definitions[0].get("user") == user


def test_a_container_that_writes_has_no_volume() -> None:
    (task,) = make_tasks(make_foundation("containers: {web: {port: 80, image: nginx, read_only: false}}"))
    assert not task.scratch
    assert "mountPoints" not in task.container_definitions[0]
    assert task.container_definitions[0]["readonlyRootFilesystem"] is False


def test_a_service_waits_for_all_that_ties_its_targets_to_the_balancer() -> None:
    foundation = make_foundation(
        """
containers: {site: {port: 8000}, api: {port: 9000}, worker: {command: [run]}}
load_balancer: {domain: shop.example.com, routes: [{path: /, container: site}, {path: /api, container: api}]}
"""
    )
    balancer, services = make_services(foundation)
    assert balancer is not None
    before = {service.name: [str(address) for address in service.before] for service in services}
    assert before["site"][0] == "aws_lb_listener.https"
    assert "aws_lb_listener_rule.path_api" in before["api"]
    assert not any("aws_lb" in address for address in before["worker"])
    assert {service.name: service.grace_period for service in services} == {"site": 60, "api": 60, "worker": None}


def test_longer_paths_come_first() -> None:
    foundation = make_foundation(
        """
containers: {site: {port: 8000}, api: {port: 9000}}
load_balancer:
  routes: [{path: /, container: site}, {path: /api, container: api}, {path: /api/admin/, container: site}]
"""
    )
    balancer = make_balancer(foundation)
    assert balancer is not None
    first, second = sorted(balancer.rules, key=lambda rule: rule.priority)
    assert first.patterns == ("/api/admin", "/api/admin/*")
    assert second.patterns == ("/api", "/api/*")
    assert str(balancer.default_target) == "aws_lb_target_group.site"


def test_without_a_domain_there_is_plain_http_and_a_warning() -> None:
    foundation = make_foundation(f"{WEB}\nload_balancer: {{}}")
    balancer = make_balancer(foundation)
    assert balancer is not None
    assert not balancer.https
    assert str(balancer.listener) == "aws_lb_listener.http"
    assert dns(foundation) is None
    assert [problem.code for problem in foundation.problems.warnings] == ["plain-http"]


def test_tls_can_be_switched_off() -> None:
    foundation = make_foundation(f"{WEB}\nload_balancer: {{domain: shop.example.com, tls: none}}")
    balancer, domain = make_balancer(foundation), dns(foundation)
    assert balancer is not None
    assert not balancer.https
    assert domain is not None
    assert not domain.certificate


def test_a_service_that_nobody_reaches_is_told() -> None:
    foundation = make_foundation(WEB)
    assert make_balancer(foundation) is None
    assert [problem.code for problem in foundation.problems.warnings] == ["unreachable"]


def test_requests_are_counted_by_the_minute() -> None:
    foundation = make_foundation(
        "containers: {web: {port: 80, scaling: {requests_per_instance: 50}}}\nload_balancer: {}"
    )
    _, (service,) = make_services(foundation)
    assert service.scaling is not None
    assert [(policy.name, policy.target) for policy in service.scaling.policies] == [("cpu", 60.0), ("requests", 3000)]


def test_a_fixed_number_of_tasks_does_not_scale() -> None:
    _, (service,) = make_services(make_foundation("containers: {web: {port: 80, scaling: {min: 3, max: 3}}}"))
    assert service.scaling is None
    assert service.desired_count == 3


def test_a_containers_limit_moves_the_sections_limit_out_of_its_way() -> None:
    _, (service,) = make_services(make_foundation("containers: {web: {port: 80, scaling: {min: 15}}}"))
    assert service.scaling is None
    assert service.desired_count == 15


def test_spot_runs_on_spot() -> None:
    (task,) = make_tasks(
        make_foundation("compute: {capacity: spot, architecture: arm64}\ncontainers: {web: {port: 80}}")
    )
    assert (task.capacity_provider, task.architecture) == ("FARGATE_SPOT", "ARM64")


@pytest.mark.parametrize(("region", "partition"), [("eu-west-1", "aws"), ("us-gov-west-1", "aws-us-gov")])
def test_arns_name_the_partition_of_the_region(region: str, partition: str) -> None:
    stack = build(make_foundation(WEB, HEAD.replace("eu-west-1", region)).deployment)
    assert stack.account.partition == partition
    pull = next(grant for grant in stack.roles[0].grants if grant.sid == "PullImage")
    assert str(pull.resources[0].parts[0]).startswith(f"arn:{partition}:ecr:{region}:")  # type: ignore[union-attr]


def test_without_an_account_terraform_asks_whose_credentials_they_are() -> None:
    stack = build(make_foundation(WEB, "version: 1\nname: shop\ntargets: {aws: {region: eu-west-1}}\n").deployment)
    assert not stack.account.stated
    assert stack.backend is not None
    assert stack.backend.partial


def test_local_state_needs_no_backend() -> None:
    stack = build(make_foundation(f"{WEB}\nstate: {{backend: local}}").deployment)
    assert stack.backend is None


@pytest.mark.parametrize(
    ("container", "told"),
    [
        ("{port: 80}", True),
        ("{port: 1023, image: 'nginx:1.29', user: 101}", True),
        ("{port: 80, image: 'nginx:1.29'}", False),
        ("{port: 1024}", False),
    ],
)
def test_a_port_for_root_alone_is_told(container: str, told: bool) -> None:
    warnings = build(make_foundation(f"containers: {{web: {container}}}").deployment).warnings
    found = [each.path for each in warnings if "for root" in each.message]
    assert found == ([("containers", "web", "port")] if told else [])


def test_a_worker_follows_the_messages_that_wait_in_its_queue() -> None:
    body = (
        'containers: {worker: {command: [run], connects_to: ["jobs:consume"], '
        "scaling: {max: 5, messages_per_instance: 30}}}\n"
        "storage: {queues: {jobs: {}}}"
    )
    (worker,) = build(make_foundation(body).deployment).workloads
    assert isinstance(worker, Service)
    assert worker.scaling
    messages = worker.scaling.policies[-1]
    assert (messages.name, messages.target, messages.metric) == ("messages", 30, None)
    assert [query.id for query in messages.queries] == ["messages", "tasks", "backlog"]
    assert messages.queries[1].metric
    assert messages.queries[1].metric.name == "RunningTaskCount"
    assert worker.given.scaling
    assert worker.given.scaling.values["messages"] == "30 waiting, each task"
