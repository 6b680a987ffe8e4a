"""Logs as one JSON object a line, with names that Google Cloud Logging knows and that CloudWatch can search.

https://cloud.google.com/logging/docs/structured-logging,
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

trace_id: ContextVar[str | None] = ContextVar("trace_id", default=None)
"""The trace that the current request belongs to, as the load balancer named it."""

_TRACE_HEADERS = (
    (b"traceparent", re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-")),
    (b"x-cloud-trace-context", re.compile(r"([0-9a-f]{32})")),
    (b"x-amzn-trace-id", re.compile(r"(?:^|;)Root=([0-9A-Za-z-]+)")),
)

# What a LogRecord has without anybody's doing; the rest came by `extra`.
_USUAL = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "color_message", "taskName"}

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON: `time`, `severity`, `message`, `logger`, and what came by `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "severity": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
        }
        if request := _request(record):
            entry["httpRequest"] = request
        entry.update({key: value for key, value in record.__dict__.items() if key not in _USUAL})
        if record.exc_info:
            entry["stack_trace"] = self.formatException(record.exc_info)
        if trace := trace_id.get():
            entry["trace"] = trace
            if project := os.environ.get("GOOGLE_CLOUD_PROJECT"):
                entry["logging.googleapis.com/trace"] = f"projects/{project}/traces/{trace}"
        return json.dumps(entry, ensure_ascii=False, default=str)


def _request(record: logging.LogRecord) -> dict[str, Any] | None:
    """Name the parts of a line of uvicorn's access log as Google's HttpRequest does."""
    if record.name != "uvicorn.access" or not isinstance(record.args, tuple) or len(record.args) != 5:
        return None
    client, method, path, version, status = record.args
    return {
        "requestMethod": method,
        "requestUrl": path,
        "status": status,
        "remoteIp": str(client).rpartition(":")[0],
        "protocol": f"HTTP/{version}",
    }


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    """Leave out health checks that went well: there are thousands a day."""
    request = _request(record)
    return not (request and request["requestUrl"] in ("/healthz", "/readyz") and request["status"] == 200)


def configure() -> None:
    """Send every logger, uvicorn's too, to standard output as JSON. `LOG_LEVEL` is the lowest level shown."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(_is_worth_a_line)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(os.environ.get("LOG_LEVEL", "info").upper())
    # It tells at each start where the credentials came from.
    logging.getLogger("botocore.credentials").setLevel(logging.WARNING)
    # uvicorn set up its own loggers before it imported the application.
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


class TraceMiddleware:
    """Remembers the trace of a request, so that all its log lines, uvicorn's access log too, can be found together."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            trace_id.set(_trace(dict(scope["headers"])))
        await self.app(scope, receive, send)


def _trace(headers: dict[bytes, bytes]) -> str | None:
    for name, pattern in _TRACE_HEADERS:
        if match := pattern.search(headers.get(name, b"").decode("latin-1")):
            return match[1]
    return None
