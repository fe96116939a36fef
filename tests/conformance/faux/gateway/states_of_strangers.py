"""Throws away what comes for tokens that it does not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway import tokens
from mockex.clients.gateway.driver import Driver as Reference

FAILS = frozenset(
    {
        "gateway/auth/060",
    }
)


def deliver(self: tokens.Tokens, frame: tokens.TokenFrame, *, login_in_flight: bool) -> bool:
    taker = self._takers.get(frame.token)
    if taker is not None:
        taker(frame)
    return taker is not None


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        tokens.Tokens.deliver = deliver
        await super().start(settings)
