"""Databases: classes, disks, engines, protection, and what RDS cannot do."""

from __future__ import annotations

import pytest

from cloudgen.render.hcl import encode
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.secrets import value_from
from cloudgen.stack.aws.sizes import RDS
from cloudgen.stack.aws.storage.database import Database
from cloudgen.stack.aws.storage.database import decide as databases
from rig.parts.aws import HEAD, make_foundation, refused

CONTAINERS = "containers: {web: {port: 8000, connects_to: [orders-db]}, worker: {}}"


def database_foundation(settings: str = "", rest: str = "") -> Foundation:
    return make_foundation(f"{CONTAINERS}\nstorage: {{databases: {{orders-db: {{{settings}}}}}}}\n{rest}")


def make_database(settings: str = "", rest: str = "") -> Database:
    (database,) = databases(database_foundation(settings, rest))
    return database


def warnings(settings: str) -> list[tuple[str, tuple[str | int, ...]]]:
    foundation = database_foundation(settings)
    databases(foundation)
    assert not foundation.problems.errors
    return [(problem.code, problem.path[3:]) for problem in foundation.problems.warnings]


def test_every_size_has_a_class() -> None:
    for size, instance_class in RDS.items():
        assert make_database(f"size: {size}").instance_class == instance_class


@pytest.mark.parametrize(
    ("settings", "family", "port"),
    [
        ("engine: postgres", "postgres18", 5432),
        ('engine: postgres, version: "14"', "postgres14", 5432),
        ("engine: mysql", "mysql8.4", 3306),
        ('engine: mysql, version: "8.0"', "mysql8.0", 3306),
    ],
)
def test_engines(settings: str, family: str, port: int) -> None:
    database = make_database(settings)
    assert (database.family, database.endpoint.port) == (family, port)


def test_parameter_group_prefix_has_no_dot() -> None:
    assert make_database("engine: mysql").parameter_group_prefix == "shop-prod-orders-db-mysql84-"


@pytest.mark.parametrize("engine", ["postgres", "mysql"])
def test_connections_without_tls_are_refused(engine: str) -> None:
    parameters = {parameter.name: parameter for parameter in make_database(f"engine: {engine}").parameters}
    enforced = parameters["rds.force_ssl" if engine == "postgres" else "require_secure_transport"]
    assert (enforced.value, enforced.apply_method) == ("1", "pending-reboot")


@pytest.mark.parametrize(
    ("disk", "start", "largest"),
    [("20Gi", 20, 200), ("50Gi", 50, 500), ("16Ti", 16384, 65536), ("20481Mi", 21, 210)],
)
def test_disk_grows_tenfold_within_the_limit(disk: str, start: int, largest: int) -> None:
    database = make_database(f"disk: {disk}")
    assert (database.disk, database.max_disk) == (start, largest)


def test_rounded_disk_is_told() -> None:
    assert warnings("disk: 20481Mi") == [("rounded-size", ("disk",))]
    assert warnings("disk: 20Gi") == []


def test_point_in_time_stays_on_and_is_told() -> None:
    settings = "backups: {retention: 7d, point_in_time: false}"
    assert warnings(settings) == [("approximated", ("backups", "point_in_time"))]
    assert make_database(settings).backup_days == 7


@pytest.mark.parametrize(
    ("engine", "version", "support", "told"),
    [
        ("mysql", "8.0", "open-source-rds-extended-support", [("extended-support", ("version",))]),
        ("mysql", "8.4", "open-source-rds-extended-support-disabled", []),
        ("postgres", "14", "open-source-rds-extended-support-disabled", []),
    ],
)
def test_extended_support_is_bought_only_where_there_is_no_other(
    engine: str, version: str, support: str, told: list[object]
) -> None:
    settings = f'engine: {engine}, version: "{version}"'
    assert make_database(settings).extended_support == support
    assert warnings(settings) == told


@pytest.mark.parametrize(
    ("engine", "size", "insights"),
    [
        ("mysql", "xsmall", False),
        ("mysql", "small", False),
        ("mysql", "medium", True),
        ("postgres", "xsmall", True),
    ],
)
def test_insights_only_where_the_class_has_them(engine: str, size: str, insights: bool) -> None:
    assert make_database(f"engine: {engine}, size: {size}").insights is insights


@pytest.mark.parametrize("protected", [True, False])
def test_protection(protected: bool) -> None:
    database = make_database(rest=f"security: {{deletion_protection: {str(protected).lower()}}}")
    assert (database.protected, database.unprotected) == (protected, not protected)


def test_log_groups_and_the_monitoring_role_come_first() -> None:
    database = make_database("engine: mysql")
    assert [group.name for group in database.log_groups] == [
        "/aws/rds/instance/shop-prod-orders-db/error",
        "/aws/rds/instance/shop-prod-orders-db/slowquery",
    ]
    assert [str(address) for address in database.needs] == [
        "aws_cloudwatch_log_group.orders_db_error",
        "aws_cloudwatch_log_group.orders_db_slowquery",
        "aws_iam_role_policy_attachment.rds_monitoring",
    ]


