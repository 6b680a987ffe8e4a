"""The invoice of an order: a page of HTML that prints on paper."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from invoices.orders import Order

_TEMPLATES = Environment(loader=PackageLoader("invoices"), autoescape=True, undefined=StrictUndefined)


def render(order: Order, currency: str) -> bytes:
    """Render the invoice. The same order gives the same bytes, so nothing here asks what time it is."""

    def money(cents: int) -> str:
        return f"{cents // 100:,}.{cents % 100:02d} {currency}"

    return _TEMPLATES.get_template("invoice.html").render(order=order, money=money).encode()
