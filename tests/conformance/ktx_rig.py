"""KTX's reference driver in the process of the test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx.driver import Driver
from reference_rig import Asked

import mockex

VENUE = "ktx"
BTC, ETH, PERPETUAL = "BTC_USDT", "ETH_USDT", "BTC_USDT_SWAP"
BALANCES: Mapping[str, Any] = {
    "alice": {"spot": {"BTC": "10", "ETH": "100", "USDT": "100000"}},
    "bob": {"spot": {"BTC": "10", "USDT": "100000000"}},
}
LONG: Mapping[str, Any] = {"merge": "long", "margin_method": "isolated", "leverage": "10"}


def asked_of(world: mockex.RunningWorld) -> Asked:
    return Asked(world, venue=VENUE, driver=Driver, symbol=BTC)
