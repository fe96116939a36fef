"""HTX's reference driver in the process of the test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx.driver import Driver
from reference_rig import Asked

import mockex

VENUE = "htx"
BTC, ETH = "btcusdt", "ethusdt"
BALANCES: Mapping[str, Any] = {
    "alice": {"spot": {"BTC": "10", "ETH": "100"}, "funding": {"BTC": "5"}},
    "bob": {"spot": {"BTC": "10", "USDT": "100000000"}},
}


def asked_of(world: mockex.RunningWorld) -> Asked:
    return Asked(world, venue=VENUE, driver=Driver, symbol=BTC)
