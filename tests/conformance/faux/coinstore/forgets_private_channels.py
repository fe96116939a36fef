"""Asks for public channels alone on a renewed connection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import stream
from mockex.clients.coinstore.driver import Driver as Reference

FAILS = frozenset(
    {
        "coinstore/streams/090",
        "coinstore/streams/940",
        "common/faults/230",
        "common/streams/180",
    }
)
SHOWS_IN = frozenset({"stream_open"})


honest = stream.CoinstoreStream._on_lost


def on_lost(self: stream.CoinstoreStream, error: Exception) -> None:
    honest(self, error)
    self._wanted = {name: size for name, size in self._wanted.items() if not name.endswith(("@order", "@account"))}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        stream.CoinstoreStream._on_lost = on_lost
        await super().start(settings)
