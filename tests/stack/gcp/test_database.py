"""Databases on Cloud SQL: tiers, versions, backups, names, and a password that nobody sees."""

from __future__ import annotations

import pytest

from cloudgen.stack import contract
from cloudgen.stack.base import join
from cloudgen.stack.gcp.alarms import Threshold
from cloudgen.stack.gcp.iam import service_account
from cloudgen.stack.gcp.sizes import CLOUD_SQL
from cloudgen.stack.gcp.storage.database import Database
from cloudgen.stack.gcp.storage.database import decide as databases
from cloudgen.stack.gcp.storage.database_engines import ENGINES, MAX_SHARED_DISK, Engine
from rig.parts.gcp import make_foundation, refused, told

WEB = "containers: {web: {port: 8000, connects_to: [orders-db]}}"


def _database(fields: str = "", more: str = "") -> tuple[Database, list[tuple[str, str]]]:
    foundation = make_foundation(f"storage: {{databases: {{orders-db: {{{fields}}}}}}}\n{WEB}\n{more}")
    (database,) = databases(foundation)
    return database, told(foundation)


@pytest.mark.parametrize(
    ("size", "tier"),
    [
        ("xsmall", "db-f1-micro"),
        ("small", "db-g1-small"),
        ("medium", "db-custom-1-3840"),
        ("large", "db-custom-2-7680"),
        ("xlarge", "db-custom-4-15360"),
        ("2xlarge", "db-custom-8-30720"),
    ],
)
def test_tier_of_each_size(size: str, tier: str) -> None:
    database, problems = _database(f"size: {size}, high_availability: false, backups: {{retention: 7d}}")
    assert database.tier.name == tier
    assert database.insights is database.tier.dedicated is tier.startswith("db-custom")
    assert problems == [("too-few-connections", "storage.databases.orders-db.size")] * (size == "xsmall")


@pytest.mark.parametrize("size", ["xsmall", "small"])
def test_a_standby_needs_a_cpu_of_its_own(size: str) -> None:
    database, problems = _database(f"size: {size}, high_availability: true, backups: {{retention: 7d}}")
    assert (database.tier.name, database.availability) == ("db-custom-1-3840", "REGIONAL")
    assert problems == [("rounded-size", "storage.databases.orders-db.size")]


def test_a_large_disk_needs_a_cpu_of_its_own_and_none_grows_beyond_the_limit() -> None:
    fields = "size: small, high_availability: false, backups: {retention: 7d}"
    shared, problems = _database(f"{fields}, disk: 1000Gi")
    assert (shared.tier.name, shared.disk, shared.max_disk, problems) == ("db-g1-small", 1000, MAX_SHARED_DISK, [])
    large, problems = _database(f"{fields}, disk: {MAX_SHARED_DISK + 1}Gi")
    assert (large.tier.name, large.max_disk) == ("db-custom-1-3840", 10 * (MAX_SHARED_DISK + 1))
    assert problems == [("rounded-size", "storage.databases.orders-db.size")]


def test_a_disk_is_counted_in_whole_gib() -> None:
    database, problems = _database("size: medium, disk: 20481Mi, backups: {retention: 7d}")
    assert (database.disk, database.max_disk) == (21, 210)
    assert problems == [("rounded-size", "storage.databases.orders-db.disk")]


@pytest.mark.parametrize(
    ("fields", "version", "binary_log", "host", "port"),
    [
        ("engine: postgres", "POSTGRES_18", False, None, "5432"),
        ('engine: postgres, version: "14"', "POSTGRES_14", False, None, "5432"),
        ("engine: mysql", "MYSQL_8_4", True, "%", "3306"),
        ('engine: mysql, version: "8.0"', "MYSQL_8_0", True, "%", "3306"),
    ],
)
def test_engines(fields: str, version: str, binary_log: bool, host: str | None, port: str) -> None:
    database, _ = _database(fields)
    engine = database.engine
    assert (database.version, engine.binary_log, engine.user_host) == (version, binary_log, host)
    values = {variable.name: variable.value for variable in database.environment}
    assert values["ORDERS_DB_PORT"] == port
    assert str(values["ORDERS_DB_HOST"]) == "google_sql_database_instance.orders_db.private_ip_address"
    assert (values["ORDERS_DB_NAME"], values["ORDERS_DB_SSLMODE"]) == ("orders_db", "require")
    assert database.endpoint.port == int(port)


def test_mysql_8_0_costs_extra() -> None:
    _, problems = _database('engine: mysql, version: "8.0", size: medium, backups: {retention: 7d}')
    assert problems == [("extended-support", "storage.databases.orders-db.version")]


