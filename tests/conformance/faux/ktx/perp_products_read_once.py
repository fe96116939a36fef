"""Reads the list of products once."""

from __future__ import annotations

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/reference/510",
        "ktx/reference/530",
    }
)
SHOWS_IN = frozenset({"instruments"})


class Driver(Reference):
    def __init__(self) -> None:
        super().__init__()
        self._products: Fields | None = None

    async def instruments(self) -> Fields:
        if self._products is None:
            self._products = await super().instruments()
        return self._products
