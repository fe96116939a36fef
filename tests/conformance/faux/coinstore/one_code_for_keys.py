"""Knows one code for keys that are not accepted: 401."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import error_codes
from mockex.clients.coinstore.driver import Driver as Reference

FAILS = frozenset(
    {
        "coinstore/auth/080",
    }
)
SHOWS_IN = frozenset({"error"})


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        error_codes.ERROR_CLASSES = {code: kind for code, kind in error_codes.ERROR_CLASSES.items() if code not in (1401, 3005)}
        await super().start(settings)
