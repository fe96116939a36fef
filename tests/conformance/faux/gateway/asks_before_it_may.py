"""Asks for assets as soon as it has a token."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from mockex.clients.gateway import session
from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.errors import GatewayError
from mockex.clients.gateway.frames import Reply

FAILS = frozenset(
    {
        "gateway/orders/900",
        "gateway/streams/030",
    }
)

honest = session.Session._on_token


def on_token(self: session.Session, reply: Reply) -> None:
    honest(self, reply)
    self._early = asyncio.ensure_future(early(self))  # type: ignore[attr-defined]


async def early(self: session.Session) -> None:
    with suppress(GatewayError):
        await self._exchange.ask("asset", {}, token=self._token)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        session.Session._on_token = on_token
        await super().start(settings)
