"""Gives the pages that it has when one is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Any

from mockex.clients.okcoinjp import driver_trading, paging
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.errors import RateLimitError

FAILS = frozenset({"common/limits/070"})
SHOWS_IN = frozenset({"error"})


honest = paging.older_rows


async def older_rows(fetch: paging.FetchPage[Any], start: paging.Cursor | None = None) -> AsyncIterator[Any]:
    with suppress(RateLimitError):
        async for row in honest(fetch, start):
            yield row


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_trading.older_rows = older_rows
        await super().start(settings)
