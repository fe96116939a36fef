"""Signs requests for fee rates as if they were POSTs."""

from __future__ import annotations

from mockex.clients.htx import driver_words as w
from mockex.clients.htx import trading
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/balances/100",
        "htx/auth/130",
        "htx/auth/900",
        "htx/errors/030",
        "htx/errors/050",
        "htx/errors/060",
        "htx/limits/040",
    }
)


class Driver(Reference):
    async def fee_rates(self, symbol: str | None = None) -> Fields:
        target = self.api.rest.signed_target("POST", "/v2/reference/transact-fee-rate", [("symbols", symbol)])
        reply = await self.api.rest.send("GET", target)
        (row, *_) = [trading.m.decode_fee_rates(row) for row in trading.rows(reply.data, "fee rates")]
        return {"maker": w.text(row.maker), "taker": w.text(row.taker)}
