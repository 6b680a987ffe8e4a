import hashlib
import hmac
import json
import uuid

import pytest

from conftest import SECRET

PDF = b"%PDF-1.7\nan invoice"


def sign(body):
    return hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()


def test_an_order_is_taken_and_shown(client, order):
    assert order["status"] == "open"
    assert order["total"] == 2100
    assert client.get(f"/orders/{order['id']}").json() == order


def test_orders_are_found_by_status(client, order):
    assert [found["id"] for found in client.get("/orders?status=open").json()] == [order["id"]]
    assert client.get("/orders?status=paid").json() == []


@pytest.mark.parametrize("items", [[], [{"sku": "tea", "quantity": 0, "unit_price": 450}]])
def test_an_order_without_goods_is_refused(client, items):
    assert client.post("/orders", json={"customer": "Ada", "items": items}).status_code == 422


def test_an_order_that_is_not_there(client):
    assert client.get(f"/orders/{uuid.uuid4()}").status_code == 404


def test_an_invoice_is_kept_in_the_bucket(client, order, bucket):
    url = f"/orders/{order['id']}/invoice"
    assert client.get(url).status_code == 404
    assert client.put(url, content=PDF).status_code == 204
    answer = client.get(url)
    assert (answer.content, answer.headers["content-type"]) == (PDF, "application/pdf")
    assert client.get(f"/orders/{order['id']}").json()["has_invoice"] is True
    assert bucket.objects == {f"invoices/{order['id']}.pdf": ("application/pdf", PDF)}


def test_only_a_pdf_of_some_size_is_an_invoice(client, order, bucket):
    url = f"/orders/{order['id']}/invoice"
    assert client.put(url, content=b"<html>").status_code == 415
    assert client.put(url, content=PDF + b"x" * 5 * 1024 * 1024).status_code == 413
    assert bucket.objects == {}


def test_a_signed_call_marks_an_order_paid(client, order):
    body = json.dumps({"order": order["id"]}).encode()
    assert client.post("/payments", content=body, headers={"X-Signature": sign(body)}).status_code == 204
    assert client.get(f"/orders/{order['id']}").json()["status"] == "paid"


def test_a_call_without_the_right_signature_changes_nothing(client, order):
    body = json.dumps({"order": order["id"]}).encode()
    for signature in ("", sign(b"something else"), "ü"):
        headers = {"X-Signature": signature.encode("latin-1")}
        assert client.post("/payments", content=body, headers=headers).status_code == 401
    assert client.get(f"/orders/{order['id']}").json()["status"] == "open"


@pytest.mark.parametrize("body", [b"no json", b"{}", b"[]", b'{"order": "7"}', b'{"order": 7}'])
def test_a_signed_call_that_says_nothing(client, body):
    assert client.post("/payments", content=body, headers={"X-Signature": sign(body)}).status_code == 422
