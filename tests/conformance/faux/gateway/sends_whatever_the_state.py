"""Sends its operations whether or not the login is ready."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway import session
from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.errors import NotSentError

FAILS = frozenset(
    {
        "gateway/faults/030",
        "gateway/faults/040",
        "gateway/orders/900",
    }
)


def ready_token(self: session.Session) -> str:
    if self._token is None:
        raise NotSentError("there is no login")
    return self._token


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        session.Session._ready_token = ready_token
        await super().start(settings)
