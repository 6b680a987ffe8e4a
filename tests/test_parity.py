"""The parity tables: every field of the spec has an entry on every cloud, and users are told what entries say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel, Field, create_model

from cloudgen import deliver
from cloudgen.errors import SpecError
from cloudgen.pipeline import build, read_spec
from cloudgen.spec.containers import Connection
from cloudgen.spec.deployment import deployment_model
from cloudgen.spec.environment import Value
from cloudgen.spec.loader import loads
from cloudgen.spec.parse import parse
from cloudgen.spec.values import values
from cloudgen.stack import TARGETS, clouds, coordinate_models
from cloudgen.stack.base import Problems
from cloudgen.stack.parity import (
    Parity,
    Table,
    absent,
    approximated,
    by_path,
    check,
    differences,
    exact,
    ignored,
    in_some_cases,
    offered,
    platforms_of,
    status,
    support,
    support_of,
    unsupported,
)
from cloudgen.stack.summary import PARTS
from rig.parity import missing, unknown
from rig.trees.golden import GoldenCase, golden_cases

CLOUDS = sorted(name for name, target in TARGETS.items() if target.parity)
LEVELS = {"exact", "approximated", "ignored", "unsupported"}
MODEL = deployment_model(coordinate_models())


def parity(cloud: str) -> Parity:
    found = TARGETS[cloud].support()
    assert found is not None
    return found


def table(cloud: str) -> Table:
    return parity(cloud).table()


def fields(annotation: Any, path: str = "") -> Iterator[str]:
    """Every leaf of a model, by a walk of its own: through dicts, lists, optionals and annotations."""
    if annotation in (get_args(Connection)[0], get_args(Value)[0]):
        yield path
        return
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from fields(arguments[0], path)
    elif origin in (Union, UnionType):
        for item in arguments:
            if item is not NoneType:
                yield from fields(item, path)
    elif origin is dict:
        inner = list(fields(arguments[1], f"{path}.*"))
        yield from [path] if inner == [f"{path}.*"] else inner
    elif origin is list:
        yield from fields(arguments[0], path)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, info in annotation.model_fields.items():
            yield from fields(info.annotation, f"{path}.{name}".lstrip("."))
    else:
        yield path


def test_there_are_two_clouds_and_docker_is_none() -> None:
    assert {"aws", "gcp"} <= set(CLOUDS)
    assert TARGETS["docker"].support() is None


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_field_has_an_entry(cloud: str) -> None:
    wanted = {key for key in fields(MODEL) if not re.match(rf"targets\.(?!{cloud}\.)", key)}
    assert len(wanted) > 90
    for key in wanted:
        place, held = support_of(table(cloud), key)
        assert place == key or held.level != "exact"
    for platform, held_there in parity(cloud).tables().items():
        assert missing(held_there, MODEL, cloud) == [], platform


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_entry_names_a_field(cloud: str) -> None:
    for platform, held_there in parity(cloud).tables().items():
        assert unknown(held_there, MODEL, cloud) == [], platform


def test_a_new_field_is_missed() -> None:
    grown = create_model("Grown", __base__=MODEL, colour=(dict[str, list[str]], Field({})))
    assert missing(table("aws"), grown, "aws") == ["colour"]
    assert list(fields(grown))[-1] == "colour"


def test_a_wrong_entry_is_found() -> None:
    wrong = {**table("aws"), "networking.color": exact("nice"), "networking.nat": exact("nice", twice=exact("twice"))}
    assert unknown(wrong, MODEL, "aws") == ["networking.color", "networking.nat: twice"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_entries_are_one_sentence_and_fit_a_line(cloud: str) -> None:
    for key, held in table(cloud).items():
        for each in (held, *held.values.values()):
            assert each.level in LEVELS
            assert 3 < len(each.why) <= 120, key
            assert not each.why.endswith("."), key
            assert "\n" not in each.why
        if held.level == "unsupported" and not held.by_case:
            assert f"not supported on {cloud} yet" in held.why or f"cannot be done on {cloud}" in held.why, key


@pytest.mark.parametrize("cloud", CLOUDS)
def test_titles_are_those_of_the_registry(cloud: str) -> None:
    from importlib import import_module

    module, _, _ = str(TARGETS[cloud].parity).partition(":")
    assert TARGETS[cloud].title == import_module(module).TITLE


SPEC = """\
version: 1
name: shop
environment: {environment}
containers:
  web: {{port: 80}}
