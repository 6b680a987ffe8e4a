"""The settings with a database in memory."""

import os

os.environ.update(
    SECRET_KEY="tests",
    ALLOWED_HOSTS="notes.example.com",
    **{f"DB_{name}": "none" for name in ("HOST", "PORT", "NAME", "USER", "PASSWORD", "SSLMODE")},
)

from notes.settings import *  # noqa: F403

DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
