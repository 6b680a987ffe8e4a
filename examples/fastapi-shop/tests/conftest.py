"""The application on a database of its own and a simulated bucket.

The database is SQLite in a file, or the Postgres that SHOP_TEST_DATABASE_URL names (its tables are dropped).
"""

import os

import boto3
import pytest
from fastapi.testclient import TestClient
from moto import mock_aws
from sqlalchemy import make_url, text

from shop import database
from shop.main import create_app
from shop.settings import Settings

BUCKET = "shop-invoices"
SECRET = "a secret of the tests"


@pytest.fixture
def settings(tmp_path):
    url = make_url(os.environ.get("SHOP_TEST_DATABASE_URL") or f"sqlite:///{tmp_path}/shop.db")
    made = Settings(database_url=url, bucket=BUCKET, webhook_secret=SECRET)
    if url.get_backend_name() == "postgresql":
        with database.connect(made).begin() as connection:
            for table in ("items", "orders", "alembic_version"):
                connection.execute(text(f"drop table if exists {table}"))
    return made


@pytest.fixture
def bucket(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        yield client


@pytest.fixture
def client(settings, bucket):
    with TestClient(create_app(settings)) as started:
        yield started


@pytest.fixture
def order(client):
    answer = client.post(
        "/orders",
        json={
            "customer": "Ada",
            "items": [
                {"sku": "tea", "quantity": 2, "unit_price": 450},
                {"sku": "cup", "quantity": 1, "unit_price": 1200},
            ],
        },
    )
    assert answer.status_code == 201
    return answer.json()
