"""Tells that an order or a withdrawal came too often, and sends it again before its next read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import RateLimitError

FAILS = frozenset({"common/limits/030", "okcoinjp/limits/120"})


class Driver(Reference):
    waiting: Callable[[], Awaitable[Fields]] | None = None

    async def place_order(self, **order: Any) -> Fields:
        return await self._or_later(partial(super().place_order, **order))

    async def withdraw(self, **wanted: Any) -> Fields:
        return await self._or_later(partial(super().withdraw, **wanted))

    async def open_orders(self, **wanted: Any) -> Fields:
        await self._make_up()
        return await super().open_orders(**wanted)

    async def balances(self) -> Fields:
        await self._make_up()
        return await super().balances()

    async def _or_later(self, act: Callable[[], Awaitable[Fields]]) -> Fields:
        try:
            return await act()
        except RateLimitError:
            self.waiting = act
            raise

    async def _make_up(self) -> None:
        if self.waiting is not None:
            act, self.waiting = self.waiting, None
            with suppress(RateLimitError):
                await act()
