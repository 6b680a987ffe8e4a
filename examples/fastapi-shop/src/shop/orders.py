"""Orders, their invoices, and the news of their payment."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models import Item, Order, Status

MAX_INVOICE = 5 * 1024 * 1024
"""Bytes."""

logger = logging.getLogger(__name__)
router = APIRouter()


def session(request: Request) -> Iterator[Session]:
    """Give a request its own session, which ends with it."""
    with Session(request.app.state.engine) as opened:
        yield opened


Database = Annotated[Session, Depends(session)]


class NewItem(BaseModel):
    """A line of an order. The price is in cents."""

    sku: str = Field(min_length=1, max_length=64)
    quantity: int = Field(ge=1, le=1000)
    unit_price: int = Field(ge=0, le=100_000_000)


class NewOrder(BaseModel):
    """What a customer sends."""

    customer: str = Field(min_length=1, max_length=200)
    items: list[NewItem] = Field(min_length=1, max_length=100)


class ItemView(NewItem):
    """A line of an order, as it is shown."""

    model_config = ConfigDict(from_attributes=True)


class OrderView(BaseModel):
    """An order, as it is shown."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    customer: str
    status: Status
    created_at: datetime
    items: list[ItemView]
    has_invoice: bool
    total: int

    @classmethod
    def of(cls, order: Order) -> OrderView:
        """Show an order."""
        return cls(
            id=order.id,
            customer=order.customer,
            status=Status(order.status),
            created_at=order.created_at,
            items=[ItemView.model_validate(item) for item in order.items],
            has_invoice=order.invoice_key is not None,
            total=sum(item.quantity * item.unit_price for item in order.items),
        )


@router.post("/orders", status_code=201)
def create(new: NewOrder, database: Database) -> OrderView:
    """Take an order."""
    order = Order(customer=new.customer, items=[Item(**item.model_dump()) for item in new.items])
    database.add(order)
    database.commit()
    logger.info("order taken", extra={"order": str(order.id), "items": len(order.items)})
    return OrderView.of(order)


@router.get("/orders")
def find(
    database: Database, status: Status | None = None, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> list[OrderView]:
    """Show the newest orders."""
    query = select(Order).order_by(Order.created_at.desc()).limit(limit)
    if status is not None:
        query = query.where(Order.status == status)
    return [OrderView.of(order) for order in database.scalars(query)]


@router.get("/orders/{order_id}")
def show(order_id: uuid.UUID, database: Database) -> OrderView:
    """Show an order."""
    return OrderView.of(_get(database, order_id))


@router.put("/orders/{order_id}/invoice", status_code=204)
async def put_invoice(order_id: uuid.UUID, request: Request, database: Database) -> None:
    """Keep an order's invoice, a PDF file that is sent as it is."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_INVOICE:
            raise HTTPException(413, f"an invoice has at most {MAX_INVOICE} bytes")
    if not content.startswith(b"%PDF-"):
        raise HTTPException(415, "an invoice is a PDF file")
    await run_in_threadpool(_keep_invoice, request, database, order_id, bytes(content))


def _keep_invoice(request: Request, database: Session, order_id: uuid.UUID, content: bytes) -> None:
    order = _get(database, order_id)
    # The file first: a row must never point to nothing.
    key = f"invoices/{order.id}.pdf"
    request.app.state.files.put(key, content, "application/pdf")
    order.invoice_key = key
    database.commit()
    logger.info("invoice kept", extra={"order": str(order.id), "bytes": len(content)})


@router.get("/orders/{order_id}/invoice")
def get_invoice(order_id: uuid.UUID, request: Request, database: Database) -> Response:
    """Send an order's invoice."""
    order = _get(database, order_id)
    if order.invoice_key is None:
        raise HTTPException(404, "this order has no invoice")
    return Response(request.app.state.files.get(order.invoice_key), media_type="application/pdf")


@router.post("/payments", status_code=204)
async def payment(request: Request, database: Database, x_signature: Annotated[str, Header()] = "") -> None:
    """Learn from the payment provider that an order was paid; the call is signed with HMAC-SHA256."""
    secret: str | None = request.app.state.settings.webhook_secret
    body = await request.body()
    expected = hmac.new((secret or "").encode(), body, hashlib.sha256).hexdigest()
    if secret is None or not hmac.compare_digest(expected.encode(), x_signature.encode()):
        raise HTTPException(401, "the signature is not the payment provider's")
    try:
        order_id = uuid.UUID(str(json.loads(body)["order"]))
    except (ValueError, KeyError, TypeError) as error:
        raise HTTPException(422, "expected a JSON object with the order's id") from error
    await run_in_threadpool(_mark_paid, database, order_id)


def _mark_paid(database: Session, order_id: uuid.UUID) -> None:
    order = _get(database, order_id)
    order.status = Status.PAID
    database.commit()
    logger.info("order paid", extra={"order": str(order.id)})


def _get(database: Session, order_id: uuid.UUID) -> Order:
    order = database.get(Order, order_id)
    if order is None:
        raise HTTPException(404, "there is no such order")
    return order
