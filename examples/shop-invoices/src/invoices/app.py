"""The application: `gunicorn "invoices.app:create_app()"`. Events arrive as `POST /events`, one CloudEvent each."""

from __future__ import annotations

import json
import logging
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue

from invoices import files, invoice, logs, orders
from invoices.settings import Settings, from_environment

ORDERS, INVOICES = "orders/", "invoices/"
"""What the keys of orders and of invoices begin with. The prefix of the trigger in cloudgen.yaml is the first one."""

logger = logging.getLogger(__name__)


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application; raises `KeyError` with the name of a variable that is not set."""
    logs.configure()
    settings = settings or from_environment()
    store = files.connect(settings.bucket_url)
    app = Flask(__name__)
    # Larger bodies are refused before they are read.
    app.config["MAX_CONTENT_LENGTH"] = 1_000_000

    @app.post("/events")
    def take() -> ResponseReturnValue:
        """Render the invoice of the order that an event is about. After an answer other than 2xx it comes again."""
        try:
            event = json.loads(request.get_data())
            key = _key(event)
        except ValueError as error:
            logger.warning("no event of an order: %s", error)
            return {"error": str(error)}, 400
        about = {"event": event["id"], "order": key}
        try:
            order = orders.read(store.get(key))
        except files.GoneError:
            # Whoever took it back wants no invoice.
            logger.warning("the order is gone", extra=about)
            return "", 204
        except orders.OrderError as error:
            # It is no better the next time, and ends among the dead letters, where somebody looks at it.
            logger.warning("no order: %s", error, extra=about)
            return {"error": str(error)}, 422
        place = invoice_key(key)
        is_new = store.put_new(place, invoice.render(order, settings.currency), "text/html; charset=utf-8")
        logger.info("invoice written" if is_new else "invoice exists", extra={**about, "invoice": place})
        return "", 204

    return app


def invoice_key(order_key: str) -> str:
    """The key of an order's invoice: `orders/2026/7.json` has `invoices/2026/7.json.html`. No two orders share one."""
    return f"{INVOICES}{order_key.removeprefix(ORDERS)}.html"


def _key(event: Any) -> str:
    """Return the key of the new object that an event is about. Raises `ValueError`."""
    is_event = isinstance(event, dict) and isinstance(event.get("id"), str)
    if not is_event:
        raise ValueError("it is no event")
    if event.get("type") != "bucket.object.created":
        raise ValueError(f"it is of another type: {event.get('type')}")
    key = event.get("subject")
    if not isinstance(key, str) or not key.startswith(ORDERS):
        raise ValueError(f"its object is not below {ORDERS}: {key}")
    return key