@pytest.mark.parametrize(
    ("fields", "backups", "log_days", "code"),
    [
        ("high_availability: false, backups: {retention: 3d}", 3, 3, None),
        ("high_availability: false, backups: {retention: 35d}", 35, 7, "capped"),
        ("high_availability: false, backups: {retention: 35d, point_in_time: false}", 35, None, None),
        ("high_availability: true, backups: {retention: 7d, point_in_time: false}", 7, 7, "approximated"),
    ],
)
def test_backups(fields: str, backups: int, log_days: int | None, code: str | None) -> None:
    database, problems = _database(f"size: medium, {fields}")
    assert (database.backups, database.log_days) == (backups, log_days)
    assert [found for found, _ in problems] == ([code] if code else [])


@pytest.mark.parametrize("name", ["postgres", "template1", "cloudsqladmin"])
def test_the_name_of_a_database_that_is_there_already(name: str) -> None:
    foundation = make_foundation(
        f"storage: {{databases: {{{name}: {{size: medium}}}}}}\ncontainers: {{web: {{port: 80}}}}"
    )
    databases(foundation)
    assert ("reserved-name", f"storage.databases.{name}") in told(foundation)


def test_the_instance_has_a_new_name_each_time_it_is_made() -> None:
    database, _ = _database()
    (prefix, suffix) = database.instance_name.parts
    assert (prefix, str(suffix)) == ("shop-prod-orders-db-", "random_id.orders_db.hex")


def test_the_password_is_made_kept_and_read_back_without_being_stored() -> None:
    database, _ = _database()
    password = database.password
    assert str(password.generated) == "ephemeral.random_password.orders_db.result"
    assert str(password.stored) == "ephemeral.google_secret_manager_secret_version.orders_db_password.secret_data"
    (variable,) = database.secrets
    assert variable.name == contract.database_password_name("orders-db") == "ORDERS_DB_PASSWORD"
    assert str(variable.version) == "google_secret_manager_secret_version.orders_db_password.version"
    (grant,) = database.grants(None)
    assert grant.role == "roles/secretmanager.secretAccessor"
    assert grant.scope.label == "orders_db_password"
    assert database.connected(None, service_account("shop-prod", "web", "")) == ()


def test_a_secret_cannot_be_called_like_the_password() -> None:
    foundation = make_foundation(
        f"storage: {{databases: {{orders-db: {{}}}}}}\n{WEB}\nsecurity: {{secrets: {{orders-db-password: {{}}}}}}"
    )
    assert refused(foundation) == [("reserved-name", "security.secrets.orders-db-password")]


def test_what_stands_before_what() -> None:
    customer, _ = _database()
    assert [str(address) for address in customer.before_instance] == [
        "google_service_networking_connection.services",
        "time_sleep.key",
    ]
    assert [str(address) for address in customer.password.before] == ["time_sleep.key"]
    google, _ = _database(more="security: {encryption: provider_managed, deletion_protection: false}")
    assert [str(address) for address in google.before_instance] == ["google_service_networking_connection.services"]
    assert [str(address) for address in google.password.before] == ["time_sleep.apis"]
    assert (customer.protected, google.protected) == (True, False)
    assert [str(address) for address in google.before] == ["google_sql_database.orders_db", "google_sql_user.orders_db"]


def test_alarms_on_what_runs_out() -> None:
    database, _ = _database(more="monitoring: {alerts: {cpu: 70%, database_disk: 90%}}")
    limits = {}
    for alarm in database.alarms:
        assert isinstance(alarm.condition, Threshold)
        assert alarm.duration == 900
        limits[alarm.label] = alarm.condition.value
    assert limits == {
        "orders_db_database_cpu": 0.7,
        "orders_db_database_disk": 200 * 1024**3 * 0.9,
        "orders_db_database_memory": 0.95,
        "orders_db_database_connections": 80,
    }
    connections = database.alarms[-1].threshold
    assert connections is not None
    assert (connections.reducer, connections.group_by) == ("REDUCE_SUM", ("resource.label.database_id",))
    assert database.alarms[0].threshold is not None
    assert database.alarms[0].threshold.filter == join(
        'metric.type = "cloudsql.googleapis.com/database/cpu/utilization" AND resource.type = "cloudsql_database"'
        ' AND resource.labels.database_id = "acme-shop:',
        database.address.name,
        '"',
    )


@pytest.mark.parametrize("engine", ENGINES.values(), ids=lambda engine: engine.name)
def test_every_tier_has_a_number_of_connections(engine: Engine) -> None:
    """The numbers rise with the tier, or stay: a larger size never takes fewer."""
    assert list(engine.connections) == [tier.name for tier in CLOUD_SQL.values()]
    assert sorted(engine.connections.values()) == list(engine.connections.values())
