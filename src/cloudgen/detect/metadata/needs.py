"""What packages mean: databases, caches, queues, buckets, and the Debian packages that they link to or call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudgen.dataclass import dataclass
from cloudgen.detect.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cloudgen.detect.metadata.requirements import Requirement

DRIVERS: Mapping[str, tuple[str, ...]] = {
    "postgres": ("psycopg", "psycopg2", "psycopg2-binary", "asyncpg", "pg8000", "psycopg-binary", "psycopg-c", "aiopg"),
    "mysql": ("pymysql", "mysqlclient", "aiomysql", "asyncmy", "mysql-connector-python"),
}
CACHE = (
    "redis",
    "valkey",
    "django-redis",
    "hiredis",
    "aioredis",
    "flask-redis",
    "channels-redis",
    "rq",
    "django-rq",
    "flask-rq2",
    "arq",
    "django-redis-cache",
    "fakeredis-server",
    "redis-om",
    "coredis",
    "taskiq-redis",
    "redis-py-cluster",
    "valkey-glide",
    "limits-redis",
    "rq-scheduler",
    "streaq",
    "django-valkey",
    "aiocache-redis",
)
BUCKET = ("google-cloud-storage", "s3fs", "gcsfs", "aioboto3", "aiobotocore", "minio", "flask-s3", "django-s3-storage")
_EXTRAS: Mapping[str, Mapping[str, str]] = {
    # package -> extra -> what it means; `psycopg[redis]` means nothing, `celery[redis]` a cache.
    "celery": {"redis": "cache"},
    "dramatiq": {"redis": "cache"},
    "kombu": {"redis": "cache"},
    "saq": {"redis": "cache", "hiredis": "cache"},
    "huey": {"redis": "cache"},
    "litestar": {"redis": "cache", "valkey": "cache"},
    "flask-limiter": {"redis": "cache"},
    "limits": {"redis": "cache"},
    "aiocache": {"redis": "cache"},
    "fastapi-cache2": {"redis": "cache"},
    "broadcaster": {"redis": "cache", "postgres": "postgres"},
    "flask-session": {"redis": "cache"},
    "fsspec": {"s3": "bucket", "gcs": "bucket"},
    "django-storages": {"s3": "bucket", "boto3": "bucket", "google": "bucket", "gcloud": "bucket"},
    "databases": {
        "asyncpg": "postgres",
        "postgresql": "postgres",
        "aiopg": "postgres",
        "aiomysql": "mysql",
        "mysql": "mysql",
    },
    "sqlalchemy": {
        "asyncpg": "postgres",
        "postgresql": "postgres",
        "postgresql-asyncpg": "postgres",
        "postgresql-psycopg": "postgres",
        "postgresql-psycopgbinary": "postgres",
        "postgresql-psycopg2binary": "postgres",
        "mysql": "mysql",
        "pymysql": "mysql",
        "aiomysql": "mysql",
        "asyncmy": "mysql",
    },
    "tortoise-orm": {"asyncpg": "postgres", "psycopg": "postgres", "aiomysql": "mysql", "asyncmy": "mysql"},
    "piccolo": {"postgres": "postgres"},
    "procrastinate": {"psycopg2": "postgres"},
    "advanced-alchemy": {},
    "fief-server": {},
}
_IMPLIED: Mapping[str, str] = {"procrastinate": "postgres", "pgqueuer": "postgres", "django-pg-queue": "postgres"}
LIBRARIES: Mapping[str, tuple[str, ...]] = {
    # Debian 12 packages whose shared libraries or programs a Python package needs, where its wheel does not bring them.
    "psycopg2": ("libpq5",),
    "psycopg": ("libpq5",),
    "psycopg-c": ("libpq5",),
    "mysqlclient": ("libmariadb3",),
    "python-ldap": ("libldap-2.5-0", "libsasl2-2"),
    "django-auth-ldap": ("libldap-2.5-0", "libsasl2-2"),
    "python-magic": ("libmagic1",),
    "weasyprint": ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
    "pdf2image": ("poppler-utils",),
    "pytesseract": ("tesseract-ocr",),
    "ocrmypdf": ("ghostscript", "tesseract-ocr"),
    "pyexiftool": ("libimage-exiftool-perl",),
    "xmlsec": ("libxmlsec1-openssl",),
    "python3-saml": ("libxmlsec1-openssl",),
    "pycairo": ("libcairo2",),
    "cairosvg": ("libcairo2",),
    "pycurl": ("libcurl4",),
    "pyodbc": ("unixodbc",),
    "pyzbar": ("libzbar0",),
    "opencv-python": ("libgl1", "libglib2.0-0"),
    "ffmpeg-python": ("ffmpeg",),
    "pydub": ("ffmpeg",),
    "wand": ("libmagickwand-6.q16-6",),
    "graphviz": ("graphviz",),
    "gdal": ("gdal-bin",),
    "confluent-kafka": (),
    "moviepy": ("ffmpeg",),
}
_WITH_WHEEL = frozenset({"binary", "pool-binary"})

_HEADERS: Mapping[str, str] = {
    "libpq-dev": "libpq5",
    "libmariadb-dev": "libmariadb3",
    "default-libmysqlclient-dev": "libmariadb3",
    "libldap2-dev": "libldap-2.5-0",
    "libsasl2-dev": "libsasl2-2",
    "libmagic-dev": "libmagic1",
    "libxml2-dev": "libxml2",
    "libxslt1-dev": "libxslt1.1",
    "libffi-dev": "libffi8",
    "postgresql-client": "",
    "libjpeg-dev": "",
    "zlib1g-dev": "",
    "libssl-dev": "",
}
_TOOLS = frozenset(
    {
        "gcc",
        "g++",
        "make",
        "build-essential",
        "git",
        "curl",
        "wget",
        "gnupg",
        "ca-certificates",
        "netcat",
        "netcat-openbsd",
    }
    | {
        "netcat-traditional",
        "gosu",
        "tini",
        "dumb-init",
        "vim",
        "nano",
        "less",
        "sudo",
        "procps",
        "wait-for-it",
        "nginx",
    }
    | {"supervisor", "pkg-config", "software-properties-common", "apt-transport-https", "unzip", "zip", "bash", "htop"}
    | {"nodejs", "npm", "yarn", "lsb-release", "cron", "locales", "tzdata", "openssh-client", "rustc", "cargo", "cmake"}
    | {"gnupg2", "iputils-ping", "dnsutils", "telnet", "tree", "jq", "rsync", "dos2unix", "zsh", "gettext", "gfortran"}
    | {
        "python3-dev",
        "python-dev",
        "musl-dev",
        "redis-tools",
        "postgresql-client",
        "default-mysql-client",
        "mime-support",
    }
    | {
        "apt-utils",
        "dirmngr",
        "dialog",
        "xz-utils",
        "gettext-base",
        "iproute2",
        "redis-server",
        "memcached",
        "postgresql",
    }
)


@dataclass(frozen=True)
class Needs:
    """What the installed packages mean, each with its evidence."""

    found: dict[str, Fact[str]]
    debian: list[Fact[str]]


def needs(packages: Mapping[str, Requirement]) -> Needs:
    """Return databases, cache and bucket that packages mean, and Debian packages."""
    found: dict[str, Fact[str]] = {}
    for meaning, names in (*DRIVERS.items(), ("cache", CACHE), ("bucket", BUCKET)):
        if package := next((packages[name] for name in names if name in packages), None):
            found[meaning] = Fact(package.name, package.evidence)
    for name, package in packages.items():
        for extra in sorted(package.extras):
            if implied := _EXTRAS.get(name, {}).get(extra):
                found.setdefault(implied, Fact(f"{name}[{extra}]", package.evidence))
        if name in _IMPLIED:
            found.setdefault(_IMPLIED[name], Fact(name, package.evidence))
    return Needs(found, _debian(packages))


def _debian(packages: Mapping[str, Requirement]) -> list[Fact[str]]:
    listed: dict[str, Fact[str]] = {}
    for name, libraries in LIBRARIES.items():
        package = packages.get(name)
        if package is None or package.extras & _WITH_WHEEL or (name == "psycopg" and "psycopg-binary" in packages):
            continue
        for library in libraries:
            listed.setdefault(library, Fact(library, package.evidence))
    return list(listed.values())


def run_time(stated: list[Fact[str]]) -> list[Fact[str]]:
    """Of the Debian packages that an image installs, return those that the application needs when it runs."""
    found: dict[str, Fact[str]] = {}
    for fact in stated:
        name = _HEADERS.get(fact.value, fact.value)
        if name and name not in _TOOLS and not name.endswith(("-dev", "-doc")):
            found.setdefault(name, Fact(name, fact.evidence))
    return list(found.values())


def build_time(stated: list[Fact[str]]) -> list[Fact[str]]:
    """Return those of which only a build has need: headers, and git for packages that come from repositories."""
    return [fact for fact in stated if fact.value.endswith("-dev") and fact.value not in ("python3-dev", "python-dev")]
