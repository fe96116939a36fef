"""Shows fee rates as the exchange's parent writes them: a cost is negative."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/balances/100",
    }
)


class Driver(Reference):
    async def fee_rates(self, symbol: str | None = None) -> Fields:
        return {name: f"-{rate}" for name, rate in (await super().fee_rates(symbol)).items()}
