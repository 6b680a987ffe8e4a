import json

import pytest

from invoices import files, invoice, orders
from invoices.app import invoice_key
from invoices.settings import Settings, from_environment

ORDER = {
    "id": "7f9c",
    "customer": "Grüße, Ada <b>🎟</b>",
    "status": "paid",
    "created_at": "2026-11-30T23:30:00+00:00",
    "items": [
        {"sku": "tea", "quantity": 2, "unit_price": 450},
        {"sku": "cup & saucer", "quantity": 1000, "unit_price": 123405},
    ],
    "total": 123405900,
}


def content(**changed):
    return json.dumps({**ORDER, **changed}).encode()


def test_an_order_gets_its_invoice(bucket, tell):
    bucket.put("orders/2026/7f9c é.json", content())
    assert tell("orders/2026/7f9c é.json") == 204
    kind, page = bucket.objects["invoices/2026/7f9c é.json.html"]
    assert kind == "text/html; charset=utf-8"
    text = page.decode()
    assert "Invoice 7f9c" in text
    assert "Grüße, Ada &lt;b&gt;🎟&lt;/b&gt;" in text, "a name is no markup"
    assert "cup &amp; saucer" in text
    assert "2026-11-30" in text
    for sum_ in ("4.50 EUR", "9.00 EUR", "1,234.05 EUR", "1,234,050.00 EUR", "1,234,059.00 EUR"):
        assert sum_ in text


def test_an_event_that_arrives_twice_changes_nothing(bucket, tell):
    bucket.put("orders/7f9c.json", content())
    assert [tell("orders/7f9c.json"), tell("orders/7f9c.json")] == [204, 204]
    assert bucket.writes == 1


def test_an_invoice_that_was_written_stays_as_it_is(bucket, tell):
    bucket.put("orders/7f9c.json", content())
    assert tell("orders/7f9c.json") == 204
    before = bucket.objects["invoices/7f9c.json.html"]
    bucket.put("orders/7f9c.json", content(customer="somebody else"))
    assert tell("orders/7f9c.json", "event-2") == 204
    assert bucket.objects["invoices/7f9c.json.html"] == before


def test_the_same_order_gives_the_same_bytes():
    assert invoice.render(orders.read(content()), "EUR") == invoice.render(orders.read(content()), "EUR")


def test_an_order_that_is_gone_is_done(bucket, tell):
    assert tell("orders/gone.json") == 204
    assert bucket.objects == {}


@pytest.mark.parametrize(
    "wrong",
    [
        b"no json",
        b"\xff",
        b"[]",
        content(items=[]),
        content(items="tea"),
        content(items=[7]),
        content(items=[{"sku": "tea", "quantity": 0, "unit_price": 450}]),
        content(items=[{"sku": "tea", "quantity": 1.5, "unit_price": 450}]),
        content(items=[{"sku": "tea", "quantity": True, "unit_price": 450}]),
        content(items=[{"sku": "tea", "quantity": 1, "unit_price": -1}]),
        content(items=[{"sku": "tea", "quantity": 1, "unit_price": 1}] * 101),
        content(customer=" "),
        content(customer=None),
        content(created_at="yesterday"),
    ],
)
def test_what_is_no_order_fails_and_writes_nothing(bucket, tell, wrong):
    bucket.put("orders/wrong.json", wrong)
    assert tell("orders/wrong.json") == 422
    assert set(bucket.objects) == {"orders/wrong.json"}


def test_an_event_of_something_else_fails(bucket, tell, client):
    assert tell("invoices/7f9c.json.html") == 400
    assert tell("orders/7f9c.json", type="queue.message") == 400
    assert tell(None) == 400
    assert tell("orders/7f9c.json", 7) == 400
    for body in (b"no json", b"[]", b"{}"):
        assert client.post("/events", data=body).status_code == 400
    assert client.get("/events").status_code == 405


def test_a_store_that_fails_is_asked_again_by_the_next_delivery(tell, monkeypatch, client, bucket, scheme):
    bucket.put("orders/7f9c.json", content())
    store = {"s3": files.S3, "gs": files.CloudStorage}[scheme]

    def broken(*_):
        raise OSError("down")

    with monkeypatch.context() as patch:
        patch.setattr(store, "put_new", broken)
        assert tell("orders/7f9c.json") == 500
    assert tell("orders/7f9c.json") == 204
    assert "invoices/7f9c.json.html" in bucket.objects


def test_each_order_has_a_place_of_its_own_for_its_invoice():
    keys = ["orders/7.json", "orders/7.html", "orders/7", "orders/2026/7.json", "orders/"]
    assert len({invoice_key(key) for key in keys}) == 5, "none replaces the invoice of another one"


def test_settings_come_from_the_environment():
    found = from_environment({"DOCUMENTS_BUCKET_URL": "gs://acme-documents", "CURRENCY": "CHF"})
    assert found == Settings("gs://acme-documents", "CHF")
    with pytest.raises(KeyError, match="DOCUMENTS_BUCKET_URL"):
        from_environment({})


@pytest.mark.parametrize("url", ["shop-documents", "s3://", "https://shop-documents", "://shop-documents"])
def test_a_url_of_no_known_store_is_named(url):
    with pytest.raises(files.UnknownStoreError, match="s3://BUCKET or gs://BUCKET, not"):
        files.connect(url)
