"""Takes the list of open orders for a public one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway import frames
from mockex.clients.gateway.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/orders/250",
        "common/orders/260",
        "gateway/auth/020",
        "gateway/auth/900",
        "gateway/errors/070",
        "gateway/faults/170",
        "gateway/faults/180",
        "gateway/faults/190",
        "gateway/faults/210",
        "gateway/faults/240",
        "gateway/numbers/040",
        "gateway/orders/900",
        "gateway/time/010",
    }
)

honest = frames.request


def request(operation: str, cid: str | None, fields: Mapping[str, object], *, token: str | None = None) -> frames.Message:
    return honest(operation, cid, fields, token=None if operation == "open_orders" else token)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        frames.request = request
        await super().start(settings)
