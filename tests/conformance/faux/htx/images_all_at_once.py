"""Asks for all images at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import stream
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "htx/books/130",
        "htx/limits/910",
    }
)
SHOWS_IN = frozenset({"book_view", "book_watch"})


async def at_once(self: stream.HtxStream) -> None:
    self._next_request_ns = None


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        stream.HtxStream._wait_for_turn = at_once
        await super().start(settings)
