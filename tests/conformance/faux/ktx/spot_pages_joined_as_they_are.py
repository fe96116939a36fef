"""Joins pages without looking whether they overlap, until one is not full."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any

from mockex.clients.ktx import account, trading
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.paging import Span

FAILS = frozenset(
    {
        "ktx/balances/130",
        "ktx/fills/040",
        "ktx/fills/050",
    }
)
SHOWS_IN = frozenset({"fills", "ledger"})


async def backwards(
    page: Callable[[Span], Awaitable[Sequence[Any]]], id_of: Callable[[Any], int], *, limit: int
) -> AsyncIterator[Any]:
    oldest: int | None = None
    while True:
        items = await page(Span(before=oldest))
        for item in reversed(items):
            yield item
        if len(items) < limit:
            return
        oldest = id_of(items[0])


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        account.backwards = trading.backwards = backwards
        await super().start(settings)
