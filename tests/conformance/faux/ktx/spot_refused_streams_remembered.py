"""Asks for everything in one request on a new connection, also for what was refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import stream
from mockex.clients.ktx.connection import Connection
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.errors import KtxError

FAILS = frozenset(
    {
        "ktx/streams/040",
    }
)
SHOWS_IN = frozenset({"stream_open"})


honest, honest_subscribed = stream.KtxStream._establish, stream.KtxStream._on_subscribed
refused: set[str] = set()


def on_subscribed(self: stream.KtxStream, channel: str, error: KtxError | None) -> None:
    if error is not None:
        refused.add(channel)
    honest_subscribed(self, channel, error)


async def establish(self: stream.KtxStream, connection: Connection) -> None:
    if self._connections and not self._credentials and refused:
        wanted, self._wanted = self._wanted, {}
        await honest(self, connection)
        self._wanted = wanted
        await connection.send({"id": 0, "method": "SUBSCRIBE", "params": [*wanted, *refused]})
    else:
        await honest(self, connection)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        refused.clear()
        stream.KtxStream._establish, stream.KtxStream._on_subscribed = establish, on_subscribed
        await super().start(settings)
