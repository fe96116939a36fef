"""Answers every ping in the form of the market sockets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import account_socket
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "htx/streams/430",
    }
)
SHOWS_IN = frozenset({"elapse"})


def pong(self: account_socket.AccountDialect, ping: account_socket.Ping) -> account_socket.Message:
    return {"pong": ping.stamp}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        account_socket.AccountDialect.pong = pong
        await super().start(settings)
