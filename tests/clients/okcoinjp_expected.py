"""What the document's examples mean, written down by hand: the expected side of the client's parsing tests.

Each case is a call, the request that it must put on the wire, the example reply that the venue's document prints for
it, and the value that the caller must get.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from mockex.clients.okcoinjp import OkcoinClient, Page
from mockex.clients.okcoinjp import market_models as m
from mockex.clients.okcoinjp import trading_models as t


@dataclass(frozen=True, kw_only=True)
class Case:
    """`fixture` names the example reply, `headers` are sent with it."""

    fixture: str
    call: Callable[[OkcoinClient], Awaitable[Any]]
    target: str
    expected: Any
    method: str = "GET"
    body: bytes = b""
    public: bool = False
    headers: tuple[tuple[str, str], ...] = ()


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=UTC)


def level(price: str, size: str, orders: int) -> m.BookLevel:
    return m.BookLevel(price=Decimal(price), size=Decimal(size), orders=orders, price_text=price, size_text=size)


def balance(currency: str, total: str, hold: str = "0") -> t.Balance:
    return t.Balance(currency=currency, balance=Decimal(total), hold=Decimal(hold), available=Decimal(total) - Decimal(hold))


PAGE_HEADERS = (("OK-BEFORE", "90"), ("OK-AFTER", "10"))


def page(*rows: Any) -> Page[Any]:
    return Page(rows=rows, newest_id="90", oldest_id="10")
