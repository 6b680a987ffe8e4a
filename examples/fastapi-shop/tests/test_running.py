import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from shop import database, logs, migrate, nightly, settings
from shop.models import Base, Order

ENVIRONMENT = {
    "ORDERS_DB_HOST": "orders-db",
    "ORDERS_DB_PORT": "5432",
    "ORDERS_DB_NAME": "orders_db",
    "ORDERS_DB_USER": "app",
    "ORDERS_DB_PASSWORD": "p@ss/word",
    "ORDERS_DB_SSLMODE": "require",
    "INVOICES_BUCKET_URL": "s3://shop-invoices",
}


def test_settings_come_from_the_environment():
    found = settings.from_environment(ENVIRONMENT)
    assert found.database_url.password == "p@ss/word"
    assert found.database_url.query["sslmode"] == "require"
    assert found.bucket_url == "s3://shop-invoices"


def test_what_is_missing_is_named():
    with pytest.raises(settings.MissingSettingsError, match="ORDERS_DB_HOST, INVOICES_BUCKET_URL"):
        settings.from_environment({**ENVIRONMENT, "ORDERS_DB_HOST": "", "INVOICES_BUCKET_URL": ""})


def test_alive_and_ready(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"database": "ok", "bucket": "ok"}


def test_not_ready_without_the_bucket_yet_alive(client, bucket):
    bucket.remove()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": "ok", "bucket": "failed"})
    assert client.get("/healthz").status_code == 200


def test_migrations_make_the_tables_of_the_models(settings):
    engine = database.connect(settings)
    migrate.upgrade(engine)
    migrate.upgrade(engine)
    assert {"orders", "items"} <= set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


@pytest.mark.skipif("SHOP_TEST_DATABASE_URL" not in os.environ, reason="SQLite has no advisory locks")
def test_instances_that_start_together_migrate_one_after_the_other(settings):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: migrate.upgrade(database.connect(settings)), range(4)))
    assert "orders" in inspect(database.connect(settings)).get_table_names()


def test_the_nightly_job_closes_stale_orders_only(settings):
    engine = database.connect(settings)
    migrate.upgrade(engine)
    now = datetime.now(UTC)
    with Session(engine) as session:
        for age, status in ((20, "open"), (20, "paid"), (1, "open")):
            session.add(Order(customer=f"{age} {status}", status=status, created_at=now - timedelta(days=age)))
        session.commit()
    assert nightly.close_stale_orders(engine, timedelta(days=14)) == 1
    assert nightly.close_stale_orders(engine, timedelta(days=14)) == 0
    with Session(engine) as session:
        found = {order.customer: order.status for order in session.query(Order)}
    assert found == {"20 open": "expired", "20 paid": "paid", "1 open": "open"}


def written(record):
    return json.loads(logs.JsonFormatter().format(record))


def test_a_log_line_is_json_with_the_names_both_clouds_know(monkeypatch):
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "acme-shop")
    token = logs.trace_id.set("4bf92f3577b34da6a3ce929d0e0e4736")
    record = logging.makeLogRecord({"name": "shop", "levelname": "WARNING", "msg": "two\nlines", "order": "7"})
    found = written(record)
    logs.trace_id.reset(token)
    assert datetime.fromisoformat(found.pop("time")).tzinfo is not None
    assert found == {
        "severity": "WARNING",
        "message": "two\nlines",
        "logger": "shop",
        "order": "7",
        "trace": "4bf92f3577b34da6a3ce929d0e0e4736",
        "logging.googleapis.com/trace": "projects/acme-shop/traces/4bf92f3577b34da6a3ce929d0e0e4736",
    }


def test_an_access_log_line_names_its_parts():
    arguments = ("203.0.113.7:4711", "GET", "/orders?limit=2", "1.1", 200)
    record = logging.makeLogRecord({"name": "uvicorn.access", "levelname": "INFO", "msg": "%s %s", "args": arguments})
    record.msg = '%s - "%s %s HTTP/%s" %d'
    assert written(record)["httpRequest"] == {
        "requestMethod": "GET",
        "requestUrl": "/orders?limit=2",
        "status": 200,
        "remoteIp": "203.0.113.7",
        "protocol": "HTTP/1.1",
    }


def test_an_exception_is_in_its_line():
    try:
        raise ValueError("broken")
    except ValueError:
        record = logging.getLogger("shop").makeRecord("shop", 40, "f", 1, "failed", (), sys.exc_info())
    assert "ValueError: broken" in written(record)["stack_trace"]


@pytest.mark.parametrize(
    ("header", "value", "trace"),
    [
        (
            b"traceparent",
            b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "4bf92f3577b34da6a3ce929d0e0e4736",
        ),
        (b"x-cloud-trace-context", b"105445aa7843bc8bf206b12000100000/1;o=1", "105445aa7843bc8bf206b12000100000"),
        (b"x-amzn-trace-id", b"Root=1-5759e988-bd862e3fe1be46a994272793", "1-5759e988-bd862e3fe1be46a994272793"),
        (b"traceparent", b"nonsense", None),
    ],
)
def test_the_trace_comes_from_the_load_balancer(header, value, trace):
    assert logs._trace({header: value}) == trace


def test_the_server_logs_json_only_and_stops_at_once_on_sigterm(settings, tmp_path):
    """A real server: every line of its output is JSON, and an idle one is gone well within two seconds."""
    (tmp_path / "serve.py").write_text(
        "from sqlalchemy import make_url\n"
        "from shop import main\n"
        "from shop.settings import Settings\n"
        f"url = make_url({settings.database_url.render_as_string(hide_password=False)!r})\n"
        "app = main.create_app(Settings(database_url=url, bucket_url='s3://none'))\n"
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    source = Path(__file__).parents[1] / "src"
    environment = {
        **os.environ,
        "PYTHONPATH": f"{source}{os.pathsep}{tmp_path}",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    command = [sys.executable, "-m", "uvicorn", "serve:app", "--port", str(port), "--timeout-graceful-shutdown", "8"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).read()
                break
            except OSError:
                assert server.poll() is None, server.stdout.read()
                assert time.monotonic() < deadline
                time.sleep(0.1)
        request = urllib.request.Request(f"http://127.0.0.1:{port}/orders", headers={"X-Amzn-Trace-Id": "Root=1-2-3"})
        assert urllib.request.urlopen(request, timeout=5).status == 200
        stopping = time.monotonic()
        server.send_signal(signal.SIGTERM)
        output, _ = server.communicate(timeout=10)
        assert time.monotonic() - stopping < 2
    finally:
        server.kill()
    # uvicorn's lines before it imports the application are its own.
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    assert len(lines) >= len(output.splitlines()) - 1, output
    access = [line for line in lines if "httpRequest" in line]
    assert [(line["httpRequest"]["requestUrl"], line["trace"]) for line in access] == [("/orders", "1-2-3")]
    assert lines[-1]["severity"] == "INFO"