networking: {{nat: {nat}, flow_logs: {flow_logs}}}
"""


def deployment(nat: str = "per_zone", flow_logs: str = "true", environment: str = "production", more: str = "") -> Any:
    return parse(loads(SPEC.format(nat=nat, flow_logs=flow_logs, environment=environment) + more), coordinate_models())


TABLE: Table = {
    "networking.nat": exact("always", per_zone=approximated("one does it", "be content")),
    "networking.flow_logs": ignored("nobody looks"),
    "networking.zones": ignored("there are none"),
    "networking.private_endpoints": in_some_cases("ignored", "mostly there"),
    "monitoring": unsupported("watching cannot be done", "close your eyes"),
    "scaling.cpu": ignored("it is warm", needs="storage.caches"),
}


def problems(*arguments: str, **named: str) -> list[tuple[str, str, str]]:
    found = Problems()
    check(Parity(TABLE), "Moon", deployment(*arguments, **named), found)
    return [(each.severity, ".".join(map(str, each.path)), each.message) for each in (*found.errors, *found.warnings)]


def test_what_the_user_wrote_is_told_with_its_value() -> None:
    assert problems() == [
        ("warning", "networking.nat", "networking.nat (per_zone) is approximated on Moon: one does it"),
        ("warning", "networking.flow_logs", "networking.flow_logs (true) is ignored on Moon: nobody looks"),
    ]


def test_what_asks_for_nothing_or_is_exact_is_not_told() -> None:
    assert problems("single", "false") == []


def test_defaults_and_profiles_are_not_told_as_warnings_but_in_the_readme() -> None:
    found = list(differences(Parity(TABLE), "Moon", deployment(environment="staging")))
    assert found == ["networking.zones (2) is ignored on Moon: there are none."]
    assert problems(environment="staging") == problems()


def test_unsupported_sections_are_one_error() -> None:
    told = problems("none", "false", more="monitoring: {dashboard: true, logs: {retention: 30d}}\n")
    assert told == [("error", "monitoring", "watching cannot be done")]


def test_a_field_that_needs_something_else_is_told_only_with_it() -> None:
    assert problems("none", "false", more="scaling: {cpu: 50%}\n") == []
    told = problems("none", "false", more="scaling: {cpu: 50%}\nstorage: {caches: {sessions: {}}}\n")
    assert told == [("warning", "scaling.cpu", "scaling.cpu (50%) is ignored on Moon: it is warm")]


def test_the_stack_s_own_warning_replaces_the_sentence() -> None:
    found = Problems()
    check(Parity(TABLE), "Moon", deployment(), found)
    found.warning("approximated", "the only gateway is crater-1", ("networking", "nat"))
    found.warning("ignored", "nothing is looked at", ("networking",))
    assert [each.message for each in found.warnings] == ["the only gateway is crater-1", "nothing is looked at"]


PLATFORMS = Parity(
    {"networking.nat": exact("one for all")},
    {
        "containers": {"scaling.cpu": exact("by the metric"), "containers.*.port": exact("the port")},
        "kubernetes": {"scaling.cpu": approximated("by another metric"), "containers.*.port": ignored("no port")},
    },
)
MIXED = """\
version: 1
name: shop
scaling: {cpu: 50%}
containers:
  web: {port: 80}
  api: {port: 81, platform: kubernetes}
"""


def held(text: str) -> dict[str, tuple[str, str]]:
    made = parse(loads(text), coordinate_models())
    return {
        ".".join(map(str, value.path)): (found.level, found.why)
        for value in values(made)
        if PLATFORMS.says(value.key, platforms_of(value, made)) and value.key != "networking.nat"
        for found in [support(PLATFORMS, value, made)]
    }


def test_a_container_is_judged_by_its_platform_and_a_section_by_all_in_use() -> None:
    assert held(MIXED) == {
        "containers.web.port": ("exact", "the port"),
        "containers.api.port": ("ignored", "no port"),
        "scaling.cpu": ("approximated", "containers: by the metric; kubernetes: by another metric"),
    }
    alone = held(MIXED.replace(", platform: kubernetes", ""))
    assert alone["scaling.cpu"] == ("exact", "by the metric")


def test_an_entry_of_a_section_is_told_once_also_where_another_platform_has_entries_below_it() -> None:
    parity = Parity(
        {},
        {
            "containers": {"containers.*.schedule.cron": exact("by the clock")},
            "virtual_machines": {"containers.*.schedule": unsupported("a job cannot be done on the moon")},
        },
    )
    text = """\
