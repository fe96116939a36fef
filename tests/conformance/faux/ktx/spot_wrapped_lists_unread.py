"""Unwraps objects alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import rest
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "ktx/errors/100",
        "ktx/errors/110",
    }
)
SHOWS_IN = frozenset({"instruments", "open_orders"})


honest = rest._unwrapped


def unwrapped(payload: object) -> object:
    bare = honest(payload)
    return bare if isinstance(bare, dict) else payload


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest._unwrapped = unwrapped
        await super().start(settings)
