"""Connects both sockets anew when one is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import stream
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_streams import Socket

FAILS = frozenset(
    {
        "ktx/streams/110",
    }
)
SHOWS_IN = frozenset({"stream_open"})


honest = stream.KtxStream._on_lost


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        def on_lost(lost: stream.KtxStream, error: Exception) -> None:
            honest(lost, error)
            user = self._lines.get(Socket.USER)
            if user is not None and user.stream is not lost and user.stream._connection is not None:
                self.closing = asyncio.ensure_future(user.stream._connection.close())

        stream.KtxStream._on_lost = on_lost
        await super().start(settings)
