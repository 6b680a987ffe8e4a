"""Settings, from the environment variables that cloudgen sets: the same on every cloud."""

from __future__ import annotations

import os
from pathlib import Path

BASE_DIR = Path(__file__).parents[1]

SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False

# What every secret is in the compose file that cloudgen renders: a developer's machine, without HTTPS.
LOCAL = SECRET_KEY == "local-only"

# The names that users type. The load balancer's own health checks use none of them: notes/health.py answers those.
ALLOWED_HOSTS = ["127.0.0.1", "localhost"] if LOCAL else os.environ["ALLOWED_HOSTS"].split(",")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "board",
]

MIDDLEWARE = [
    "notes.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "notes.urls"
WSGI_APPLICATION = "notes.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": os.environ["DB_HOST"],
        "PORT": os.environ["DB_PORT"],
        "NAME": os.environ["DB_NAME"],
        "USER": os.environ["DB_USER"],
        "PASSWORD": os.environ["DB_PASSWORD"],
        "OPTIONS": {"sslmode": os.environ["DB_SSLMODE"], "connect_timeout": 5},
        # Connections are kept, and tried before they are used: a failover closes all of them without a word.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# WhiteNoise serves the files from where the packages have them. So nothing has to be collected, for which a container
# whose root file system is read-only has no place.
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True

# The load balancer redirects plain HTTP, and gunicorn takes from its X-Forwarded-Proto that the user came by HTTPS.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL

AUTH_PASSWORD_VALIDATORS = [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"}]
USE_TZ = True

# One JSON object a line, which both clouds read: the names are Google Cloud Logging's.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "notes.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "info").upper()},
    "loggers": {"django": {"handlers": ["console"], "propagate": False}},
}
