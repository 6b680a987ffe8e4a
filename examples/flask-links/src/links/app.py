"""The application: `gunicorn "links.app:create_app()"`."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

import redis
from flask import Flask, abort, redirect, request
from flask.typing import ResponseReturnValue

from links import database, logs, visits
from links.settings import Settings, from_environment

MAX_URL = 2000
"""Characters."""

logger = logging.getLogger(__name__)


def create_app(settings: Settings | None = None, cache: redis.Redis | None = None) -> Flask:
    """Make the application, with its tables; ends with the driver's error when there is no database."""
    logs.configure()
    settings = settings or from_environment()
    engine = database.connect(settings)
    database.create_tables(engine)
    store = cache if cache is not None else visits.connect(settings.cache_url)
    app = Flask(__name__)
    # Larger bodies are refused before they are read.
    app.config["MAX_CONTENT_LENGTH"] = 10_000

    @app.get("/healthz")
    def alive() -> ResponseReturnValue:
        # Nothing else is asked: a database that is down is not mended by a restart here.
        return {"status": "ok"}

    @app.get("/readyz")
    def ready() -> ResponseReturnValue:
        result, status = {}, 200
        for name, check in {"database": lambda: database.check(engine), "cache": store.ping}.items():
            try:
                check()
                result[name] = "ok"
            except Exception:
                # Whatever it is, it is in the log; the answer tells strangers no details.
                logger.exception("%s does not answer", name)
                result[name], status = "failed", 503
        return result, status

    @app.post("/links")
    def add() -> ResponseReturnValue:
        url = (request.get_json() or {}).get("url")
        if not isinstance(url, str) or len(url) > MAX_URL or urlsplit(url).scheme not in ("http", "https"):
            abort(422, f"url is an http or https address of at most {MAX_URL} characters")
        code = database.add(engine, url)
        logger.info("link added", extra={"code": code})
        return {"code": code, "url": url}, 201

    @app.get("/links/<code>")
    def show(code: str) -> ResponseReturnValue:
        url = database.find(engine, code) or abort(404)
        return {"code": code, "url": url, "visits": visits.counted(store, code)}

    @app.get("/<code>")
    def follow(code: str) -> ResponseReturnValue:
        url = database.find(engine, code) or abort(404)
        visits.count(store, code)
        return redirect(url)

    return app
