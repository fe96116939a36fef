"""Asks for its orders before it has logged in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import connection, frames, stream
from mockex.clients.coinstore.driver import Driver as Reference

FAILS = frozenset(
    {
        "coinstore/streams/930",
    }
)
SHOWS_IN = frozenset({"stream_open"})


honest = stream.CoinstoreStream._establish


async def establish(self: stream.CoinstoreStream, opened: connection.Connection) -> None:
    if self._credentials is not None:
        await opened.send(frames.subscribe("!@order", command_id=9_999))
    await honest(self, opened)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        stream.CoinstoreStream._establish = establish
        await super().start(settings)
