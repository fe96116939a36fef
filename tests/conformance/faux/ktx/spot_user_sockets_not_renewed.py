"""Gives the user's socket up once it is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import stream
from mockex.clients.ktx.connection import Connection
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/faults/230",
        "common/streams/180",
        "ktx/streams/170",
        "ktx/streams/600",
        "ktx/streams/610",
    }
)
SHOWS_IN = frozenset({"stream_open"})


honest = stream.KtxStream._establish


async def establish(self: stream.KtxStream, connection: Connection) -> None:
    if self._credentials is not None and self._connections:
        self._connections += 1
        self._connection = connection
        return
    await honest(self, connection)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        stream.KtxStream._establish = establish
        await super().start(settings)
