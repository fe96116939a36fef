"""Takes a restricted account for a pair that there is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import error_codes, errors
from mockex.clients.coinstore.driver import Driver as Reference

FAILS = frozenset(
    {
        "coinstore/errors/030",
    }
)
SHOWS_IN = frozenset({"error"})


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        error_codes.ERROR_CLASSES = {**error_codes.ERROR_CLASSES, **dict.fromkeys(range(3012, 3016), errors.UnknownSymbolError)}
        await super().start(settings)
