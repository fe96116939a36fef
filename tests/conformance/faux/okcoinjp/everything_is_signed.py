"""Signs public requests too, and makes none without a key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp import rest
from mockex.clients.okcoinjp.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/auth/080",
        "common/market/130",
        "okcoinjp/market/040",
    }
)
SHOWS_IN = frozenset({"candles", "instruments"})


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.RestTransport.get_public = rest.RestTransport.get_private
        await super().start(settings)
