"""The application on a simulated bucket of each cloud."""

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from moto import mock_aws

from cloud_storage import serving
from invoices.app import create_app
from invoices.settings import Settings

BUCKET = "shop-documents"


@dataclass
class S3Bucket:
    """A bucket of moto, with versions: what is written twice is there twice."""

    client: Any

    def put(self, key, content):
        self.client.put_object(Bucket=BUCKET, Key=key, Body=content, ContentType="application/json")

    @property
    def objects(self):
        """Content type and content of each object."""
        keys = [found["Key"] for found in self.client.list_objects_v2(Bucket=BUCKET).get("Contents", [])]
        read = {key: self.client.get_object(Bucket=BUCKET, Key=key) for key in keys}
        return {key: (found["ContentType"], found["Body"].read()) for key, found in read.items()}

    @property
    def writes(self):
        """How often something was written below invoices/."""
        found = self.client.list_object_versions(Bucket=BUCKET, Prefix="invoices/")
        return len(found.get("Versions", []))


@contextmanager
def _in_s3(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield S3Bucket(client)


@contextmanager
def _in_cloud_storage(monkeypatch):
    pytest.importorskip("google.cloud.storage")
    with serving(BUCKET) as (bucket, address):
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", address)
        yield bucket


@pytest.fixture(params=["s3", "gs"])
def scheme(request):
    return request.param


@pytest.fixture
def bucket(monkeypatch, scheme):
    """The bucket as its store sees it."""
    with {"s3": _in_s3, "gs": _in_cloud_storage}[scheme](monkeypatch) as found:
        yield found


@pytest.fixture
def client(bucket, scheme):
    return create_app(Settings(f"{scheme}://{BUCKET}", "EUR")).test_client()


@pytest.fixture
def tell(client):
    """Post the event of an object, as the image does; gives the status of the answer."""

    def post(key, identifier="event-1", **more):
        event = {
            "specversion": "1.0",
            "id": identifier,
            "type": "bucket.object.created",
            "source": "/buckets/documents",
            "time": "2026-11-30T02:00:00Z",
            "subject": key,
            "datacontenttype": "application/json",
            "data": {"bucket": BUCKET, "key": key, "size": 5},
            **more,
        }
        return client.post("/events", data=json.dumps(event), content_type="application/cloudevents+json").status_code

    return post
