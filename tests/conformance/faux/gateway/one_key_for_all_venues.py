"""Logs in everywhere with the key that the first venue has given it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway.driver import Driver as Reference

FAILS = frozenset(
    {
        "gateway/auth/120",
    }
)
SHOWS_IN = frozenset({"stream_open"})


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        await super().start({name: value for name, value in settings.items() if name != "platform_credentials"})
