"""Passes over refusals of the account socket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import account_socket
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.vocabulary import StreamOp

FAILS = frozenset(
    {
        "htx/streams/480",
    }
)
SHOWS_IN = frozenset({"subscribe"})


honest = account_socket.AccountDialect.decode


def decode(self: account_socket.AccountDialect, payload: object) -> account_socket.Frame:
    frame = honest(self, payload)
    if isinstance(frame, account_socket.Refused):
        return account_socket.Acknowledged(op=StreamOp.UNSUBSCRIBE, channel="")
    return frame


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        account_socket.AccountDialect.decode = decode
        await super().start(settings)
