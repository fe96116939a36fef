"""Signs some times with a zone."""

from __future__ import annotations

from mockex.clients.htx import signing
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/auth/050",
        "common/limits/040",
        "common/limits/050",
        "common/numbers/250",
        "common/orders/250",
        "common/orders/260",
        "common/orders/270",
        "htx/auth/050",
        "htx/auth/110",
        "htx/auth/120",
        "htx/errors/010",
        "htx/errors/070",
        "htx/orders/140",
        "htx/orders/160",
        "htx/orders/300",
        "htx/time/900",
        "htx/time/910",
    }
)


honest = signing.timestamp


class Driver(Reference):
    async def open_orders(self, symbol: str | None = None, all: bool = False) -> Fields:
        signing.timestamp = lambda at_ns: f"{honest(at_ns)}Z"
        try:
            return await super().open_orders(symbol, all)
        finally:
            signing.timestamp = honest
