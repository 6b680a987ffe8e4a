"""The two object stores: what differs between them, and that nothing else does."""

import subprocess
import sys
from pathlib import Path

import google.auth
import pytest
from sqlalchemy import make_url

from conftest import BUCKET
from shop import files
from shop.settings import Settings

PDF = b"%PDF-1.7\r\n\x00\xff--an invoice\n"
SOURCE = Path(__file__).parents[1] / "src"


def settings_for(bucket_url):
    return Settings(database_url=make_url("sqlite://"), bucket_url=bucket_url)


@pytest.fixture
def connected(settings, bucket):
    return files.connect(settings)


def test_an_object_is_read_as_it_was_written(connected, bucket):
    connected.put("a/ü b.pdf", b"something older", "text/plain")
    connected.put("a/ü b.pdf", PDF, "application/pdf")
    assert connected.get("a/ü b.pdf") == PDF
    assert bucket.objects == {"a/ü b.pdf": ("application/pdf", PDF)}


def test_an_object_that_is_not_there(connected):
    with pytest.raises(Exception, match=r"NoSuchKey|No such object"):
        connected.get("nothing")


def test_the_check_sees_whether_the_bucket_is_there(connected, bucket):
    connected.check()
    bucket.remove()
    with pytest.raises(Exception, match="404"):
        connected.check()


@pytest.mark.parametrize("scheme", ["gs"], indirect=True)
def test_the_check_succeeds_where_the_bucket_itself_may_not_be_read(connected, bucket):
    with pytest.raises(Exception, match="403"):
        connected.bucket.reload()
    connected.check()
    # The client may ask for the bucket in the background, for the sake of traces; it takes no for an answer.
    assert f"GET /storage/v1/b/{BUCKET}/o" in bucket.calls


def test_cloud_storage_takes_the_default_credentials(monkeypatch):
    asked = []

    def default(*arguments, **options):
        asked.append(options)
        raise google.auth.exceptions.DefaultCredentialsError("none here")

    monkeypatch.delenv("STORAGE_EMULATOR_HOST", raising=False)
    monkeypatch.setattr(google.auth, "default", default)
    with pytest.raises(google.auth.exceptions.DefaultCredentialsError):
        files.connect(settings_for("gs://shop-invoices"))
    assert asked


@pytest.mark.parametrize(("scheme", "used", "unused"), [("s3", "boto3", "google"), ("gs", "google.cloud", "boto3")])
def test_only_the_client_in_use_is_loaded(scheme, used, unused):
    """In a process of its own, as the tests themselves import both."""
    program = (
        "import sys\n"
        "from sqlalchemy import make_url\n"
        "from shop import files, main, settings\n"
        "early = {'boto3', 'google.cloud'} & set(sys.modules)\n"
        f"files.connect(settings.Settings(make_url('sqlite://'), {scheme + '://shop-invoices'!r}))\n"
        f"print(early, {used!r} in sys.modules, {unused!r} in sys.modules)\n"
    )
    environment = {
        "PYTHONPATH": str(SOURCE),
        "AWS_DEFAULT_REGION": "eu-west-1",
        "STORAGE_EMULATOR_HOST": "http://127.0.0.1:9",
    }
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert run.stdout.splitlines()[-1:] == ["set() True False"], run.stderr


@pytest.mark.parametrize("url", ["shop-invoices", "s3://", "https://shop-invoices", "://shop-invoices"])
def test_a_url_of_no_known_store_is_named(url):
    with pytest.raises(files.UnknownStoreError, match="s3://BUCKET or gs://BUCKET, not"):
        files.connect(settings_for(url))


def test_the_readme_shows_the_lines_as_they_are():
    shown = (SOURCE.parent / "README.md").read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0]
    code = (SOURCE / "shop" / "files.py").read_text(encoding="utf-8")
    assert len(shown.splitlines()) == 2
    assert all(f"    {line}\n" in code for line in shown.splitlines())
