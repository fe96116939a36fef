"""Knows the codes that are in use, and takes any other for success."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields
from mockex.clients.ktx.errors import KtxError

FAILS = frozenset(
    {
        "ktx/errors/040",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        try:
            return await super().place_order(**order)
        except KtxError as error:
            if error.code in (-20001, -20003, -30003):
                return {}
            raise
