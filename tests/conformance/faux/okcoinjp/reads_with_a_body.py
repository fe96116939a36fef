"""Sends an empty object with every read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp import rest
from mockex.clients.okcoinjp.driver import Driver as Reference

FAILS = frozenset({"common/auth/050"})
SHOWS_IN = frozenset({"fills", "open_orders", "request"})


honest = rest.RestTransport._exchange


async def exchange(
    self: rest.RestTransport, method: str, target: str, body: bytes, headers: Mapping[str, str]
) -> rest.RawReply:
    return await honest(self, method, target, body or b"{}", headers)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.RestTransport._exchange = exchange
        await super().start(settings)
