"""Sends every quantity above zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mockex.clients.gateway import models, operations
from mockex.clients.gateway.driver import Driver as Reference

FAILS = frozenset(
    {
        "gateway/balances/030",
        "gateway/orders/020",
        "gateway/orders/030",
        "gateway/streams/120",
    }
)

honest = models.order_fields


def order_fields(order: models.NewOrder) -> dict[str, object]:
    return honest(replace(order, position=None))


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        operations.order_fields = order_fields
        await super().start(settings)