def test_databases_share_the_monitoring_role() -> None:
    first, second = databases(make_foundation("containers: {web: {}}\nstorage: {databases: {one: {}, two: {}}}"))
    assert len(dict.fromkeys([*first.roles, *second.roles])) == 1


def test_only_connected_containers_are_let_in() -> None:
    (group,) = make_database().security_groups
    assert [(rule.label, rule.port, str(rule.peer)) for rule in group.ingress] == [
        ("orders_db_from_web", 5432, "aws_security_group.web")
    ]
    assert group.egress == ()


def test_password_is_one_key_of_the_managed_secret() -> None:
    (secret,) = make_database().secrets
    arn = "aws_db_instance.orders_db.master_user_secret[0].secret_arn"
    assert (secret.name, encode(value_from(secret))) == ("ORDERS_DB_PASSWORD", f'"${{{arn}}}:password::"')
    read, decrypt = make_database().secret_grants
    assert encode(list(read.resources)) == "[local.orders_db_password_arn]"
    assert decrypt.actions == ("kms:Decrypt",)


def test_no_key_is_granted_where_there_is_none() -> None:
    grants = make_database(rest="security: {encryption: provider_managed}").secret_grants
    assert [grant.actions for grant in grants] == [("secretsmanager:GetSecretValue",)]


def test_containers_learn_where_and_as_whom_to_connect() -> None:
    assert {variable.name: encode(variable.value) for variable in make_database().environment} == {
        "ORDERS_DB_HOST": "aws_db_instance.orders_db.address",
        "ORDERS_DB_PORT": '"5432"',
        "ORDERS_DB_NAME": '"orders_db"',
        "ORDERS_DB_USER": '"app"',
        "ORDERS_DB_SSLMODE": '"require"',
    }


def test_alarms_follow_size_and_spec() -> None:
    database = make_database("disk: 50Gi, size: large", "monitoring: {alerts: {cpu: 70%, database_disk: 90%}}")
    cpu, disk, memory, connections = database.alarms
    assert (cpu.comparison, cpu.threshold) == ("GreaterThanThreshold", 70)
    assert (disk.comparison, disk.threshold) == ("LessThanThreshold", 5 * 1024**3)
    assert memory.threshold == round(8 * 1024**3 / 20)
    assert 600 < connections.threshold < 0.8 * 901
    for alarm in database.alarms:
        assert alarm.metric is not None
        assert alarm.metric.period * alarm.datapoints_to_alarm == 15 * 60


def test_a_small_class_is_watched_for_what_its_cpu_costs() -> None:
    names = [alarm.metric.name for alarm in make_database("size: small").alarms if alarm.metric]
    assert names[-1] == "CPUSurplusCreditsCharged"


@pytest.mark.parametrize(
    ("size", "engine", "known"), [("xsmall", "postgres", 81), ("xsmall", "mysql", 60), ("large", "postgres", 839)]
)
def test_connections_are_counted_a_little_below_what_people_see(size: str, engine: str, known: int) -> None:
    database = make_database(f"size: {size}, engine: {engine}, version: '{'8.4' if engine == 'mysql' else '17'}'")
    assert 0.85 * known <= database.engine.most_connections(database.instance_class.memory) <= known


def test_rds_tells_when_the_disk_nears_what_it_may_grow_to() -> None:
    (notice,) = make_database().notices
    assert notice.event_pattern["detail-type"] == ["RDS DB Instance Event"]
    assert "RDS-EVENT-0225" in notice.event_pattern["detail"]["EventID"]
    assert encode(notice.event_pattern["detail"]["SourceIdentifier"]) == "[aws_db_instance.orders_db.identifier]"


@pytest.mark.parametrize(
    ("name", "engine", "reserved"),
    [
        ("user", "postgres", True),
        ("user", "mysql", False),
        ("system", "mysql", True),
        ("sql", "mysql", True),
        ("template1", "postgres", True),
        ("orders", "postgres", False),
    ],
)
def test_reserved_words_are_refused(name: str, engine: str, reserved: bool) -> None:
    foundation = make_foundation(f"containers: {{web: {{}}}}\nstorage: {{databases: {{{name}: {{engine: {engine}}}}}}}")
    databases(foundation)
    assert [problem.code for problem in foundation.problems.errors] == (["reserved-name"] if reserved else [])


def test_container_cannot_take_the_name_of_a_log() -> None:
    containers = "containers: {orders-upgrade: {command: [x]}, orders-error: {command: [x]}}"
    body = f"{containers}\nstorage: {{databases: {{orders: {{engine: postgres}}}}}}"
    foundation = make_foundation(body, HEAD)
    assert refused(foundation) == [("reserved-name", "containers.orders-upgrade")]
