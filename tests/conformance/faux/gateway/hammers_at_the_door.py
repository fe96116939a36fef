"""Repeats a refused login every second."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from mockex.clients.gateway import driver
from mockex.clients.gateway.connection import GatewayTiming
from mockex.clients.gateway.driver import Driver as Reference

FAILS = frozenset(
    {
        "gateway/faults/230",
    }
)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver.GatewayTiming = partial(GatewayTiming, repeat_login_after=timedelta(seconds=1))  # type: ignore[assignment, misc]
        await super().start(settings)
