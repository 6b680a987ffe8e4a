"""The requests that a user of each example makes, by the name of the example."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

LOCAL_KEY = "local-only"
"""The value of every secret in a compose file."""


def send(
    method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, bytes]:
    """Send a request; return status and body. Raises `HTTPError` for a status that is an error."""
    request = urllib.request.Request(url, body, dict(headers or {}), method=method)
    with urllib.request.urlopen(request, timeout=120) as answer:
        return int(answer.status), answer.read()


def send_json(method: str, url: str, body: Any = None) -> Any:
    """Send JSON, and return what came back."""
    content = None if body is None else json.dumps(body).encode()
    return json.loads(send(method, url, content, {"Content-Type": "application/json"})[1])


def fastapi_shop(url: str) -> None:
    """Order tea, keep its invoice in the bucket, and pay for it."""
    assert send_json("GET", f"{url}/readyz") == {"database": "ok", "bucket": "ok"}
    item = {"sku": "tea", "quantity": 2, "unit_price": 450}
    order = send_json("POST", f"{url}/orders", {"customer": "Grüße, Ada 🎟", "items": [item]})
    found = send_json("GET", f"{url}/orders/{order['id']}")
    assert (found["customer"], found["total"], found["has_invoice"]) == ("Grüße, Ada 🎟", 900, False)
    invoice = b"%PDF-1.7 " + bytes(range(256)) * 4000
    assert send("PUT", f"{url}/orders/{order['id']}/invoice", invoice)[0] == 204
    assert send("GET", f"{url}/orders/{order['id']}/invoice")[1] == invoice
    payment = json.dumps({"order": order["id"]}).encode()
    signature = hmac.new(LOCAL_KEY.encode(), payment, hashlib.sha256).hexdigest()
    assert send("POST", f"{url}/payments", payment, {"X-Signature": signature})[0] == 204
    assert send_json("GET", f"{url}/orders/{order['id']}")["status"] == "paid"


def flask_links(url: str) -> None:
    """Add a link, follow it twice, and see both visits counted in the cache."""
    assert send_json("GET", f"{url}/readyz") == {"database": "ok", "cache": "ok"}
    # It leads to the application itself, for nothing else is in reach of every test.
    made = send_json("POST", f"{url}/links", {"url": f"{url}/healthz"})
    for _ in range(2):
        assert send_json("GET", f"{url}/{made['code']}") == {"status": "ok"}
    assert send_json("GET", f"{url}/links/{made['code']}") == {**made, "visits": 2}


def django_notes(url: str) -> None:
    """Pin a note to the board, with the form's token, and read it; style sheets are there without being collected."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    page = browser.open(f"{url}/", timeout=120).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    form = {"csrfmiddlewaretoken": token[1], "author": "Ada", "text": "Grüße 🎟"}
    pinned = browser.open(f"{url}/", urllib.parse.urlencode(form).encode(), timeout=120).read().decode()
    assert "Grüße 🎟" in pinned
    assert "Ada" in send("GET", f"{url}/")[1].decode()
    for path in ("board/board.css", "admin/css/base.css"):
        assert b"{" in send("GET", f"{url}/static/{path}")[1]
    assert b"csrfmiddlewaretoken" in send("GET", f"{url}/admin/login/")[1]


VISITS: Mapping[str, Callable[[str], None]] = {
    "fastapi-shop": fastapi_shop,
    "flask-links": flask_links,
    "django-notes": django_notes,
}
"""Each fails unless the application, its database and whatever else it uses work together."""
