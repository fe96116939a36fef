"""Breaks at events of conditional orders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import account_socket, stream_models
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "htx/streams/310",
    }
)
SHOWS_IN = frozenset({"next_event"})


honest = account_socket.AccountDialect.decode_push


def decode_push(self: account_socket.AccountDialect, data: account_socket.Data) -> account_socket.PushValue:
    value = honest(self, data)
    if isinstance(value, stream_models.ConditionalEnded):
        raise RuntimeError("an event of no known order")
    return value


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        account_socket.AccountDialect.decode_push = decode_push
        await super().start(settings)
