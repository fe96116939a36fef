"""Takes the middle of bid and ask for the last price, and a price that it once saw when there is no book."""

from __future__ import annotations

from decimal import Decimal

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import NoDataError

FAILS = frozenset(
    {
        "common/market/060",
        "common/market/080",
    }
)


class Driver(Reference):
    async def ticker(self, symbol: str) -> Fields:
        try:
            ticker = (await super().ticker(symbol))["ticker"]
        except NoDataError:
            return {"ticker": {"symbol": symbol, "last": "7200000"}}
        if ticker["bid"] and ticker["ask"]:
            ticker["last"] = str((Decimal(ticker["bid"]) + Decimal(ticker["ask"])) / 2)
        return {"ticker": ticker}
