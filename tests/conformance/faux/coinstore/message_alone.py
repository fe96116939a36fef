"""Looks for the words of an error under `message` alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import error_codes
from mockex.clients.coinstore.driver import Driver as Reference

FAILS = frozenset(
    {
        "coinstore/errors/020",
    }
)
SHOWS_IN = frozenset({"error"})


def message_of(row: Mapping[str, object]) -> str:
    return str(row.get("message") or "")


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        error_codes.message_of = message_of
        await super().start(settings)
