"""The tables."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import DateTime, ForeignKey, Index, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """Base of all tables."""


class Status(StrEnum):
    """Where an order stands."""

    OPEN = "open"
    PAID = "paid"
    EXPIRED = "expired"


def _now() -> datetime:
    return datetime.now(UTC)


class Order(Base):
    """Somebody wants something."""

    __tablename__ = "orders"
    __table_args__ = (Index("ix_orders_status_created_at", "status", "created_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    customer: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(20), default=Status.OPEN)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=_now)
    invoice_key: Mapped[str | None] = mapped_column(String(200))
    """The object in the bucket that holds the invoice."""
    items: Mapped[list[Item]] = relationship(cascade="all, delete-orphan", lazy="selectin", order_by="Item.id")


class Item(Base):
    """A line of an order."""

    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    sku: Mapped[str] = mapped_column(String(64))
    quantity: Mapped[int]
    unit_price: Mapped[int]
    """In cents."""
