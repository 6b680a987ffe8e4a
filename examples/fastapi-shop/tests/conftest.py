"""The application on a database of its own and a simulated bucket of each cloud.

The database is SQLite in a file, or the Postgres that SHOP_TEST_DATABASE_URL names (its tables are dropped).
"""

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from fastapi.testclient import TestClient
from moto import mock_aws
from sqlalchemy import make_url, text

from cloud_storage import serving
from shop import database
from shop.main import create_app
from shop.settings import Settings

BUCKET = "shop-invoices"
SECRET = "a secret of the tests"


@pytest.fixture(params=["s3", "gs"])
def scheme(request):
    return request.param


@pytest.fixture
def settings(tmp_path, scheme):
    url = make_url(os.environ.get("SHOP_TEST_DATABASE_URL") or f"sqlite:///{tmp_path}/shop.db")
    made = Settings(database_url=url, bucket_url=f"{scheme}://{BUCKET}", webhook_secret=SECRET)
    if url.get_backend_name() == "postgresql":
        with database.connect(made).begin() as connection:
            for table in ("items", "orders", "alembic_version"):
                connection.execute(text(f"drop table if exists {table}"))
    return made


@dataclass
class S3Bucket:
    """A bucket of moto."""

    client: Any

    @property
    def objects(self):
        """Content type and content of each object."""
        keys = [found["Key"] for found in self.client.list_objects_v2(Bucket=BUCKET).get("Contents", [])]
        read = {key: self.client.get_object(Bucket=BUCKET, Key=key) for key in keys}
        return {key: (found["ContentType"], found["Body"].read()) for key, found in read.items()}

    def remove(self):
        self.client.delete_bucket(Bucket=BUCKET)


@contextmanager
def _in_s3(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        yield S3Bucket(client)


@contextmanager
def _in_cloud_storage(monkeypatch):
    with serving(BUCKET) as (bucket, address):
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", address)
        yield bucket


@pytest.fixture
def bucket(monkeypatch, scheme):
    """The bucket as its store sees it: `objects` tells what is in it, `remove()` makes it go away."""
    with {"s3": _in_s3, "gs": _in_cloud_storage}[scheme](monkeypatch) as found:
        yield found


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
