"""Inflates the first two kilobytes of a frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import connection
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "htx/books/200",
        "htx/streams/150",
    }
)
SHOWS_IN = frozenset({"book_view", "next_event"})


honest = connection.inflate


def inflate(message: bytes | str) -> str:
    text = honest(message)
    return text if len(text) <= 2_048 else '{"ch":"market.nobody.cut"}'


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        connection.inflate = inflate
        await super().start(settings)
