import fakeredis
import pytest
import redis
from sqlalchemy import make_url

from links.app import create_app
from links.settings import Settings, from_environment

ENVIRONMENT = {
    "DB_HOST": "db.internal",
    "DB_PORT": "5432",
    "DB_NAME": "db",
    "DB_USER": "app",
    "DB_PASSWORD": "p@ss/word",
    "DB_SSLMODE": "require",
    "CACHE_HOST": "cache.internal",
    "CACHE_PORT": "6379",
    "CACHE_TLS": "true",
}


@pytest.fixture
def cache():
    return fakeredis.FakeRedis(decode_responses=True)


@pytest.fixture
def client(tmp_path, cache):
    settings = Settings(make_url(f"sqlite:///{tmp_path}/links.db"), "redis://nowhere:6379")
    return create_app(settings, cache).test_client()


def test_a_link_is_followed_and_counted(client):
    made = client.post("/links", json={"url": "https://example.com/a?b=c"})
    assert made.status_code == 201
    code = made.json["code"]
    for _ in range(2):
        answer = client.get(f"/{code}")
        assert (answer.status_code, answer.location) == (302, "https://example.com/a?b=c")
    assert client.get(f"/links/{code}").json == {"code": code, "url": "https://example.com/a?b=c", "visits": 2}


@pytest.mark.parametrize("url", ["javascript:alert(1)", "example.com", "https://" + "x" * 2000, None, 7])
def test_what_is_no_address_is_refused(client, url):
    assert client.post("/links", json={"url": url}).status_code == 422


def test_there_is_no_such_link(client):
    assert client.get("/nothing").status_code == 404
    assert client.get("/links/nothing").status_code == 404


def test_links_work_without_the_cache(client, cache, monkeypatch):
    code = client.post("/links", json={"url": "https://example.com"}).json["code"]

    def broken(*arguments, **options):
        raise redis.ConnectionError("down")

    monkeypatch.setattr(cache, "execute_command", broken)
    monkeypatch.setattr(cache, "pipeline", broken)
    assert client.get(f"/{code}").status_code == 302
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_the_environment_is_understood():
    settings = from_environment(ENVIRONMENT)
    assert settings.cache_url == "rediss://cache.internal:6379"
    assert settings.database_url.password == "p@ss/word"
    assert from_environment({**ENVIRONMENT, "CACHE_TLS": "false"}).cache_url == "redis://cache.internal:6379"
