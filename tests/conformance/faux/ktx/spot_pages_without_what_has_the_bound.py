"""Leaves out of a page whatever has its bound for an id, as if nothing else than what was told already could have it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any

from mockex.clients.ktx import account, trading
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.paging import Span

FAILS = frozenset(
    {
        "ktx/fills/050",
    }
)
SHOWS_IN = frozenset({"fills", "ledger"})


async def backwards(
    page: Callable[[Span], Awaitable[Sequence[Any]]], id_of: Callable[[Any], int], *, limit: int
) -> AsyncIterator[Any]:
    oldest: int | None = None
    while True:
        fresh = [item for item in reversed(await page(Span(before=oldest))) if oldest is None or id_of(item) < oldest]
        for item in fresh:
            yield item
        if not fresh:
            return
        oldest = id_of(fresh[-1])


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        account.backwards = trading.backwards = backwards
        await super().start(settings)
