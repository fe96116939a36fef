"""Takes the limit of open orders for a lack of funds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import error_codes, errors
from mockex.clients.coinstore.driver import Driver as Reference

FAILS = frozenset(
    {
        "coinstore/errors/050",
    }
)
SHOWS_IN = frozenset({"error"})


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        error_codes.ERROR_CLASSES = {**error_codes.ERROR_CLASSES, 3195: errors.InsufficientFundsError}
        await super().start(settings)
