"""Orders, as the shop writes them into the bucket: JSON with the words of its API."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

MAX_ITEMS = 100


class OrderError(ValueError):
    """What lies in the bucket is no order; the message says why."""


@dataclass(frozen=True)
class Item:
    """A line of an order. The price is in cents."""

    sku: str
    quantity: int
    unit_price: int

    @property
    def total(self) -> int:
        """Cents."""
        return self.quantity * self.unit_price


@dataclass(frozen=True)
class Order:
    """An order, as far as its invoice is about it."""

    id: str
    customer: str
    created_at: datetime
    items: tuple[Item, ...]

    @property
    def total(self) -> int:
        """Cents."""
        return sum(item.total for item in self.items)


def read(content: bytes) -> Order:
    """Read an order; raises `OrderError`. What an invoice is not about is passed over."""
    try:
        found = json.loads(content)
    except ValueError as error:
        raise OrderError(f"it is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise OrderError("it is no JSON object")
    items = _value(found, "items", list)
    if not 1 <= len(items) <= MAX_ITEMS:
        raise OrderError(f"it has {len(items)} items, and 1 to {MAX_ITEMS} make an order")
    try:
        created_at = datetime.fromisoformat(_value(found, "created_at", str))
    except ValueError as error:
        raise OrderError(f"created_at is no time: {error}") from error
    return Order(_text(found, "id"), _text(found, "customer"), created_at, tuple(_item(item) for item in items))


def _item(found: Any) -> Item:
    if not isinstance(found, dict):
        raise OrderError("an item is no JSON object")
    quantity, price = _value(found, "quantity", int), _value(found, "unit_price", int)
    if quantity < 1 or price < 0:
        raise OrderError("an item has a quantity of at least 1 and a price of at least 0")
    return Item(_text(found, "sku"), quantity, price)


def _text(found: dict[str, Any], key: str) -> str:
    value: str = _value(found, key, str)
    if not value.strip():
        raise OrderError(f"{key} is empty")
    return value


def _value(found: dict[str, Any], key: str, kind: type) -> Any:
    value = found.get(key)
    # True is a number to Python.
    if not isinstance(value, kind) or isinstance(value, bool):
        raise OrderError(f"{key} is missing, or is no {kind.__name__}")
    return value
