"""Lists the first few currencies, with one chain each."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/reference/050",
        "okcoinjp/funding/060",
    }
)


class Driver(Reference):
    async def currencies(self) -> Fields:
        return {"currencies": [{"currency": name, "chain": name} for name in ("BTC", "ETH", "XRP", "PLT")]}
