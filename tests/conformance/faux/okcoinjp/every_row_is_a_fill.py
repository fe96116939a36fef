"""Takes each row of the list of fills for a fill of its own."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_trading import listed
from mockex.clients.okcoinjp.driver_words import Fields, fills_fields
from mockex.clients.okcoinjp.paging import Cursor, Page
from mockex.clients.okcoinjp.trading_models import Fill

FAILS = frozenset(
    {
        "common/fills/010",
        "common/fills/020",
        "common/fills/030",
        "common/fills/060",
        "common/fills/070",
        "common/fills/080",
        "common/numbers/250",
        "common/time/110",
        "okcoinjp/fills/010",
        "okcoinjp/fills/020",
        "okcoinjp/fills/030",
        "okcoinjp/fills/040",
    }
)


class Driver(Reference):
    async def fills(self, symbol: str, order_id: str | None = None, all: bool = False) -> Fields:
        async def fetch(cursor: Cursor) -> Page[Fill]:
            return await self.api.trading.fills(symbol, order_id=order_id, cursor=cursor)

        return {"fills": [each for row in await listed(fetch, every_page=all) for each in fills_fields([row])]}
