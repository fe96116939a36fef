"""Tells refused withdrawals as an outage."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx import errors as e
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields
from mockex.clients.htx.errors import HtxError

FAILS = frozenset(
    {
        "htx/funding/040",
        "htx/funding/050",
        "htx/funding/060",
    }
)


class Driver(Reference):
    async def withdraw(self, **order: Any) -> Fields:
        try:
            return await super().withdraw(**order)
        except HtxError as error:
            raise e.UnavailableError("try again") from error
