"""Sends the key with public requests, and no signature."""

from __future__ import annotations

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/auth/920",
    }
)


class Driver(Reference):
    async def tickers(self) -> Fields:
        key = "" if self._credentials is None else self._credentials.api_key
        http = self.api.rest._http
        await http.exchange("GET", "/api/v1/market/tickers", body=b"", headers={"X-CS-APIKEY": key})
        return await super().tickers()
