"""Sends an empty object with every read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.shared.http import HttpSession, RawReply

FAILS = frozenset({"common/auth/050"})
SHOWS_IN = frozenset({"fills", "open_orders", "request"})


honest = HttpSession.exchange


async def exchange(self: HttpSession, method: str, target: str, *, body: bytes, headers: Mapping[str, str]) -> RawReply:
    return await honest(self, method, target, body=body or b"{}", headers=headers)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        HttpSession.exchange = exchange
        await super().start(settings)