version: 1
name: shop
containers: {nightly: {command: [run], schedule: {cron: "0 2 * * *"}, platform: virtual_machines}}
"""
    found = Problems()
    check(parity, "the moon", parse(loads(text), coordinate_models()), found)
    assert [each.path for each in found.errors] == [("containers", "nightly", "schedule")]


def test_a_field_without_a_place_is_judged_by_the_platforms_in_use() -> None:
    made = parse(loads(MIXED), coordinate_models())
    found = absent(PLATFORMS, "scaling.cpu", made)
    assert (found.level, found.why) == ("approximated", "containers: by the metric; kubernetes: by another metric")
    alone = absent(
        PLATFORMS, "scaling.cpu", parse(loads(MIXED.replace(", platform: kubernetes", "")), coordinate_models())
    )
    assert (alone.level, alone.why) == ("exact", "by the metric")


def test_a_platform_without_an_entry_is_not_offered_and_one_with_an_entry_is() -> None:
    entry = offered("moon", {"containers": "craters", "functions": "gusts"})
    assert {name: each.level for name, each in entry.values.items()} == {
        "functions": "exact",
        "virtual_machines": "unsupported",
        "kubernetes": "unsupported",
    }
    assert entry.values["kubernetes"].hint == "use platform: containers or functions"


def test_status_of_one_deployment() -> None:
    made = deployment()
    found = Problems()
    held = {value.key: value for value in values(made)}
    assert status(Parity(TABLE), held["networking.nat"], made, {}).level == "approximated"
    assert status(Parity(TABLE), held["networking.private_endpoints"], made, {}).level == "exact"
    found.warning("ignored", "there are no endpoints on Tuesday", ("networking", "private_endpoints"))
    told = status(Parity(TABLE), held["networking.private_endpoints"], made, by_path(found.warnings))
    assert (told.level, told.why) == ("ignored", "there are no endpoints on Tuesday")
    below = status(Parity(TABLE), held["monitoring.logs.retention"], made, {})
    assert (below.level, below.place) == ("unsupported", "monitoring")


HEAD = """\
version: 1
name: shop
targets: {aws: {region: eu-west-1}, gcp: {region: europe-west1, project: acme-shop}}
"""
DATABASE = "containers: {web: {port: 80}}\nstorage: {databases: {db: {%s}}}"
JOB = "containers: {job: {image: 'nginx:1', schedule: {cron: '%s'}}}"
SOMETIMES: dict[str, dict[str, str]] = {
    "aws": {
        "scaling.min": "containers: {worker: {image: 'nginx:1'}}\nscaling: {min: 0}",
        "containers.*.scaling.min": "containers: {worker: {image: 'nginx:1', scaling: {min: 0, max: 2}}}",
        "compute.cpu": "compute: {cpu: 3, memory: 6Gi}\ncontainers: {web: {port: 80}}",
        "containers.*.cpu": "containers: {web: {port: 80, cpu: 3, memory: 6Gi}}",
        "containers.*.health_check.path": "containers: {web: {port: 80, health_check: {path: /up}}}",
        "containers.*.health_check.timeout": (
            "containers: {web: {port: 80, health_check: {timeout: 1s}}}\nload_balancer: {domain: shop.example.com}"
        ),
        "containers.*.writable": "containers: {web: {port: 80, writable: ['data:keep']}}",
        "containers.*.schedule.cron": JOB % "0 0 1 * 1",
        "containers.*.schedule.timeout": JOB % "0 0 1 * *",
        "scaling.schedules.cron": "containers: {web: {port: 80}}\nscaling: {schedules: [{cron: '0 0 1 * 1', min: 3}]}",
        "containers.*.scaling.schedules.cron": (
            "containers: {web: {port: 80, scaling: {schedules: [{cron: '0 0 1 * 1', min: 3}]}}}"
        ),
        "storage.databases.*.disk": DATABASE % "disk: 20500Mi",
        "monitoring.logs.retention": "containers: {web: {port: 80}}\nmonitoring: {logs: {retention: 100d}}",
        "monitoring.uptime_checks": "containers: {web: {port: 80}}\nmonitoring: {uptime_checks: true}",
    },
    "gcp": {
        "compute.size": "compute: {size: small}\ncontainers: {web: {port: 80}}",
        "compute.cpu": "compute: {cpu: 0.5, memory: 1Gi}\ncontainers: {web: {port: 80}}",
        "containers.*.size": "containers: {web: {port: 80, size: small}}",
        "containers.*.cpu": "containers: {web: {port: 80, cpu: 3, memory: 6Gi}}",
        "containers.*.user": "containers: {web: {port: 80, image: 'nginx:1', user: 10}}",
        "containers.*.health_check.grace_period": "containers: {web: {port: 80, health_check: {grace_period: 10m}}}",
        "scaling.min": "containers: {worker: {image: 'nginx:1'}}\nscaling: {min: 0}",
        "containers.*.scaling.min": "containers: {worker: {image: 'nginx:1', scaling: {min: 0, max: 2}}}",
        "scaling.requests_per_instance": "containers: {web: {port: 80}}\nscaling: {requests_per_instance: 2000}",
        "containers.*.scaling.requests_per_instance": (
            "containers: {web: {port: 80, scaling: {requests_per_instance: 2000}}}"
        ),
        "containers.*.writable": "containers: {web: {port: 80, writable: ['data:keep']}}",
        "storage.databases.*.size": DATABASE % "size: small",
        "storage.databases.*.disk": DATABASE % "disk: 20500Mi",
        "storage.databases.*.backups.retention": DATABASE % "backups: {retention: 14d}",
        "storage.databases.*.backups.point_in_time": DATABASE % "backups: {point_in_time: false}",
        "monitoring.uptime_checks": "containers: {web: {port: 80}}\nmonitoring: {uptime_checks: true}",
    },
}
SOMETIMES["aws"]["storage.queues.*.ack_deadline"] = (
    "containers: {mail: {trigger: {queue: jobs}}}\nstorage: {queues: {jobs: {ack_deadline: 2m}}}"
)
"""For each field that is exact in most deployments, one in which it is not."""


@pytest.mark.parametrize("cloud", sorted(SOMETIMES))
def test_every_case_is_known(cloud: str) -> None:
    entries = {key for key, held in table(cloud).items() if held.by_case}
    assert entries == {support_of(table(cloud), key)[0] for key in SOMETIMES[cloud]}


@pytest.mark.parametrize(("cloud", "key"), [(cloud, key) for cloud, each in SOMETIMES.items() for key in each])
def test_the_stack_tells_of_its_cases(cloud: str, key: str) -> None:
    made = parse(loads(HEAD + SOMETIMES[cloud][key]), coordinate_models())
    try:
        found = tuple(TARGETS[cloud].build(made).warnings)
    except SpecError as error:
        found = error.problems
    held = [status(parity(cloud), value, made, by_path(found)) for value in values(made) if value.key == key]
    assert [each.level for each in held] == [support_of(table(cloud), key)[1].level]
    assert held[0].why != support_of(table(cloud), key)[1].why


CASES = golden_cases()


@pytest.mark.parametrize("cloud", clouds())
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_errors_and_warnings_of_golden_specs_are_announced(case: GoldenCase, cloud: str) -> None:
    """Whatever is approximated, ignored or refused is so by the table, too."""
    spec = read_spec(str(case.spec))
    try:
        stack = build(spec, cloud)
        found = tuple(stack.warnings)
    except SpecError as error:
        found = error.problems
    announced = {value.path: value for value in values(spec.deployment)}
    for problem in found:
        if problem.code not in {"approximated", "ignored", "capped", "unsupported", "rounded-size", "not-enforced"}:
            continue
        inside = [value for path, value in announced.items() if path[: len(problem.path)] == problem.path]
        levels = [
            support_of(held, value.key)[1]
            for value in inside
            if value.is_leaf
            for held in parity(cloud).tables(platforms_of(value, spec.deployment)).values()
        ]
        assert any(each.level != "exact" or each.values for each in levels), problem


@pytest.mark.parametrize(
    ("case", "cloud"),
    [(case, cloud) for cloud in clouds() for case in golden_cases(cloud)],
    ids=lambda value: getattr(value, "name", value),
)
def test_the_summary_names_what_is_rendered(case: GoldenCase, cloud: str) -> None:
    stack = build(read_spec(str(case.spec)), cloud)
    text = "".join(file.text for file in deliver.rendered(stack))
    assert [row.part for row in stack.summary] == sorted((row.part for row in stack.summary), key=PARTS.index)
    for row in stack.summary:
        assert f'resource "{row.resource}"' in text, row
        assert all(isinstance(value, str) and value for value in row.values.values()), row


def test_both_clouds_speak_of_the_same_things() -> None:
    seen = set()
    for case in (case for case in CASES if case.name in ("reference", "repository")):
        rows = {
            cloud: [(row.part, row.name) for row in build(read_spec(str(case.spec)), cloud).summary]
            for cloud in ("aws", "gcp")
        }
        assert rows["aws"] == rows["gcp"]
        seen |= {part for part, _ in rows["aws"]}
    assert seen == set(PARTS)
