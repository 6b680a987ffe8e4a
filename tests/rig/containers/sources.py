"""Source files of the small applications in `shapes`."""

from __future__ import annotations

DJANGO_SETTINGS = """\
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[1]
SECRET_KEY = "tests"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "ledger.urls"
INSTALLED_APPS = ["django.contrib.staticfiles"]
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "collected"
STATICFILES_DIRS = [BASE_DIR / "assets"]
"""

DJANGO_URLS = """\
from django.conf import settings
from django.http import HttpResponse
from django.urls import path

urlpatterns = [
    path("healthz", lambda request: HttpResponse((settings.STATIC_ROOT / "style.css").read_text())),
    path("who", lambda request: HttpResponse(f"{request.scheme} {request.META['REMOTE_ADDR']}")),
]
"""

DJANGO_MANAGE = """\
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ledger.settings")

from django.core.management import execute_from_command_line

execute_from_command_line(sys.argv)
"""

DJANGO_WSGI = """\
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ledger.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
"""

STARLETTE = """\
from common import GREETING
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route


def health(request):
    return PlainTextResponse(GREETING)


def who(request):
    return PlainTextResponse(f"{request.url.scheme} {request.client.host}")


app = Starlette(routes=[Route("/healthz", health), Route("/who", who)])
"""

FLASK = """\
from importlib.metadata import version
from flask import Flask, request
{imports}

app = Flask(__name__)
app.add_url_rule("/healthz", "health", lambda: {answer})
app.add_url_rule("/who", "who", lambda: f"{{request.scheme}} {{request.remote_addr}}")
"""

LIBRARY = """\
[project]
name = "common"
version = "1"
requires-python = ">=3.12"

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
"""

FASTAPI = """\
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse
{imports}

app = FastAPI()
app.add_api_route("/healthz", lambda: PlainTextResponse({answer}))


@app.get("/who")
def who(request: Request):
    return PlainTextResponse(f"{{request.url.scheme}} {{request.client.host}}")
"""

DJANGO_ASGI = DJANGO_WSGI.replace("wsgi", "asgi")
